/**
 * What the user asked for. Only `rootfs` and `args` must be there; the planner's defaults are in defaults.ts, in one
 * place. A field that is undefined counts as absent. The types of single values stand beside their grammars (parse/).
 */
import type {CgroupsMode} from '../parse/cgroups.js';
import type {DeviceRequest} from '../parse/device.js';
import type {HostEntry} from '../parse/dns.js';
import type {EnvEntry} from '../parse/env.js';
import type {MountRequest} from '../parse/mount.js';
import type {OverlayRequest} from '../parse/overlay.js';
import type {Profile} from '../parse/profile.js';
import type {PublishRequest} from '../parse/publish.js';
import type {Sharing} from '../parse/sharing.js';
import type {UlimitRequest} from '../parse/ulimit.js';
import type {UserRequest} from '../parse/user.js';
import type {UsernsRequest} from '../parse/userns.js';
import type {SeccompProfile} from '../spec/seccomp.js';

export type {
	DeviceRequest,
	EnvEntry,
	HostEntry,
	MountRequest,
	OverlayRequest,
	PublishRequest,
	UlimitRequest,
	UserRequest,
};

/** What a container may use up, in docker's terms. What is 0 is not limited. */
export interface Limits {
	/** Bytes; 6 MiB or more. */
	memory?: number | undefined;
	/** Bytes of memory and swap together; -1: as much swap as there is. Default: twice the memory. */
	memorySwap?: number | undefined;
	/** Bytes that it is brought back to, or may keep, when the machine's memory is short. */
	memoryReservation?: number | undefined;
	/** How many processors' time, e.g. 1.5. */
	cpus?: number | undefined;
	/** Its share when processors are short; 1024 is everyone's. */
	cpuShares?: number | undefined;
	/** Processors that it may run on, `0-2,4`. */
	cpusetCpus?: string | undefined;
	/** Processes and threads; -1: any number. Default: 2048, where there is a control group for it. */
	pidsLimit?: number | undefined;
	/** 10..1000 */
	blkioWeight?: number | undefined;
}

/** Ours; none; or one in docker's format, of which OCI's is a part. */
export type SeccompRequest = 'default' | 'unconfined' | SeccompProfile;

export interface Request extends Limits {
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
	/** Default true, but for a privileged container. */
	noNewPrivileges?: boolean | undefined;
	/**
	 * `strict`: the least that a program can live with: no capabilities, a root file system that is read-only, a user
	 * namespace as root, too, 64 processes, and no system call that only debuggers and the like need. What is asked for
	 * besides still holds. Default `default`.
	 */
	profile?: Profile | undefined;
	/** As docker's: all capabilities, devices and system calls, and nothing masked. What else is asked for still holds. */
	privileged?: boolean | undefined;
	/** An AppArmor profile of the host's, or `unconfined`, as without it. */
	apparmor?: string | undefined;
	/** `disable`, as without it; or parts of a SELinux label: `user:U`, `role:R`, `type:T`, `level:L`. */
	label?: readonly string[] | undefined;
	/** Absolute paths besides those that are always hidden. */
	mask?: readonly string[] | undefined;
	/** Of those that are always hidden or read-only: paths, `*` for any part of a name, or `ALL`. */
	unmask?: readonly string[] | undefined;
	/** Options of /proc besides the usual ones, such as `hidepid=2`. */
	procOptions?: readonly string[] | undefined;
	/** Which system calls there are. Default `default`, but for a privileged container: {@link planSeccomp}. */
	seccomp?: SeccompRequest | undefined;
	devices?: readonly DeviceRequest[] | undefined;
	/** Of two with one name the later one holds. */
	ulimits?: readonly UlimitRequest[] | undefined;
	sysctls?: Readonly<Record<string, string>> | undefined;
	/** Bytes; default, and 0: 64 MiB. */
	shmSize?: number | undefined;
	init?: boolean | undefined;
	/**
	 * As `--network` says it (parse/network.ts). Default `none`, a new network namespace with only loopback; of a run as
	 * root `bridge`, or what MINICONTAINER_NETWORK says.
	 */
	network?: string | readonly string[] | undefined;
	/** Ports of the container's that the host hands on to it. */
	publish?: readonly PublishRequest[] | undefined;
	/** Its addresses on the first of its networks; default: the next one that is free, and one made of it. */
	ip?: string | undefined;
	macAddress?: string | undefined;
	/** Other names for the container on its networks. */
	networkAliases?: readonly string[] | undefined;
	/** Addresses of resolvers; default: the host's, but for those that only the host can reach. */
	dns?: readonly string[] | undefined;
	/** Domains in which names are looked up; `.`: in none. Default: the host's. */
	dnsSearch?: readonly string[] | undefined;
	/** resolv.conf(5); default: the host's. */
	dnsOptions?: readonly string[] | undefined;
	/** More lines for /etc/hosts. */
	addHost?: readonly HostEntry[] | undefined;
	pid?: Sharing | undefined;
	ipc?: Sharing | undefined;
	uts?: Sharing | undefined;
	/** Milliseconds; default, and 0: none. */
	timeout?: number | undefined;
	/** Default `host`. */
	userns?: UsernsRequest | undefined;
	labels?: Readonly<Record<string, string>> | undefined;
	/** Path of a file for the container's pid; relative to the caller's working directory. */
	pidFile?: string | undefined;
	/** -1000..1000: who is killed first when the machine's memory is short; proc(5). Default: the caller's. */
	oomScoreAdj?: number | undefined;
	/** Default `enabled`, as far as the caller may. */
	cgroups?: CgroupsMode | undefined;
}
