import type {BridgeFacts} from './networkFacts.js';
import type {Content, Filter} from './types.js';

/**
 * What planning needs to know of the machine, gathered once by host/facts.ts. A value, so that every planner test is a
 * table and `plan` stays a function.
 */
export interface HostFacts {
	/** 64 hex digits, random. */
	id: string;
	/** The caller's working directory; relative paths of the request are resolved against it. */
	cwd: string;
	euid: number;
	egid: number;
	/** The caller's environment; only what `-e NAME` asks for is taken from it. */
	env: Readonly<Record<string, string | undefined>>;
	/** Contents of the container's own /etc/passwd and /etc/group; empty where there is none. */
	passwd: string;
	group: string;
	/** Subordinate id ranges that newuidmap(1) and newgidmap(1) would grant; absent: one id only. */
	subordinate?: {uid: IdRange; gid: IdRange};
	/** Ids for a user namespace of root's own container, which no other container has; only where one was asked for. */
	range?: IdRange;
	/** The caller's own soft limit (Node raises its own at start-up) and the hard one. */
	nofile: {soft: number | bigint; hard: number | bigint};
	/** Directory for this container's upper layer on disk; `upper` and `work` go below it. */
	overlayDir: string;
	/** What the root file system holds, if file systems are mounted below it and the caller is not root. */
	top?: readonly TopEntry[];
	/** Host device nodes that the request names, by path. */
	devices: Readonly<Record<string, DeviceFact>>;
	/** The host's own name, for HOSTNAME where the uts namespace is shared. */
	hostname?: string;
	/** Contents of the host's /etc/resolv.conf, and of systemd-resolved's list of whom it asks itself. */
	resolvConf?: string;
	resolvUpstream?: string;
	/** Contents of the host's /etc/hosts, for who shares the host's network. */
	hostsFile?: string;
	/** For `--network container:` and `ns:`; only gathered for them. */
	joined?: JoinedFacts;
	/** For `--network pasta` and `slirp4netns`; only gathered for them. */
	userNetwork?: UserNetworkFacts;
	/** Whether the kernel has IPv6, so that /proc/sys/net/ipv6 exists; absent: it has. */
	ipv6?: boolean;
	/** Whether the host has /dev/mqueue; absent: it has. Only asked for by a rootless container with the host's ipc. */
	mqueue?: boolean;
	/** Processors that may ever be online (/sys/devices/system/cpu/possible); each has files to mask. Absent: none. */
	cpus?: number;
	/**
	 * Bit n: capability n can be given to a container. As root, what CapBnd and CapPrm of /proc/self/status share; else
	 * all that the kernel knows (/proc/sys/kernel/cap_last_cap), for a new user namespace starts with all. Absent: all.
	 */
	capabilities?: bigint;
	/** The network for who does not name one; absent: none. */
	defaultNetwork?: string;
	/** The container's places on bridged networks, where it is to be on any. */
	bridges?: BridgeFacts;
	/** Node's name of the machine's architecture. Absent: x64. */
	arch?: string;
	/** Security modules that are at work: `apparmor`, `selinux`; only asked for by who wants one. Absent: none. */
	modules?: readonly string[];
	/** What uname(2) calls the kernel's release; only asked for by profiles that depend on it. */
	kernel?: string;
	/** What the compiler made of the system calls that are planned; absent: nothing is known of one, and none planned. */
	seccomp?: Filter;
	/** Control groups that the caller may make; absent: nothing is known of them, and none are planned. */
	cgroup?: CgroupFacts;
}

/** Where control groups can be made, cgroups(7). Both versions may be there, each with its own controllers. */
export interface CgroupFacts {
	/** Version 1: by controller the directory in its hierarchy below which ours go; those mounted together share it. */
	v1: Readonly<Record<string, string>>;
	v2?: {
		/** Below which ours go. */
		directory: string;
		/** Controllers that groups there can have. */
		controllers: readonly string[];
		/** Those of them that it hands down already (cgroup.subtree_control). */
		enabled: readonly string[];
		/** The kernel has io.weight; else the BFQ scheduler's file. */
		ioWeight?: boolean;
	};
	/** Processors and memory nodes that a group there may be given. */
	cpuset?: {
		cpus: string;
		mems: string;
		/** Groups that have some already, which are not ours to change. */
		filled?: readonly string[];
	};
	/** Swap can be limited. */
	swap?: boolean;
	/** The caller's own group of version 2, below which it may make none; to be named in advice. */
	own?: string;
}

/** An entry of the root file system's top directory; `busy`: a directory with mounts below it. */
export type TopEntry =
	| {name: string; kind: 'directory' | 'busy' | 'file'}
	| {name: string; kind: 'link'; target: string};

/** The network namespace to enter. */
export interface JoinedFacts {
	/** Its path. */
	network: string;
	/** Of another container: who it is, its first process, and what it has of names. */
	id?: string;
	target?: {pid: number; startTime: number};
	hostname?: string;
	contents?: readonly Content[];
}

export interface UserNetworkFacts {
	/** Paths of programs. */
	pasta?: string;
	slirp4netns?: string;
	/** /dev/net/tun can be opened. */
	tun: boolean;
}

export interface IdRange {
	start: number;
	count: number;
}

export interface DeviceFact {
	type: 'c' | 'b';
	major: number;
	minor: number;
	/** Permission bits. */
	fileMode: number;
	uid: number;
	gid: number;
}
