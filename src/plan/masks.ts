import {parsePath} from '../parse/path.js';
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

/** `*` stands for any part of a name. */
const isNamed = (patterns: readonly string[], path: string): boolean =>
	patterns.some(pattern => {
		const parts = pattern.split('*').map(part => part.replaceAll(/[.?+^$(){}|[\]\\]/g, '\\$&'));
		return pattern.toUpperCase() === 'ALL' || new RegExp(`^${parts.join('[^/]*')}$`).test(path);
	});

export const planMasks = (wanted: Wanted): Required<Pick<Linux, 'maskedPaths' | 'readonlyPaths'>> => {
	const {processors, privileged, mask, unmask} = wanted;
	const shown = (paths: readonly string[]) => paths.filter(path => !privileged && !isNamed(unmask, path));
	// A side channel between cores (moby#49560).
	const throttles = Array.from({length: processors}, (_, cpu) => `/sys/devices/system/cpu/cpu${cpu}/thermal_throttle`);
	return {
		maskedPaths: [...new Set([...shown([...masked, ...throttles]), ...mask.map(parsePath)])],
		readonlyPaths: shown(readonly),
	};
};
