/** The names that the wire uses. The helper has the same tables (shim/names.c); a test compares them. */
import type {CapabilitySet, NamespaceType} from './types.js';

/** In the kernel's order: capability n is entry n (capabilities(7)). */
export const CAPABILITIES: readonly string[] = [
	'CHOWN',
	'DAC_OVERRIDE',
	'DAC_READ_SEARCH',
	'FOWNER',
	'FSETID',
	'KILL',
	'SETGID',
	'SETUID',
	'SETPCAP',
	'LINUX_IMMUTABLE',
	'NET_BIND_SERVICE',
	'NET_BROADCAST',
	'NET_ADMIN',
	'NET_RAW',
	'IPC_LOCK',
	'IPC_OWNER',
	'SYS_MODULE',
	'SYS_RAWIO',
	'SYS_CHROOT',
	'SYS_PTRACE',
	'SYS_PACCT',
	'SYS_ADMIN',
	'SYS_BOOT',
	'SYS_NICE',
	'SYS_RESOURCE',
	'SYS_TIME',
	'SYS_TTY_CONFIG',
	'MKNOD',
	'LEASE',
	'AUDIT_WRITE',
	'AUDIT_CONTROL',
	'SETFCAP',
	'MAC_OVERRIDE',
	'MAC_ADMIN',
	'SYSLOG',
	'WAKE_ALARM',
	'BLOCK_SUSPEND',
	'AUDIT_READ',
	'PERFMON',
	'BPF',
	'CHECKPOINT_RESTORE',
].map(name => `CAP_${name}`);

export const CAPABILITY_SETS = [
	'bounding',
	'effective',
	'inheritable',
	'permitted',
	'ambient',
] as const satisfies readonly CapabilitySet[];

/** getrlimit(2) */
export const RLIMITS: readonly string[] = [
	'CPU',
	'FSIZE',
	'DATA',
	'STACK',
	'CORE',
	'RSS',
	'NPROC',
	'NOFILE',
	'MEMLOCK',
	'AS',
	'LOCKS',
	'SIGPENDING',
	'MSGQUEUE',
	'NICE',
	'RTPRIO',
	'RTTIME',
].map(name => `RLIMIT_${name}`);

/** seccomp(2) */
export const FILTER_FLAGS: readonly string[] = ['LOG', 'SPEC_ALLOW'].map(name => `SECCOMP_FILTER_FLAG_${name}`);

export const NAMESPACES = [
	'pid',
	'network',
	'mount',
	'ipc',
	'uts',
	'user',
	'cgroup',
] as const satisfies readonly NamespaceType[];

export const MOUNT_TYPES = ['bind', 'proc', 'sysfs', 'tmpfs', 'devpts', 'mqueue', 'cgroup2'] as const;

/** Each also exists with an `r` before it: submounts too. */
const ATTRIBUTES = [
	...['ro', 'rw', 'nosuid', 'suid', 'nodev', 'dev', 'noexec', 'exec', 'nodiratime', 'diratime'],
	...['nosymfollow', 'symfollow', 'relatime', 'atime', 'noatime', 'strictatime'],
];
const PROPAGATIONS = ['private', 'slave', 'shared', 'unbindable'];

const withRecursive = (names: readonly string[]) => names.flatMap(name => [name, `r${name}`]);

/** What the root mount may have; other mounts too. */
export const MOUNT_ATTRIBUTES: readonly string[] = ['defaults', ...withRecursive(ATTRIBUTES)];

/** What is not among these is data for the file system. */
export const MOUNT_OPTIONS: readonly string[] = [
	'defaults',
	'bind',
	'rbind',
	...withRecursive([...ATTRIBUTES, ...PROPAGATIONS]),
];

/** Settings that belong to a namespace; those that end with a dot stand for all below. Everything else is the host's. */
export const SYSCTLS: readonly {name: string; namespace: NamespaceType}[] = [
	{name: 'net.', namespace: 'network'},
	{name: 'fs.mqueue.', namespace: 'ipc'},
	{name: 'kernel.msgmax', namespace: 'ipc'},
	{name: 'kernel.msgmnb', namespace: 'ipc'},
	{name: 'kernel.msgmni', namespace: 'ipc'},
	{name: 'kernel.sem', namespace: 'ipc'},
	{name: 'kernel.shmall', namespace: 'ipc'},
	{name: 'kernel.shmmax', namespace: 'ipc'},
	{name: 'kernel.shmmni', namespace: 'ipc'},
	{name: 'kernel.shm_rmid_forced', namespace: 'ipc'},
	{name: 'kernel.domainname', namespace: 'uts'},
];

/** The namespace that a sysctl belongs to; undefined: it is the whole machine's. */
export const sysctlNamespace = (name: string): NamespaceType | undefined =>
	SYSCTLS.find(known => (known.name.endsWith('.') ? name.startsWith(known.name) : name === known.name))?.namespace;
