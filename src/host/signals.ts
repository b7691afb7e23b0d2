/**
 * All that may be caught, but for what is not meant for the container: SIGCHLD and SIGPIPE are about ourselves, SIGTSTP,
 * SIGTTIN and SIGTTOU stop who is in the terminal's way, SIGPROF and SIGSEGV and its kin come from V8.
 */
const FORWARDED: readonly NodeJS.Signals[] = [
	...(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGWINCH', 'SIGCONT', 'SIGALRM'] as const),
	...(['SIGIO', 'SIGPWR', 'SIGSYS', 'SIGURG', 'SIGXCPU', 'SIGXFSZ', 'SIGVTALRM', 'SIGTRAP', 'SIGABRT'] as const),
	'SIGSTKFLT',
];

/** @param signal a number */
export type Kill = (signal: number) => void;

/**
 * From now on, and until the process ends, signals do not end it: the way back is not to be interrupted either.
 *
 * @returns says where they go; those that came before are sent then
 */
export function catchSignals(): (kill: Kill) => void {
	const early: number[] = [];
	let send: Kill = signal => early.push(signal);
	for (const name of FORWARDED) {
		process.on(name, (_: string, signal: number) => send(signal));
	}

	return kill => {
		send = kill;
		early.forEach(kill);
	};
}
