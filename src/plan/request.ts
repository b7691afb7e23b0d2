/**
 * What the user asked for. Only `rootfs` and `args` must be there; the planner's defaults are in defaults.ts, in one
 * place. A field that is undefined counts as absent. The types of single values stand beside their grammars (parse/).
 */
import type {DeviceRequest} from '../parse/device.js';
import type {EnvEntry} from '../parse/env.js';
import type {MountRequest} from '../parse/mount.js';
import type {NetworkMode} from '../parse/network.js';
import type {OverlayRequest} from '../parse/overlay.js';
import type {Sharing} from '../parse/sharing.js';
import type {UlimitRequest} from '../parse/ulimit.js';
import type {UserRequest} from '../parse/user.js';

export type {DeviceRequest, EnvEntry, MountRequest, OverlayRequest, UlimitRequest, UserRequest};

export interface Request {
	/** A directory; relative to the caller's working directory. */
	rootfs: string;
	args: readonly string[];
	/** Where changes to the root file system go. Default: `{kind: 'tmpfs'}` for a plan, `{kind: 'disk'}` for a run. */
	overlay?: OverlayRequest | undefined;
	/** Default: the first 12 digits of the id; the host's own with `uts: 'host'`. */
	hostname?: string | undefined;
	env?: readonly EnvEntry[] | undefined;
	/** Absolute path in the container; default `/`. */
	workdir?: string | undefined;
	/** `uid[:gid]`, names looked up in the container's own files; default root. */
	user?: UserRequest | undefined;
	/** Supplementary groups besides those of the container's /etc/group: names or ids. */
	groupAdd?: readonly string[] | undefined;
	mounts?: readonly MountRequest[] | undefined;
	readOnly?: boolean | undefined;
	tty?: boolean | undefined;
	interactive?: boolean | undefined;
	/** Names with or without `CAP_`, any case, or `all`. */
	capAdd?: readonly string[] | undefined;
	capDrop?: readonly string[] | undefined;
	/** Default true. */
	noNewPrivileges?: boolean | undefined;
	devices?: readonly DeviceRequest[] | undefined;
	/** Of two with one name the later one holds. */
	ulimits?: readonly UlimitRequest[] | undefined;
	sysctls?: Readonly<Record<string, string>> | undefined;
	/** Bytes; default, and 0: 64 MiB. */
	shmSize?: number | undefined;
	init?: boolean | undefined;
	/** Default `none`: a new network namespace with only loopback. */
	network?: NetworkMode | undefined;
	pid?: Sharing | undefined;
	ipc?: Sharing | undefined;
	uts?: Sharing | undefined;
	/** Milliseconds; default, and 0: none. */
	timeout?: number | undefined;
	labels?: Readonly<Record<string, string>> | undefined;
	/** Path of a file for the container's pid; relative to the caller's working directory. */
	pidFile?: string | undefined;
}
