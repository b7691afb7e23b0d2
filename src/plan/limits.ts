import {checkCpus} from '../parse/cpus.js';
import {isSubset, parseCpuset} from '../parse/cpuset.js';
import {checkMemory, NO_LIMIT} from '../parse/memory.js';
import {blkioWeight, checkWhole, cpuShares, pidsLimit} from '../parse/whole.js';
import type {CgroupFacts} from '../spec/facts.js';
import {Failure} from '../spec/failure.js';
import type {Limits} from './request.js';

export type LimitName = keyof Limits;

/** The limits of a request, or of whatever else has some. */
export const limitsOf = (from: Limits): Limits => {
	const {memory, memorySwap, memoryReservation, cpus, cpuShares, cpusetCpus, pidsLimit, blkioWeight} = from;
	return {memory, memorySwap, memoryReservation, cpus, cpuShares, cpusetCpus, pidsLimit, blkioWeight};
};

/** Where a row is used, what it is made of has been said. */
export type Said = {readonly [Name in LimitName]: NonNullable<Limits[Name]>};

/** A file of a group's, and what is written to it. */
type File = readonly [name: string, value: string | number];

/** One limit as one version of cgroups has it. */
export interface Row {
	what: string;
	/** What it is made of; the first of them must be said. */
	of: readonly LimitName[];
	controller: string;
	files: (limits: Said, host: CgroupFacts) => readonly File[];
}

/** Microseconds; docker's and the kernel's. */
const PERIOD = 100_000;

const quota = (cpus: number): number => Math.round(cpus * PERIOD);
/** As docker has it: as much swap as memory, unless told. */
const withSwap = ({memory, memorySwap}: Said): number => memorySwap || 2 * memory;
const orMax = (value: number): number | 'max' => (value <= 0 ? 'max' : value);

/** cgroup-v1/ of the kernel's Documentation/admin-guide. With swap counts memory and swap together. */
const v1: readonly Row[] = [
	{
		...{what: 'a memory limit', of: ['memory', 'memorySwap'], controller: 'memory'},
		files: (limits, {swap}) => [
			['memory.limit_in_bytes', limits.memory],
			...(swap ? [['memory.memsw.limit_in_bytes', withSwap(limits)] as const] : []),
		],
	},
	{
		...{what: 'a memory reservation', of: ['memoryReservation'], controller: 'memory'},
		files: limits => [['memory.soft_limit_in_bytes', limits.memoryReservation]],
	},
	{
		...{what: 'a limit of CPUs', of: ['cpus'], controller: 'cpu'},
		files: ({cpus}) => [
			['cpu.cfs_period_us', PERIOD],
			['cpu.cfs_quota_us', quota(cpus)],
		],
	},
	{
		...{what: 'a share of the CPUs', of: ['cpuShares'], controller: 'cpu'},
		files: limits => [['cpu.shares', limits.cpuShares]],
	},
	{
		...{what: 'a set of CPUs', of: ['cpusetCpus'], controller: 'cpuset'},
		files: limits => [['cpuset.cpus', limits.cpusetCpus]],
	},
	{
		...{what: 'a limit of processes', of: ['pidsLimit'], controller: 'pids'},
		files: limits => [['pids.max', orMax(limits.pidsLimit)]],
	},
	{
		// CFQ, which had a blkio.weight of its own, is gone since Linux 5.0.
		...{what: 'a weight of block I/O', of: ['blkioWeight'], controller: 'blkio'},
		files: limits => [['blkio.bfq.weight', limits.blkioWeight]],
	},
];

/**
 * 2..262144 shares with 1024 as the middle, as a weight of 1..10000 with 100 as the middle: the curve that runc and crun
 * have agreed upon (opencontainers/cgroups; the straight line before it gave 1024 shares less than others' 100).
 */
export const weightOfShares = (shares: number): number => {
	const log = Math.log2(shares);
	return Math.min(Math.ceil(10 ** ((log * log + 125 * log) / 612 - 7 / 34)), 10_000);
};

/** 10..1000 as 1..10000, as runc does. */
const weightOfBlkio = (weight: number): number => 1 + Math.floor(((weight - 10) * 9999) / 990);

/** cgroup-v2.rst. Swap is counted for itself. */
const v2: readonly Row[] = [
	{
		...{what: 'a memory limit', of: ['memory', 'memorySwap'], controller: 'memory'},
		files: (limits, {swap}) => [
			['memory.max', limits.memory],
			...(swap ? [['memory.swap.max', swapAlone(limits)] as const] : []),
		],
	},
	{
		...{what: 'a memory reservation', of: ['memoryReservation'], controller: 'memory'},
		files: limits => [['memory.low', limits.memoryReservation]],
	},
	{
		...{what: 'a limit of CPUs', of: ['cpus'], controller: 'cpu'},
		files: ({cpus}) => [['cpu.max', `${quota(cpus)} ${PERIOD}`]],
	},
	{
		...{what: 'a share of the CPUs', of: ['cpuShares'], controller: 'cpu'},
		files: limits => [['cpu.weight', weightOfShares(limits.cpuShares)]],
	},
	{
		...{what: 'a set of CPUs', of: ['cpusetCpus'], controller: 'cpuset'},
		files: limits => [['cpuset.cpus', limits.cpusetCpus]],
	},
	{
		...{what: 'a limit of processes', of: ['pidsLimit'], controller: 'pids'},
		files: limits => [['pids.max', orMax(limits.pidsLimit)]],
	},
	{
		...{what: 'a weight of block I/O', of: ['blkioWeight'], controller: 'io'},
		files: (limits, host) =>
			host.v2?.ioWeight ? [['io.weight', weightOfBlkio(limits.blkioWeight)]] : [['io.bfq.weight', limits.blkioWeight]],
	},
];

const swapAlone = (limits: Said): number | 'max' =>
	limits.memorySwap === NO_LIMIT ? 'max' : withSwap(limits) - limits.memory;

export const rowsOf = {1: v1, 2: v2} as const;

/** 0 and undefined say nothing; -1 takes a limit away, and needs no controller for it. */
export const isLimit = (value: Limits[LimitName]): boolean => value !== undefined && value !== 0 && value !== NO_LIMIT;

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
