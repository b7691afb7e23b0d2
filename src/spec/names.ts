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
	'time',
] as const satisfies readonly NamespaceType[];

/** What needs a device, or is a network's, is the engines' to ask for; the last ones show and steer the machine itself. */
export const MOUNT_TYPES = [
	...(['bind', 'proc', 'sysfs', 'tmpfs', 'devpts', 'mqueue', 'cgroup2', 'cgroup', 'ramfs', 'overlay'] as const),
	...(['ext2', 'ext3', 'ext4', 'xfs', 'btrfs', 'f2fs', 'squashfs', 'erofs', 'iso9660', 'vfat', 'exfat'] as const),
	...(['ntfs3', 'udf', 'fuse', 'fuseblk', 'nfs', 'nfs4', 'cifs', 'ceph', '9p', 'virtiofs', 'hugetlbfs'] as const),
	...(['configfs', 'binfmt_misc', 'bpf', 'devtmpfs', 'debugfs', 'tracefs', 'efivarfs', 'pstore'] as const),
	...(['securityfs', 'selinuxfs', 'rpc_pipefs'] as const),
] as const;

/** Each also exists with an `r` before it: submounts too. */
const ATTRIBUTES = [
	...['ro', 'rw', 'nosuid', 'suid', 'nodev', 'dev', 'noexec', 'exec', 'nodiratime', 'diratime'],
	...['nosymfollow', 'symfollow', 'relatime', 'atime', 'noatime', 'strictatime'],
];
const PROPAGATIONS = ['private', 'slave', 'shared', 'unbindable'];

/** `rootfsPropagation` */
export const ROOT_PROPAGATIONS: readonly string[] = [...PROPAGATIONS, ...PROPAGATIONS.map(name => `r${name}`)];

/** sched_setattr(2), ioprio_set(2) */
export const POLICIES: readonly string[] = [
	...['OTHER', 'FIFO', 'RR', 'BATCH', 'ISO', 'IDLE', 'DEADLINE'].map(name => `SCHED_${name}`),
];
export const SCHEDULE_FLAGS: readonly string[] = [
	...['RESET_ON_FORK', 'RECLAIM', 'DL_OVERRUN', 'KEEP_POLICY', 'KEEP_PARAMS', 'UTIL_CLAMP_MIN', 'UTIL_CLAMP_MAX'].map(
		name => `SCHED_FLAG_${name}`,
	),
];
/** set_mempolicy(2) */
export const MEMORY_MODES: readonly string[] = [
	...['DEFAULT', 'PREFERRED', 'BIND', 'INTERLEAVE', 'LOCAL', 'PREFERRED_MANY', 'WEIGHTED_INTERLEAVE'].map(
		name => `MPOL_${name}`,
	),
];
export const MEMORY_FLAGS: readonly string[] = ['NUMA_BALANCING', 'RELATIVE_NODES', 'STATIC_NODES'].map(
	name => `MPOL_F_${name}`,
);
export const IO_CLASSES: readonly string[] = ['RT', 'BE', 'IDLE'].map(name => `IOPRIO_CLASS_${name}`);

const withRecursive = (names: readonly string[]) => names.flatMap(name => [name, `r${name}`]);

/** What the root mount may have; other mounts too. */
export const MOUNT_ATTRIBUTES: readonly string[] = ['defaults', ...withRecursive(ATTRIBUTES)];

/** What is not among these is data for the file system. */
export const MOUNT_OPTIONS: readonly string[] = [
	'defaults',
	'bind',
	'rbind',
	'idmap',
	'ridmap',
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
