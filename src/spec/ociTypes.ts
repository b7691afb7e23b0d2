/**
 * What others write into a `config.json`: runtime-spec 1.2, and what 1.3 adds, as far as it is Linux's. Everything may be
 * missing that the specification lets be; the planner (plan/fromOci.ts) makes the canonical spec of it.
 */
import type {Scheduler} from './engineTypes.js';
import type {Seccomp} from './seccomp.js';
import type {IdMapping, Int64, NamespaceType, Rlimit} from './types.js';

export interface OciConfig {
	ociVersion: string;
	root?: {path: string; readonly?: boolean};
	mounts?: OciMount[];
	process?: OciProcess;
	hostname?: string;
	domainname?: string;
	hooks?: OciHooks;
	linux?: OciLinux;
	annotations?: Record<string, string>;
}

export interface OciProcess {
	terminal?: boolean;
	consoleSize?: {height: number; width: number};
	user?: {uid?: number; gid?: number; umask?: number; additionalGids?: number[]};
	args?: string[];
	env?: string[];
	cwd: string;
	capabilities?: Partial<Record<'bounding' | 'effective' | 'inheritable' | 'permitted' | 'ambient', string[]>>;
	rlimits?: Rlimit[];
	noNewPrivileges?: boolean;
	apparmorProfile?: string;
	selinuxLabel?: string;
	oomScoreAdj?: number;
	scheduler?: Scheduler;
	ioPriority?: {class: string; priority?: number};
	execCPUAffinity?: {initial?: string; final?: string};
}

export interface OciMount {
	destination: string;
	type?: string;
	source?: string;
	options?: string[];
	uidMappings?: IdMapping[];
	gidMappings?: IdMapping[];
}

export interface OciHook {
	path: string;
	args?: string[];
	env?: string[];
	/** Seconds. */
	timeout?: number;
}

export const HOOKS = [
	'prestart',
	'createRuntime',
	'createContainer',
	'startContainer',
	'poststart',
	'poststop',
] as const;
export type OciHooks = Partial<Record<(typeof HOOKS)[number], OciHook[]>>;

export interface OciLinux {
	namespaces?: {type: NamespaceType; path?: string}[];
	uidMappings?: IdMapping[];
	gidMappings?: IdMapping[];
	timeOffsets?: Record<string, {secs?: Int64; nanosecs?: number}>;
	devices?: OciDevice[];
	cgroupsPath?: string;
	resources?: OciResources;
	intelRdt?: never;
	sysctl?: Record<string, string>;
	/** Its compiler (mc-seccomp) is who reads it. */
	seccomp?: Seccomp;
	rootfsPropagation?: string;
	maskedPaths?: string[];
	readonlyPaths?: string[];
	mountLabel?: string;
	personality?: {domain: string; flags?: string[]};
	netDevices?: never;
	memoryPolicy?: {mode: string; nodes?: string; flags?: string[]};
}

export interface OciDevice {
	type: 'c' | 'b' | 'u' | 'p';
	path: string;
	major?: number;
	minor?: number;
	fileMode?: number;
	uid?: number;
	gid?: number;
}

/** `linux.resources`: the words in which limits are said to the rows of plan/rows.ts, whoever says them. */
export interface OciResources {
	memory?: {
		limit?: Int64;
		reservation?: Int64;
		swap?: Int64;
		kernel?: Int64;
		kernelTCP?: Int64;
		swappiness?: number;
		disableOOMKiller?: boolean;
		useHierarchy?: boolean;
		checkBeforeUpdate?: boolean;
	};
	cpu?: {
		shares?: number;
		quota?: Int64;
		burst?: number;
		period?: number;
		realtimeRuntime?: Int64;
		realtimePeriod?: number;
		cpus?: string;
		mems?: string;
		idle?: number;
	};
	pids?: {limit?: Int64};
	blockIO?: OciBlockIo;
	hugepageLimits?: {pageSize: string; limit: Int64}[];
	network?: {classID?: number; priorities?: {name: string; priority: number}[]};
	rdma?: Record<string, {hcaHandles?: number; hcaObjects?: number}>;
	devices?: OciDeviceRule[];
	/** Files of version 2 and what is written to them. */
	unified?: Record<string, string>;
}

export interface OciBlockIo {
	weight?: number;
	leafWeight?: number;
	weightDevice?: {major: number; minor: number; weight?: number; leafWeight?: number}[];
	throttleReadBpsDevice?: OciRate[];
	throttleWriteBpsDevice?: OciRate[];
	throttleReadIOPSDevice?: OciRate[];
	throttleWriteIOPSDevice?: OciRate[];
}

export interface OciRate {
	major: number;
	minor: number;
	rate: Int64;
}

export interface OciDeviceRule {
	allow: boolean;
	type?: string;
	major?: number;
	minor?: number;
	access?: string;
}
