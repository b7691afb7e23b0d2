/**
 * The contract between the planner and the helper: a canonical OCI runtime `config.json` plus one closed top-level
 * object, `minicontainer`. Canonical means that no decision is left: paths are absolute and clean, ids numeric, the
 * environment whole, devices and mounts explicit and in order. The helper has no defaults: absent means "do not do it".
 *
 * Sources: OCI runtime-spec 1.2 (config.md, config-linux.md); DESIGN.md, "The contract between TypeScript and C".
 */

import type {Affinity, Hooks, IoPriority, MemoryPolicy, Scheduler, TimeOffsets} from './engineTypes.js';
import type {Files} from './filesTypes.js';
import type {HostProgram, Network} from './programs.js';

export type * from './engineTypes.js';
export type * from './filesTypes.js';

/** The wire version that this code writes; a new key bumps it. */
export const WIRE_VERSION = 1;

/** An integer that may exceed 2^53, such as RLIM_INFINITY (2^64-1). */
export type Int64 = number | bigint;

export interface Spec {
	ociVersion: string;
	process: Process;
	/** Needed with a new mount namespace. */
	root?: Root;
	hostname?: string;
	domainname?: string;
	/** In the order in which they are mounted. */
	mounts: Mount[];
	linux: Linux;
	/** Labels; the helper carries them and reads nothing into them. */
	annotations?: Record<string, string>;
	minicontainer: Extension;
}

export interface Process {
	/** True: a new pseudo-terminal from the container's own devpts becomes stdin, stdout, stderr and the controlling tty. */
	terminal?: boolean;
	/** Characters; absent: the size of the caller's terminal, where there is one. */
	consoleSize?: {height: number; width: number};
	/** At least one; args[0] without a slash is looked up in the PATH of `env`. */
	args: string[];
	/** `NAME=value` each. */
	env: string[];
	/** Absolute, inside the container; made (mode 0755) where it is missing. */
	cwd: string;
	user: User;
	capabilities?: Capabilities;
	rlimits?: Rlimit[];
	noNewPrivileges?: boolean;
	/** -1000..1000, proc(5). */
	oomScoreAdj?: number;
	/** Of the Linux security modules, taken on with execve(2); an error where the module is not there. */
	apparmorProfile?: string;
	selinuxLabel?: string;
	scheduler?: Scheduler;
	ioPriority?: IoPriority;
	execCPUAffinity?: Affinity;
}

export interface User {
	/** 0..4294967294 */
	uid: number;
	gid: number;
	/** e.g. 0o022 */
	umask?: number;
	/** Exactly these supplementary groups; absent or empty: none. */
	additionalGids?: number[];
}

export type CapabilitySet = 'bounding' | 'effective' | 'inheritable' | 'permitted' | 'ambient';
/** Names as in capabilities(7), `CAP_CHOWN`. An absent set is empty. An absent object leaves capabilities alone. */
export type Capabilities = Partial<Record<CapabilitySet, string[]>>;

export interface Rlimit {
	/** `RLIMIT_NOFILE` …, getrlimit(2) */
	type: string;
	soft: Int64;
	hard: Int64;
}

export interface Root {
	/**
	 * Absolute path of the root file system on the host. With an overlay, the directory that the overlay is mounted
	 * over in the container's own mount namespace; it is not written to.
	 */
	path: string;
	readonly?: boolean;
}

export interface Mount {
	/** Absolute and clean, resolved inside the root; never `/`. */
	destination: string;
	/** `bind` or a file system: proc sysfs tmpfs devpts mqueue cgroup2. */
	type: string;
	/** `bind`: an absolute path on the host. Others: a name for mountinfo. */
	source: string;
	/**
	 * Names from the helper's option table (`mc-init features`), then `key=value` data for the file system. A tmpfs also
	 * takes `tmpcopyup`, to begin with what lies at the destination, and `mode=inherit`, to look as it does.
	 */
	options: string[];
	/** Of a bind, both or none: ids of files as the mount shows them; with the option `ridmap`, of submounts too. */
	uidMappings?: IdMapping[];
	gidMappings?: IdMapping[];
}

export type NamespaceType = 'pid' | 'network' | 'mount' | 'ipc' | 'uts' | 'user' | 'cgroup' | 'time';

export interface Namespace {
	type: NamespaceType;
	/** One to enter, `/proc/PID/ns/TYPE`; absent: a new one. */
	path?: string;
}

export interface IdMapping {
	containerID: number;
	hostID: number;
	/** 1..4294967295 ids */
	size: number;
}

export interface Device {
	/** `c` and `u`: character, `b`: block, `p`: fifo. */
	type: 'c' | 'b' | 'u' | 'p';
	/** Anywhere; below /dev as a rule. */
	path: string;
	/** Not for `p`. */
	major?: number;
	minor?: number;
	/** e.g. 0o666 */
	fileMode: number;
	uid: number;
	gid: number;
}

export interface Linux {
	/** What is not listed is shared with the caller. */
	namespaces: Namespace[];
	uidMappings?: IdMapping[];
	gidMappings?: IdMapping[];
	timeOffsets?: TimeOffsets;
	/**
	 * How mounts propagate between the host and the copies that binds are made of, and, in the end, the root mount:
	 * `private`, `rslave` … Absent: nothing propagates from the beginning.
	 */
	rootfsPropagation?: string;
	memoryPolicy?: MemoryPolicy;
	/** personality(2) */
	personality?: {domain: 'LINUX' | 'LINUX32'};
	/** Made with mknod; where that is not allowed (user namespaces) the planner writes bind mounts instead. */
	devices?: Device[];
	/** `net.ipv4.ping_group_range`: `0 0`; only names that belong to a namespace of the container's. */
	sysctl?: Record<string, string>;
	/** A file becomes /dev/null, a directory an empty read-only tmpfs; what does not exist is passed over. */
	maskedPaths?: string[];
	/** Bound onto themselves, read-only, recursively; what does not exist is passed over. */
	readonlyPaths?: string[];
}

export type {HostProgram, Network};

export interface Extension {
	/** {@link WIRE_VERSION} */
	version: number;
	/** `^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$` */
	id: string;
	/** Whose namespaces are entered: if the number has gone to another process by then, nothing is run. */
	target?: {
		pid: number;
		/** Clock ticks since boot, field 22 of proc_pid_stat(5). */
		startTime: number;
	};
	rootfs?: {
		overlay?: Overlay;
		/** Mount attributes of the root mount: nosuid, nodev, noexec. */
		options?: string[];
		/** Layers are seen through the container's id maps: what is root's on disk is its root's. Takes root. */
		idmap?: boolean;
	};
	cgroup?: Cgroup;
	/** What connects the new network namespace to the world, and what undoes it. */
	network?: Network;
	/** Bring `lo` up in the new network namespace. */
	loopback?: boolean;
	/** Join a new, empty session keyring, so that the caller's keys are out of reach (keyrings(7)). */
	newKeyring?: boolean;
	/** What is written to /proc/PID/setgroups before the gid map; user_namespaces(7). */
	setgroups?: 'allow' | 'deny';
	/** Symbolic links, made after the mounts and devices: /dev/fd and its kin. */
	links?: Link[];
	/** Files of the container's own, no part of its image: bound over what is there, writable (nosuid, nodev, noexec). */
	contents?: Content[];
	/** What engines have run at the stages of a container's life; the last two are their runtime's to run. */
	hooks?: Hooks;
	/** `null`: stdin is the container's /dev/null, and nothing is relayed to a terminal. Absent: the caller's stdin. */
	stdin?: 'null';
	/** For a container that is looked after: its output passes through the helper, and its end is written down. */
	supervise?: Supervise;
	/** Instead of the command, the helper itself does something with the container's files; nothing is executed. */
	files?: Files;
	/** What system calls the command may make, and PID 1 if it is the helper; seccomp(2). */
	seccomp?: Filter;
	/** PID 1 is the helper, which reaps and forwards signals; the command is its child. */
	init?: boolean;
	/** Milliseconds from the start of the command; then SIGKILL. */
	timeout?: number;
	/** Written (the container's pid as seen by the caller, and a newline) before the command starts. */
	pidFile?: string;
}

/** A compiled profile: `mc-seccomp` makes one of what OCI calls `linux.seccomp`. */
export interface Filter {
	/** base64 of struct sock_filter[], 1 to 4096 of them. */
	filter: string;
	/** `SECCOMP_FILTER_FLAG_LOG`, `SECCOMP_FILTER_FLAG_SPEC_ALLOW` */
	flags?: string[];
}

export interface Supervise {
	/** A directory of the container's own. The helper makes `control` (a socket) and `exit.json` (an event) in it. */
	dir: string;
	/** Lines as Kubernetes's CRI writes them. Beyond `maxSize` bytes a file is moved aside, to PATH.1; `files` are kept. */
	log?: {path: string; maxSize?: number; files?: number};
	/** Run by the helper when all is over, without waiting for it: an absolute path and its arguments. */
	exitCommand?: string[];
}

/** Control groups, cgroups(7): made before the container's process, which is in them from its first instruction. */
export interface Cgroup {
	/** Directories, parents first; each that is empty when the container ends is removed, whoever made it. At most 64. */
	create?: string[];
	/** Files to be written, in this order. */
	settings?: {path: string; value: string}[];
	/** Version 2, where a BPF program decides instead of a controller: what is allowed; everything else is not. */
	devices?: DeviceRule[];
	/** Directories whose member the container's process becomes; one a hierarchy. */
	join: string[];
}

/** What is left out stands for all. */
export interface DeviceRule {
	type?: 'c' | 'b';
	major?: number;
	minor?: number;
	/** Some of r, w and m (mknod). */
	access: string;
}

/** Exactly one of `upper` with `work`, or `tmpfs`. */
export interface Overlay {
	/** Top first, as overlayfs's lowerdir. */
	lower: string[];
	upper?: string;
	work?: string;
	/** Upper layer on a tmpfs of the container's own mount namespace: gone when it ends. `size` in bytes; absent: the kernel's half of memory. */
	tmpfs?: {size?: number};
	/** user.overlay.* instead of trusted.overlay.* attributes: needed without privileges (Linux 5.11). */
	userxattr?: boolean;
	/**
	 * Put a read-only overlay between the lower layers and this one. For an upper layer that lies inside a lower one
	 * (`--rootfs /`): overlayfs refuses such overlapping layers (ELOOP) within one file system.
	 */
	stacked?: boolean;
	/**
	 * Directories directly below the one lower layer, `/usr`, each with an overlay of its own on an otherwise empty root:
	 * where a user namespace may not take the layer's submounts away and so not overlay it whole. Only with `tmpfs`.
	 */
	parts?: string[];
}

export interface Link {
	path: string;
	/** The text of the link. */
	target: string;
}

export interface Content {
	/** Absolute; resolved inside the root, links too. */
	destination: string;
	text: string;
	/** A file of the host's, which others may write to meanwhile: made of `text` where it is not there, or empty. */
	source?: string;
	/** Make the destination where it is missing: `try`, as far as the image lets us; absent: then the file is left out. */
	make?: 'try' | 'must';
}
