import {readText} from './read.js';

/** What people and service managers send to end something: caught before there is anything to end. */
const EARLY = ['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP'] as const;

/**
 * All else that may be caught, but for what is not meant for the container: SIGCHLD and SIGPIPE are about ourselves,
 * SIGTSTP, SIGTTIN and SIGTTOU stop who is in the terminal's way, SIGPROF and SIGSEGV and its kin come from V8.
 */
const LATE: readonly NodeJS.Signals[] = [
	...(['SIGUSR1', 'SIGUSR2', 'SIGWINCH', 'SIGCONT', 'SIGALRM', 'SIGIO', 'SIGPWR', 'SIGSYS', 'SIGURG'] as const),
	...(['SIGXCPU', 'SIGXFSZ', 'SIGVTALRM', 'SIGTRAP', 'SIGABRT', 'SIGSTKFLT'] as const),
];

/** @param signal a name, such as SIGTERM */
export type Kill = (signal: NodeJS.Signals) => void;

/**
 * From now on, and until the process ends, signals do not end it: the way back is not to be interrupted either.
 *
 * @returns says where they go; those that came before are sent then
 */
export function catchSignals(): (kill: Kill) => void {
	const early: NodeJS.Signals[] = [];
	let send: Kill = signal => early.push(signal);
	const on = (name: NodeJS.Signals) => process.on(name, signal => send(signal));
	EARLY.filter(name => name !== 'SIGHUP' || !isHangupIgnored()).forEach(on);
	return kill => {
		send = kill;
		LATE.forEach(on);
		early.forEach(kill);
	};
}

/** Whether nohup(1) started us: then the container outlives the terminal as well. */
function isHangupIgnored(): boolean {
	const mask = /^SigIgn:\t([0-9a-f]+)$/m.exec(readText('/proc/self/status'))?.[1] ?? '0';
	return Number.parseInt(mask.slice(-1), 16) % 2 === 1;
}
