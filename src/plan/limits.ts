import {checkCpus} from '../parse/cpus.js';
import {isSubset, parseCpuset} from '../parse/cpuset.js';
import {checkMemory, NO_LIMIT} from '../parse/memory.js';
import {blkioWeight, checkWhole, cpuShares, pidsLimit} from '../parse/whole.js';
import type {CgroupFacts} from '../spec/facts.js';
import {Failure} from '../spec/failure.js';
import type {OciResources} from '../spec/ociTypes.js';
import type {Limits} from './request.js';
import {PERIOD} from './rowsV2.js';

export type LimitName = keyof Limits;

/** The limits of a request, or of whatever else has some. */
export const limitsOf = (from: Limits): Limits => {
	const {memory, memorySwap, memoryReservation, cpus, cpuShares, cpusetCpus, pidsLimit, blkioWeight} = from;
	return {memory, memorySwap, memoryReservation, cpus, cpuShares, cpusetCpus, pidsLimit, blkioWeight};
};

/**
 * Docker's words in OCI's, in which plan/rows.ts reads them. As docker has it: as much swap as memory, unless told.
 *
 * @param countsSwap whether swap can be limited, told to or not
 */
export const asResources = (limits: Limits, countsSwap: boolean | undefined): OciResources => {
	const {memory, memorySwap, memoryReservation, cpus = 0, cpuShares, cpusetCpus, pidsLimit, blkioWeight} = limits;
	const swap = memorySwap || (countsSwap ? 2 * (memory ?? 0) : 0);
	const quota = Math.round(cpus * PERIOD);
	return {
		memory: {
			...(memory !== undefined && {limit: memory}),
			...(swap !== 0 && {swap}),
			...(memoryReservation !== undefined && {reservation: memoryReservation}),
		},
		cpu: {
			...(quota !== 0 && {quota, period: PERIOD}),
			...(cpuShares !== undefined && {shares: cpuShares}),
			...(cpusetCpus !== undefined && {cpus: cpusetCpus}),
		},
		...(pidsLimit !== undefined && {pids: {limit: pidsLimit}}),
		...(blkioWeight !== undefined && {blockIO: {weight: blkioWeight}}),
	};
};
const notNumbers = ({memory = 0, memorySwap = 0, memoryReservation = 0}: Limits): void => {
	checkMemory(memory);
	checkMemory(memoryReservation);
	if (memorySwap !== NO_LIMIT && (!Number.isSafeInteger(memorySwap) || memorySwap < 0))
		throw new Failure(`${memorySwap} is not a size of memory and swap`);
};

/** Docker's rules of what goes together. */
const memoryTogether = ({memory = 0, memorySwap = 0, memoryReservation = 0}: Limits): string | undefined => {
	if (memorySwap > 0 && memory === 0) return 'a limit of swap needs a memory limit';
	if (memorySwap > 0 && memorySwap < memory)
		return 'the limit of swap, which counts memory too, must not be below the memory limit';
	if (memory > 0 && memoryReservation > memory) return 'the memory reservation must not be above the memory limit';
	return undefined;
};

/**
 * What no flag can say, what does not go together, and what this machine lacks.
 *
 * @param processors of the machine; 0: not known
 * @throws Failure
 */
export const checkLimits = (limits: Limits, processors: number, host?: CgroupFacts): void => {
	notNumbers(limits);
	const wrong = memoryTogether(limits);
	if (wrong) throw new Failure(wrong);
	checkWhole(cpuShares, limits.cpuShares ?? 0);
	checkWhole(pidsLimit, limits.pidsLimit ?? 0);
	checkWhole(blkioWeight, limits.blkioWeight ?? 0);
	const cpus = checkCpus(limits.cpus ?? 0);
	if (processors > 0 && cpus > processors)
		throw new Failure(`range of CPUs is from 0.01 to ${processors}.00, as there are only ${processors} CPUs available`);
	if (limits.cpusetCpus === undefined) return;
	const there = host?.cpuset?.cpus;
	if (there && !isSubset(parseCpuset(limits.cpusetCpus), there))
		throw new Failure(`requested CPUs are not available: requested ${limits.cpusetCpus}, available: ${there}`);
};
