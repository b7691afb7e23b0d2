import {Failure, quoted} from '../spec/failure.js';

/** The kernel takes no quota below a millisecond, and a period has a hundred. */
const LEAST = 0.01;
/** NR_CPUS of the largest kernels. */
const MOST = 8192;

/**
 * How many processors' time; 0 is no limit.
 *
 * @throws Failure
 */
export const checkCpus = (cpus: number): number => {
	// Not `cpus < LEAST`: what is not a number is in no range.
	if (cpus !== 0 && !(cpus >= LEAST && cpus <= MOST))
		throw new Failure(`${cpus} is not a number of CPUs: the range is from ${LEAST} to ${MOST}`);
	return cpus;
};

/**
 * `2`, `1.5`, `.5`.
 *
 * @throws Failure
 */
export const parseCpus = (text: string): number => {
	if (!/^(?:\d{1,9}(?:\.\d{0,9})?|\.\d{1,9})$/.test(text))
		throw new Failure(`${quoted(text)} is not a number of CPUs: use a decimal such as 1.5`);
	return checkCpus(Number(text));
};
