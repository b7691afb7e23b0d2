import {Failure} from '../spec/failure.js';
import type {OciRate, OciResources} from '../spec/ociTypes.js';
import type {File, Row} from './rows.js';
import {rdmaFiles} from './rowsV1.js';

/** Microseconds; docker's and the kernel's. */
export const PERIOD = 100_000;

/**
 * 2..262144 shares with 1024 as the middle, as a weight of 1..10000 with 100 as the middle: the curve that runc and crun
 * have agreed upon (opencontainers/cgroups; the straight line before it gave 1024 shares less than others' 100).
 */
export const weightOfShares = (shares: number): number => {
	const log = Math.log2(Math.max(shares, 2));
	return Math.min(Math.ceil(10 ** ((log * log + 125 * log) / 612 - 7 / 34)), 10_000);
};

/** 10..1000 as 1..10000, as runc does. */
const weightOfBlkio = (weight: number): number => 1 + Math.floor(((weight - 10) * 9999) / 990);

const positive = (value: number | bigint | undefined): File[1] => (value !== undefined && value > 0 ? value : 'max');

/** OCI counts memory and swap together, version 2 swap for itself. */
const swapAlone = ({memory: {limit = 0, swap = 0} = {}}: OciResources): File[1] => {
	if (swap < 0) return 'max';
	if (limit <= 0) throw new Failure('a limit of swap needs a memory limit');
	if (swap < limit) throw new Failure('the limit of swap, which counts memory too, must not be below the memory limit');
	return BigInt(swap) - BigInt(limit);
};

const memoryFiles = (resources: OciResources, swap: boolean | undefined): File[] => [
	...(resources.memory?.limit ? [['memory.max', positive(resources.memory.limit)] as const] : []),
	...(resources.memory?.swap && swap ? [['memory.swap.max', swapAlone(resources)] as const] : []),
];

const rates = (kind: string, list: readonly OciRate[] = []): File[] =>
	list.map(({major, minor, rate}) => ['io.max', `${major}:${minor} ${kind}=${positive(rate)}`]);

/** For who has only version 1. */
const onlyV1 = (what: string): Failure => new Failure(`${what} needs cgroup version 1`);

/** cgroup-v2.rst. Swap is counted for itself. */
export const v2: readonly Row[] = [
	{
		...{what: 'a memory limit', controller: 'memory', of: [r => r.memory?.limit, r => r.memory?.swap]},
		files: (resources, {swap}) => memoryFiles(resources, swap),
	},
	{
		...{what: 'a memory reservation', controller: 'memory', of: [r => r.memory?.reservation]},
		files: ({memory}) => [['memory.low', memory?.reservation ?? 0]],
	},
	{
		...{what: 'a limit of CPUs', controller: 'cpu', of: [r => r.cpu?.quota, r => r.cpu?.period]},
		files: ({cpu}) => [['cpu.max', `${positive(cpu?.quota)} ${cpu?.period || PERIOD}`]],
	},
	{
		...{what: 'a period of CPUs', controller: 'cpu', of: [r => (r.cpu?.quota ? 0 : r.cpu?.period)]},
		files: ({cpu}) => [['cpu.max', `max ${cpu?.period}`]],
	},
	{
		...{what: 'a burst of CPUs', controller: 'cpu', of: [r => r.cpu?.burst]},
		files: ({cpu}) => [['cpu.max.burst', cpu?.burst ?? 0]],
	},
	{
		...{what: 'a share of the CPUs', controller: 'cpu', of: [r => r.cpu?.shares]},
		files: ({cpu}) => [['cpu.weight', weightOfShares(cpu?.shares ?? 0)]],
	},
	{
		...{what: 'idle scheduling', controller: 'cpu', of: [r => r.cpu?.idle]},
		files: ({cpu}) => [['cpu.idle', cpu?.idle ?? 0]],
	},
	{
		...{what: 'realtime scheduling', controller: 'cpu', of: [r => r.cpu?.realtimeRuntime || r.cpu?.realtimePeriod]},
		files: () => {
			throw onlyV1('realtime scheduling of a group');
		},
	},
	{
		...{what: 'a set of CPUs', controller: 'cpuset', of: [r => r.cpu?.cpus]},
		files: ({cpu}) => [['cpuset.cpus', cpu?.cpus ?? '']],
	},
	{
		...{what: 'a set of memory nodes', controller: 'cpuset', of: [r => r.cpu?.mems]},
		files: ({cpu}) => [['cpuset.mems', cpu?.mems ?? '']],
	},
	{
		...{what: 'a limit of processes', controller: 'pids', of: [r => r.pids?.limit]},
		files: ({pids}) => [['pids.max', positive(pids?.limit)]],
	},
	{
		...{what: 'a weight of block I/O', controller: 'io', of: [r => r.blockIO?.weight]},
		files: ({blockIO: {weight = 0} = {}}, host) =>
			host.v2?.ioWeight ? [['io.weight', weightOfBlkio(weight)]] : [['io.bfq.weight', weight]],
	},
	{
		...{what: 'weights of block devices', controller: 'io', of: [r => r.blockIO?.weightDevice]},
		files: ({blockIO}, host) =>
			(blockIO?.weightDevice ?? []).map(({major, minor, weight = 0}) => {
				const value = host.v2?.ioWeight ? weightOfBlkio(weight) : weight;
				return [host.v2?.ioWeight ? 'io.weight' : 'io.bfq.weight', `${major}:${minor} ${value}`];
			}),
	},
	{
		...{what: 'a rate of block I/O', controller: 'io'},
		of: [
			({blockIO: io}) => io?.throttleReadBpsDevice ?? io?.throttleWriteBpsDevice ?? io?.throttleReadIOPSDevice,
			({blockIO: io}) => io?.throttleWriteIOPSDevice,
		],
		files: ({blockIO: io}) => [
			...rates('rbps', io?.throttleReadBpsDevice),
			...rates('wbps', io?.throttleWriteBpsDevice),
			...rates('riops', io?.throttleReadIOPSDevice),
			...rates('wiops', io?.throttleWriteIOPSDevice),
		],
	},
	{
		...{what: 'a limit of huge pages', controller: 'hugetlb', of: [r => r.hugepageLimits]},
		files: ({hugepageLimits = []}) => hugepageLimits.map(({pageSize, limit}) => [`hugetlb.${pageSize}.max`, limit]),
	},
	{
		...{what: 'a limit of RDMA', controller: 'rdma', of: [r => Object.keys(r.rdma ?? {})]},
		files: ({rdma}) => rdmaFiles(rdma),
	},
];
