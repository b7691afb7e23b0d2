import {Failure, quoted} from '../spec/failure.js';
import {parseSize} from './size.js';

/** Docker's: with less, no process starts. */
const LEAST = 6 * 2 ** 20;

/** No limit, as a number. */
export const NO_LIMIT = -1;

/**
 * Of memory, and of its reservation. 0 is none.
 *
 * @throws Failure
 */
export const checkMemory = (bytes: number): number => {
	if (!Number.isSafeInteger(bytes) || bytes < 0) throw new Failure(`${bytes} is not a size of memory`);
	if (bytes > 0 && bytes < LEAST) throw new Failure('minimum memory limit allowed is 6MB');
	return bytes;
};

/** @throws Failure */
export const parseMemory = (text: string): number => checkMemory(parseSize(text));

/**
 * Memory and swap together; -1 for as much swap as there is.
 *
 * @throws Failure
 */
export const parseMemorySwap = (text: string): number => {
	if (text === String(NO_LIMIT)) return NO_LIMIT;
	if (text.startsWith('-')) throw new Failure(`${quoted(text)} is not a size: use -1 for no limit of swap`);
	return parseSize(text);
};
