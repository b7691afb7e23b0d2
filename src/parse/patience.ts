import {Failure, quoted} from '../spec/failure.js';

/** Seconds; more than a day is a mistake, or meant to be for ever. */
const LONGEST = 86_400;

/**
 * How long to wait for a container to end: whole seconds as docker takes them, -1 for as long as it takes.
 *
 * @returns milliseconds
 * @throws Failure
 */
export const parsePatience = (text: string): number => {
	if (text === '-1') return Number.MAX_SAFE_INTEGER;
	if (/^\d{1,5}$/.test(text) && Number(text) <= LONGEST) return Number(text) * 1000;
	throw new Failure(`${quoted(text)} is not a time to wait: use seconds, up to ${LONGEST}, or -1 for no end`);
};
