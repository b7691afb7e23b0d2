import {Failure, quoted} from '../spec/failure.js';

/** Whole numbers that a limit can be. */
export interface Range {
	what: string;
	min: number;
	max: number;
	/** These stand for no limit, or for the kernel's own choice. */
	besides?: readonly number[];
}

/** sched.h of the kernel: MIN_SHARES, MAX_SHARES. */
export const cpuShares: Range = {what: 'CPU shares', min: 2, max: 2 ** 18, besides: [0]};
/** PID_MAX_LIMIT */
export const pidsLimit: Range = {what: 'the limit of processes', min: 1, max: 2 ** 22, besides: [-1, 0]};
/** proc(5) */
export const oomScoreAdj: Range = {what: 'the OOM score', min: -1000, max: 1000};
/** As docker has it; of the kernel's schedulers BFQ starts at 1. */
export const blkioWeight: Range = {what: 'the weight of block I/O', min: 10, max: 1000, besides: [0]};

/** @throws Failure */
export const checkWhole = ({what, min, max, besides = []}: Range, value: number): number => {
	const isKnown = Number.isInteger(value) && ((value >= min && value <= max) || besides.includes(value));
	if (!isKnown) throw new Failure(`${what} cannot be ${value}: the range is from ${min} to ${max}`);
	return value;
};

/**
 * Decimal digits, with a minus for what has one.
 *
 * @throws Failure
 */
export const parseWhole =
	(range: Range) =>
	(text: string): number => {
		if (!/^-?\d{1,15}$/.test(text))
			throw new Failure(`${quoted(text)} is not ${range.what}: use a whole number from ${range.min} to ${range.max}`);
		return checkWhole(range, Number(text) + 0);
	};
