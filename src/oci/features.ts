import {existsSync} from 'node:fs';
import {CAPABILITIES, FILTER_FLAGS, MEMORY_FLAGS, MEMORY_MODES, MOUNT_OPTIONS, NAMESPACES} from '../spec/names.js';
import {HOOKS} from '../spec/ociTypes.js';

/** Of runtime-spec, "features": what a document may ask for here. */
const known = () => ({
	ociVersionMin: '1.0.0',
	ociVersionMax: '1.2.1',
	hooks: HOOKS,
	mountOptions: [...MOUNT_OPTIONS, ...others].sort(),
	linux: {
		namespaces: [...NAMESPACES].sort(),
		capabilities: CAPABILITIES,
		cgroup: {v1: true, v2: true, systemd: false, systemdUser: false, rdma: true},
		seccomp: {
			enabled: true,
			actions: ['ALLOW', 'ERRNO', 'KILL', 'KILL_PROCESS', 'KILL_THREAD', 'LOG', 'TRACE', 'TRAP'].map(
				name => `SCMP_ACT_${name}`,
			),
			operators: ['EQ', 'GE', 'GT', 'LE', 'LT', 'MASKED_EQ', 'NE'].map(name => `SCMP_CMP_${name}`),
			archs: ['AARCH64', 'ARM', 'X32', 'X86', 'X86_64'].map(name => `SCMP_ARCH_${name}`),
			knownFlags: FILTER_FLAGS,
			supportedFlags: FILTER_FLAGS,
		},
		apparmor: {enabled: existsSync('/sys/kernel/security/apparmor')},
		selinux: {enabled: existsSync('/sys/fs/selinux/enforce')},
		intelRdt: {enabled: false},
		memoryPolicy: {modes: MEMORY_MODES, flags: MEMORY_FLAGS},
		mountExtensions: {idmap: {enabled: true}},
		netDevices: {enabled: false},
	},
	annotations: {'org.opencontainers.runc.checkpoint.enabled': 'false'},
	potentiallyUnsafeConfigAnnotations: [],
});

/** Taken, though they are no option of a mount's own: mount(2)'s flags, and what is the default anyway. */
const others = [
	...['acl', 'async', 'dirsync', 'iversion', 'lazytime', 'loud', 'mand', 'noacl', 'noiversion', 'nolazytime', 'nomand'],
	...['norelatime', 'nostrictatime', 'remount', 'rnorelatime', 'rnostrictatime', 'silent', 'sync', 'tmpcopyup'],
];

export const features = (): void => {
	process.stdout.write(`${JSON.stringify(known(), undefined, '  ')}\n`);
};
