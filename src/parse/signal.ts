import {Failure, quoted} from '../spec/failure.js';

/** signal(7), "Signal numbering for standard signals", the column that x86, ARM and most others share. */
export const signalNumbers: Readonly<Record<string, number>> = {
	HUP: 1,
	INT: 2,
	QUIT: 3,
	ILL: 4,
	TRAP: 5,
	ABRT: 6,
	BUS: 7,
	FPE: 8,
	KILL: 9,
	USR1: 10,
	SEGV: 11,
	USR2: 12,
	PIPE: 13,
	ALRM: 14,
	TERM: 15,
	STKFLT: 16,
	CHLD: 17,
	CONT: 18,
	STOP: 19,
	TSTP: 20,
	TTIN: 21,
	TTOU: 22,
	URG: 23,
	XCPU: 24,
	XFSZ: 25,
	VTALRM: 26,
	PROF: 27,
	WINCH: 28,
	IO: 29,
	PWR: 30,
	SYS: 31,
	// Other names for the same.
	IOT: 6,
	CLD: 17,
	POLL: 29,
};

/** As the C libraries count: 32 and 33 belong to their threads. */
const RTMIN = 34;
const RTMAX = 64;

const realTime = (text: string): number | undefined => {
	const match = /^(RTMIN(?:\+(\d{1,2}))?|RTMAX(?:-(\d{1,2}))?)$/.exec(text);
	if (!match) return undefined;
	const number = text.startsWith('RTMIN') ? RTMIN + Number(match[2] ?? 0) : RTMAX - Number(match[3] ?? 0);
	return number >= RTMIN && number <= RTMAX ? number : undefined;
};

const byNumber = (text: string): number | undefined =>
	/^[1-9]\d?$/.test(text) && Number(text) <= RTMAX ? Number(text) : undefined;

/**
 * `TERM`, `SIGTERM`, `sigterm`, `15`, `RTMIN+3`.
 *
 * @returns 1..64
 * @throws Failure
 */
export const parseSignal = (text: string): number => {
	const name = text.toUpperCase().replace(/^SIG/, '');
	const known = Object.hasOwn(signalNumbers, name) ? signalNumbers[name] : undefined;
	const signal = byNumber(text) ?? known ?? realTime(name);
	if (signal === undefined) throw new Failure(`${quoted(text)} is not a signal: use a name such as TERM, or 1 to 64`);
	return signal;
};

/** `SIGTERM` for 15, `SIGRTMIN+1` for 35; a number that has no name stays a number. */
export const signalName = (signal: number): string => {
	const known = Object.entries(signalNumbers).find(([, number]) => number === signal)?.[0];
	if (known) return `SIG${known}`;
	return signal >= RTMIN && signal <= RTMAX ? `SIGRTMIN+${signal - RTMIN}` : String(signal);
};
