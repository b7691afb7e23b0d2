import {Failure, quoted} from '../spec/failure.js';

/** NR_CPUS of the largest kernels, less one. */
const LAST = 8191;
/** As many ranges as that can have; longer texts are not even looked at. */
const LONGEST = 32768;

/** Processors, from the first to the last. */
type Span = readonly [first: number, last: number];

const readSpan = (text: string): Span | undefined => {
	const [, start, end = start] = /^(\d{1,4})(?:-(\d{1,4}))?$/.exec(text) ?? [];
	const [first, last] = [Number(start), Number(end)];
	return start !== undefined && first <= last && last <= LAST ? [first, last] : undefined;
};

/**
 * The kernel's list format (cpuset(7)), `0-2,4`.
 *
 * @throws Failure
 */
const readCpuset = (text: string): readonly Span[] => {
	const spans = text.length > LONGEST ? [undefined] : text.split(',').map(readSpan);
	return spans.map(span => {
		if (!span) throw new Failure(`${quoted(text)} is not a list of CPUs: use e.g. 0-2,4`);
		return span;
	});
};

/** @throws Failure */
export const parseCpuset = (text: string): string => {
	readCpuset(text);
	return text;
};

/**
 * `0-2,5`: each of them, processors or memory nodes.
 *
 * @throws Failure
 */
export const numbersIn = (text: string): number[] => {
	const numbers = readCpuset(text.trim()).flatMap(([first, last]) =>
		Array.from({length: last - first + 1}, (_, index) => first + index),
	);
	return [...new Set(numbers)].sort((a, b) => a - b);
};

/** One byte a processor: lists may overlap. */
const mapOf = (text: string): Uint8Array => {
	const map = new Uint8Array(LAST + 1);
	for (const [first, last] of readCpuset(text)) map.fill(1, first, last + 1);
	return map;
};

/** Whether every processor of one list is in the other. */
export const isSubset = (part: string, whole: string): boolean => {
	const all = mapOf(whole);
	return mapOf(part).every((there, cpu) => there <= Number(all[cpu]));
};
