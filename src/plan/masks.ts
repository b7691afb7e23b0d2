import type {Linux} from '../spec/types.js';
import type {Wanted} from './defaults.js';

/** The union of what docker 29 and podman hide, and the kernel's debugging trees: secrets, side channels, hardware. */
const masked: readonly string[] = [
	'/proc/acpi',
	'/proc/asound',
	'/proc/interrupts',
	'/proc/kcore',
	'/proc/keys',
	'/proc/latency_stats',
	'/proc/sched_debug',
	'/proc/scsi',
	'/proc/timer_list',
	'/proc/timer_stats',
	'/sys/dev/block',
	// Energy counters tell what other processes compute (PLATYPUS, CVE-2020-8694).
	'/sys/devices/virtual/powercap',
	'/sys/firmware',
	'/sys/fs/selinux',
	'/sys/kernel/debug',
	'/sys/kernel/security',
	'/sys/kernel/tracing',
];

/** What would change the host: sysctls that belong to no namespace, interrupt affinity, sysrq. */
const readonly: readonly string[] = [
	'/proc/asound',
	'/proc/bus',
	'/proc/fs',
	'/proc/irq',
	'/proc/mtrr',
	'/proc/sys',
	'/proc/sysrq-trigger',
];

export const planMasks = ({processors}: Wanted): Required<Pick<Linux, 'maskedPaths' | 'readonlyPaths'>> => ({
	maskedPaths: [
		...masked,
		// A side channel between cores (moby#49560).
		...Array.from({length: processors}, (_, cpu) => `/sys/devices/system/cpu/cpu${cpu}/thermal_throttle`),
	],
	readonlyPaths: [...readonly],
});
