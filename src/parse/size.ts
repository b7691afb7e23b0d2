import {Failure, quoted} from '../spec/failure.js';

/** Powers of 1024, as docker has them for memory: `kb` and `kib` mean the same. */
const factors: Readonly<Record<string, number>> = {'': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40};

/**
 * `64m`, `1.5g`, `4096`, `10KiB`.
 *
 * @returns bytes, rounded down; a safe integer, 0 or more
 * @throws Failure
 */
export const parseSize = (text: string): number => {
	const match = /^(\d+(?:\.\d+)?)(?:([kmgt])i?)?b?$/i.exec(text);
	if (!match) throw new Failure(`${quoted(text)} is not a size: use a number with an optional b, k, m, g or t`);
	const bytes = Math.floor(Number(match[1]) * (factors[(match[2] ?? '').toLowerCase()] ?? 1));
	if (!Number.isSafeInteger(bytes)) throw new Failure(`${quoted(text)} is too large a size`);
	return bytes;
};
