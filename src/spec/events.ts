/**
 * What the helper says on the status descriptor: one JSON object a line. Exactly one of `exited` and `error` ends the
 * stream; an end without one means that the helper died.
 */
export type Event =
	/** The container's first process exists and waits; `pid` as the caller sees it, `startTime` in clock ticks since boot. */
	| {event: 'created'; pid: number; startTime: number}
	/** The command has been executed. */
	| {event: 'started'}
	/** The command ended: `code` 0..255 or `signal` 1..64. `timeout` when it was killed for lasting too
	 * long, `oom` when the kernel killed one of its processes for reaching the memory limit. */
	| {event: 'exited'; code?: number; signal?: number; timeout?: boolean; oom?: boolean}
	| ErrorEvent
	/** With --trace only; microseconds that the step took. */
	| {event: 'trace'; phase: Phase; step: string; us: number};

export type Phase = 'spec' | 'host' | 'parent' | 'child' | 'payload';

export interface ErrorEvent {
	event: 'error';
	phase: Phase;
	step: string;
	/** `ENOENT` … where a system call failed. */
	errno?: string;
	/** One line, complete in itself. */
	message: string;
	hint?: string;
	/** The exit code for this failure: 125, 126 (cannot be executed) or 127 (not found). */
	exitCode: number;
}
