/** Parts of the contract (types.ts) that only engines ask for: runtime-spec 1.2. */
import type {Int64} from './types.js';

/** sched_setattr(2) */
export interface Scheduler {
	policy: string;
	nice?: number;
	priority?: number;
	flags?: string[];
	/** Nanoseconds, for SCHED_DEADLINE. */
	runtime?: Int64;
	deadline?: Int64;
	period?: Int64;
}

/** ioprio_set(2) */
export interface IoPriority {
	class: string;
	priority: number;
}

/** Processors, for a process that enters a container: before it is in its control groups, and from then on. */
export interface Affinity {
	initial?: number[];
	final?: number[];
}

/** Which of the machine's nodes memory comes from: set_mempolicy(2), `MPOL_BIND` …, runtime-spec 1.3. */
export interface MemoryPolicy {
	mode: string;
	nodes?: number[];
	flags?: string[];
}

export interface TimeOffset {
	secs?: Int64;
	nanosecs?: number;
}

/** What a new time namespace adds to the host's clocks, time_namespaces(7). */
export interface TimeOffsets {
	monotonic?: TimeOffset;
	boottime?: TimeOffset;
}

/**
 * OCI's hooks, config.md. `prestart` and `createRuntime` run outside, when the namespaces are there and the root is
 * mounted; `createContainer` in the container's namespaces before the root is entered; `startContainer` inside, as the
 * command is to be executed. Each gets the state document as its stdin; the first that fails ends the container.
 */
export interface Hooks {
	/** The members of the state document that are known beforehand, as JSON without braces. */
	state: string;
	prestart?: Hook[];
	createRuntime?: Hook[];
	createContainer?: Hook[];
	startContainer?: Hook[];
	poststart?: Hook[];
	poststop?: Hook[];
}

export interface Hook {
	path: string;
	/** argv; absent: the path alone. */
	args?: string[];
	/** Absent: the caller's. */
	env?: string[];
	/** Seconds; absent: none. */
	timeout?: number;
}
