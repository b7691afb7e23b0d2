import {Failure, quoted} from '../spec/failure.js';

const number = '(\\d+(?:\\.\\d+)?)';
/** Hours, minutes, seconds and milliseconds, largest first, each at most once; or seconds without a unit. */
const grammar = new RegExp(`^(?=.)(?:${number}|(?:${number}h)?(?:${number}m)?(?:${number}s)?(?:${number}ms)?)$`);
/** Milliseconds for each group of the grammar. */
const factors = [1000, 3_600_000, 60_000, 1000, 1];

/**
 * `10s`, `1m30s`, `1.5h`, `500ms`; a plain number is seconds.
 *
 * @returns milliseconds, a safe integer; 0 only when the text says nothing but zeros
 * @throws Failure
 */
export const parseDuration = (text: string): number => {
	const match = grammar.exec(text);
	if (!match) throw new Failure(`${quoted(text)} is not a duration: use e.g. 10s, 1m30s, 1.5h or 500ms`);
	const exact = factors.reduce((sum, factor, index) => sum + Number(match[index + 1] ?? 0) * factor, 0);
	// 0.1ms is not "no time": 0 means "no limit" to whoever reads it.
	const milliseconds = exact > 0 ? Math.max(1, Math.round(exact)) : 0;
	if (!Number.isSafeInteger(milliseconds)) throw new Failure(`${quoted(text)} is too long a duration`);
	return milliseconds;
};
