import type {Int64} from '../spec/types.js';

/** What the user asked for. Only `rootfs` and `args` must be there; the planner's defaults are in plan.ts, in one place. */
export interface Request {
	/** A directory; relative to the caller's working directory. */
	rootfs: string;
	args: readonly string[];
	/** Where changes to the root file system go. Default: `{kind: 'tmpfs'}` for a plan, `{kind: 'disk'}` for a run. */
	overlay?: OverlayRequest;
	/** Default: the first 12 digits of the id; the host's own with `uts: 'host'`. */
	hostname?: string;
	env?: readonly EnvEntry[];
	/** Absolute path in the container; default `/`. */
	workdir?: string;
	/** `uid[:gid]`, names looked up in the container's own files; default root. */
	user?: UserRequest;
	groupAdd?: readonly string[];
	mounts?: readonly MountRequest[];
	readOnly?: boolean;
	tty?: boolean;
	interactive?: boolean;
	/** Names with or without `CAP_`, any case, or `all`. */
	capAdd?: readonly string[];
	capDrop?: readonly string[];
	/** Default true. */
	noNewPrivileges?: boolean;
	devices?: readonly DeviceRequest[];
	ulimits?: readonly UlimitRequest[];
	sysctls?: Readonly<Record<string, string>>;
	/** Bytes; default 64 MiB. */
	shmSize?: number;
	init?: boolean;
	/** Default `none`: a new network namespace with only loopback. */
	network?: 'none' | 'host';
	pid?: 'private' | 'host';
	ipc?: 'private' | 'host';
	uts?: 'private' | 'host';
	/** Milliseconds. */
	timeout?: number;
	labels?: Readonly<Record<string, string>>;
	/** Absolute path of a file for the container's pid. */
	pidFile?: string;
}

export type OverlayRequest =
	| {kind: 'disk'}
	| {kind: 'tmpfs'; size?: number}
	/** `path/upper` keeps the changes, `path/work` is overlayfs's own. */
	| {kind: 'dir'; path: string}
	| {kind: 'none'};

/** Without a value: taken from the caller's environment, and left out where the caller has none. */
export interface EnvEntry {
	name: string;
	value?: string;
}

export interface UserRequest {
	user: string;
	group?: string;
}

export type MountRequest =
	| {type: 'bind'; source: string; destination: string; readOnly?: boolean; recursive?: boolean}
	/** `size` in bytes, `mode` permission bits; `options` further mount options. */
	| {type: 'tmpfs'; destination: string; size?: number; mode?: number; readOnly?: boolean; options?: readonly string[]};

export interface DeviceRequest {
	source: string;
	destination: string;
	/** Any of r, w, m; enforced with the device cgroup. */
	permissions: string;
}

export interface UlimitRequest {
	/** As in docker: `nofile`, `nproc` … */
	name: string;
	soft: Int64;
	hard: Int64;
}
