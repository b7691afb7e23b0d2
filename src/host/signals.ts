import fs from 'node:fs';

/**
 * All that a process may catch and that Node lets it, but for what is not meant for the container: SIGCHLD and SIGPIPE
 * are about ourselves, SIGTSTP, SIGTTIN and SIGTTOU stop who is in the terminal's way, SIGPROF and SIGSEGV and its kin
 * come from the kernel or V8.
 */
const FORWARDED: readonly NodeJS.Signals[] = [
	...(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGWINCH', 'SIGCONT', 'SIGALRM'] as const),
	...(['SIGIO', 'SIGPWR', 'SIGSYS', 'SIGURG', 'SIGXCPU', 'SIGXFSZ', 'SIGVTALRM', 'SIGTRAP', 'SIGABRT'] as const),
	'SIGSTKFLT',
];

/** Catches signals from now on. What comes before there is someone to send them to is sent then. */
export class SignalForwarder {
	#early: NodeJS.Signals[] = [];
	#kill: ((signal: NodeJS.Signals) => void) | undefined;
	readonly #listener = (signal: NodeJS.Signals) => {
		this.#kill ? this.#kill(signal) : this.#early.push(signal);
	};
	readonly #names = FORWARDED.filter(name => name !== 'SIGHUP' || !isHangupIgnored());

	constructor() {
		for (const name of this.#names) {
			process.on(name, this.#listener);
		}
	}

	forwardTo(kill: (signal: NodeJS.Signals) => void): void {
		this.#kill = kill;
		this.#early.splice(0).forEach(kill);
	}

	stop(): void {
		for (const name of this.#names) {
			process.off(name, this.#listener);
		}
	}
}

/** Whether nohup(1) started us: then the container outlives the terminal as well. */
function isHangupIgnored(): boolean {
	try {
		const mask = /^SigIgn:\t([0-9a-f]+)$/m.exec(fs.readFileSync('/proc/self/status', 'latin1'))?.[1] ?? '0';
		return Number.parseInt(mask.slice(-1), 16) % 2 === 1;
	} catch {
		return false;
	}
}
