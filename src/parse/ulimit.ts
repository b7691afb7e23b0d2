import {Failure, quoted} from '../spec/failure.js';
import {RLIMITS} from '../spec/names.js';
import type {Int64} from '../spec/types.js';

export interface UlimitRequest {
	/** As in docker: `nofile`, `nproc` … */
	name: string;
	soft: Int64;
	hard: Int64;
}

/** Docker's names and the three that it lacks: the kernel's, in small letters. */
const names = RLIMITS.map(name => name.slice('RLIMIT_'.length).toLowerCase());

/** RLIM_INFINITY on the wire and in the kernel. */
export const UNLIMITED = 2n ** 64n - 1n;

const parseLimit = (text: string): Int64 | undefined => {
	if (text === '-1' || text === 'unlimited') return UNLIMITED;
	if (!/^\d{1,20}$/.test(text)) return undefined;
	const value = BigInt(text);
	if (value > UNLIMITED) return undefined;
	return value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
};

/** @throws Failure */
export const checkUlimit = (limit: UlimitRequest): UlimitRequest => {
	if (!names.includes(limit.name))
		throw new Failure(`${quoted(limit.name)} is not the name of a limit: use one of ${names.join(', ')}`);
	if (limit.soft > limit.hard)
		throw new Failure(`limit ${limit.name}: ${limit.soft} (soft) is above ${limit.hard} (hard)`);
	return limit;
};

/**
 * `NAME=SOFT[:HARD]`, each a number, `-1` or `unlimited`; one number is both.
 *
 * @throws Failure
 */
export const parseUlimit = (text: string): UlimitRequest => {
	const [, name, first = '', second = first] = /^([^=]+)=([^:]+)(?::([^:]+))?$/s.exec(text) ?? [];
	if (name === undefined) throw new Failure(`${quoted(text)} is not a limit: use NAME=SOFT[:HARD]`);
	const [soft, hard] = [parseLimit(first), parseLimit(second)];
	if (soft === undefined || hard === undefined)
		throw new Failure(`${quoted(text)} is not a limit: SOFT and HARD are whole numbers, -1 or unlimited`);
	return checkUlimit({name, soft, hard});
};
