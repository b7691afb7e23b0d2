import type {HostFacts} from '../spec/facts.js';
import {readText} from './read.js';

type Limit = HostFacts['nofile'];

/** What the kernel starts with, INR_OPEN_CUR of linux/fs.h. */
const KERNEL_DEFAULT = 1024;

/**
 * RLIMIT_NOFILE as the caller has it. Node raises its own soft limit to the hard one before any script runs, and a
 * container must not inherit that (select(2) overruns its sets above 1024): so the parent's is taken.
 */
export function callersLimits(): Limit {
	const own = readLimit('self') ?? {soft: KERNEL_DEFAULT, hard: KERNEL_DEFAULT};
	const soft = readLimit(process.ppid)?.soft ?? KERNEL_DEFAULT;
	return soft < own.hard ? {soft, hard: own.hard} : {soft: own.hard, hard: own.hard};
}

/** @returns undefined where the process is none of ours to see: in another pid namespace, or with hidepid */
function readLimit(pid: number | 'self'): Limit | undefined {
	return parseLimits(readText(`/proc/${pid}/limits`));
}

/** @param text of /proc/PID/limits, proc(5) */
export function parseLimits(text: string): Limit | undefined {
	const [, soft, hard] = /^Max open files +(\S+) +(\S+)/m.exec(text) ?? [];
	return soft && hard ? {soft: parseLimit(soft), hard: parseLimit(hard)} : undefined;
}

const parseLimit = (text: string) => (text === 'unlimited' ? 2n ** 64n - 1n : Number(text));
