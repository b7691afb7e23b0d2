import type {OciRate} from '../spec/ociTypes.js';
import type {File, Row} from './rows.js';

const defined = (rows: readonly (readonly [string, File[1] | undefined])[]): File[] =>
	rows.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));

const rate = (name: string, rates: readonly OciRate[] = []): File[] =>
	rates.map(({major, minor, rate}) => [name, `${major}:${minor} ${rate}`]);

/** cgroup-v1/ of the kernel's Documentation/admin-guide. With swap counts memory and swap together. */
export const v1: readonly Row[] = [
	{
		...{what: 'a memory limit', controller: 'memory', of: [r => r.memory?.limit, r => r.memory?.swap]},
		files: ({memory}, {swap}) =>
			defined([
				['memory.limit_in_bytes', memory?.limit],
				['memory.memsw.limit_in_bytes', swap ? memory?.swap || undefined : undefined],
			]),
	},
	{
		...{what: 'a memory reservation', controller: 'memory', of: [r => r.memory?.reservation]},
		files: ({memory}) => defined([['memory.soft_limit_in_bytes', memory?.reservation]]),
	},
	// memory.kernel: the kernel has had no such limit of its own since 6.1, and runc writes none (memcg's kmem is deprecated).
	{
		...{what: 'a limit of TCP memory', controller: 'memory', of: [r => r.memory?.kernelTCP]},
		files: ({memory}) => defined([['memory.kmem.tcp.limit_in_bytes', memory?.kernelTCP]]),
	},
	{
		...{what: 'swappiness', controller: 'memory', of: [r => r.memory?.swappiness !== undefined]},
		files: ({memory}) => defined([['memory.swappiness', memory?.swappiness]]),
	},
	{
		...{what: 'a life without OOM killer', controller: 'memory', of: [r => r.memory?.disableOOMKiller]},
		files: () => [['memory.oom_control', 1]],
	},
	{
		// The burst must not be above the quota at any moment, and the old quota may be the smaller one.
		...{what: 'a limit of CPUs', controller: 'cpu', of: [r => r.cpu?.quota, r => r.cpu?.period, r => r.cpu?.burst]},
		files: ({cpu}) =>
			defined([
				['cpu.cfs_period_us', cpu?.period || undefined],
				['cpu.cfs_quota_us', cpu?.quota],
				['cpu.cfs_burst_us', cpu?.burst],
			]),
	},
	{
		...{what: 'a period of CPUs', controller: 'cpu', of: [r => (r.cpu?.quota ? 0 : r.cpu?.period)]},
		files: ({cpu}) => defined([['cpu.cfs_period_us', cpu?.period]]),
	},
	{
		...{what: 'a share of the CPUs', controller: 'cpu', of: [r => r.cpu?.shares]},
		files: ({cpu}) => defined([['cpu.shares', cpu?.shares]]),
	},
	{
		...{what: 'idle scheduling', controller: 'cpu', of: [r => r.cpu?.idle]},
		files: ({cpu}) => defined([['cpu.idle', cpu?.idle]]),
	},
	{
		...{what: 'realtime scheduling', controller: 'cpu', of: [r => r.cpu?.realtimeRuntime || r.cpu?.realtimePeriod]},
		files: ({cpu}) =>
			defined([
				['cpu.rt_period_us', cpu?.realtimePeriod],
				['cpu.rt_runtime_us', cpu?.realtimeRuntime],
			]),
	},
	{
		...{what: 'a set of CPUs', controller: 'cpuset', of: [r => r.cpu?.cpus]},
		files: ({cpu}) => defined([['cpuset.cpus', cpu?.cpus]]),
	},
	{
		...{what: 'a set of memory nodes', controller: 'cpuset', of: [r => r.cpu?.mems]},
		files: ({cpu}) => defined([['cpuset.mems', cpu?.mems]]),
	},
	{
		...{what: 'a limit of processes', controller: 'pids', of: [r => r.pids?.limit]},
		files: ({pids}) => [['pids.max', (pids?.limit ?? 0) > 0 ? (pids?.limit ?? 0) : 'max']],
	},
	{
		// CFQ, which had a blkio.weight of its own, is gone since Linux 5.0.
		...{what: 'a weight of block I/O', controller: 'blkio', of: [r => r.blockIO?.weight]},
		files: ({blockIO}) => defined([['blkio.bfq.weight', blockIO?.weight]]),
	},
	{
		...{what: 'weights of block devices', controller: 'blkio', of: [r => r.blockIO?.weightDevice]},
		files: ({blockIO}) =>
			(blockIO?.weightDevice ?? []).map(({major, minor, weight = 0}) => [
				...(['blkio.bfq.weight_device', `${major}:${minor} ${weight}`] as const),
			]),
	},
	{
		...{what: 'a rate of block I/O', controller: 'blkio'},
		of: [
			({blockIO: io}) => io?.throttleReadBpsDevice ?? io?.throttleWriteBpsDevice ?? io?.throttleReadIOPSDevice,
			({blockIO: io}) => io?.throttleWriteIOPSDevice,
		],
		files: ({blockIO: io}) => [
			...rate('blkio.throttle.read_bps_device', io?.throttleReadBpsDevice),
			...rate('blkio.throttle.write_bps_device', io?.throttleWriteBpsDevice),
			...rate('blkio.throttle.read_iops_device', io?.throttleReadIOPSDevice),
			...rate('blkio.throttle.write_iops_device', io?.throttleWriteIOPSDevice),
		],
	},
	{
		...{what: 'a limit of huge pages', controller: 'hugetlb', of: [r => r.hugepageLimits]},
		files: ({hugepageLimits = []}) =>
			hugepageLimits.map(({pageSize, limit}) => [`hugetlb.${pageSize}.limit_in_bytes`, limit]),
	},
	{
		...{what: 'a network class', controller: 'net_cls', of: [r => r.network?.classID]},
		files: ({network}) => defined([['net_cls.classid', network?.classID]]),
	},
	{
		...{what: 'network priorities', controller: 'net_prio', of: [r => r.network?.priorities]},
		files: ({network}) =>
			(network?.priorities ?? []).map(({name, priority}) => ['net_prio.ifpriomap', `${name} ${priority}`]),
	},
	{
		...{what: 'a limit of RDMA', controller: 'rdma', of: [r => Object.keys(r.rdma ?? {})]},
		files: ({rdma}) => rdmaFiles(rdma),
	},
];

/** The same in both versions. */
export const rdmaFiles = (rdma: Readonly<Record<string, {hcaHandles?: number; hcaObjects?: number}>> = {}): File[] =>
	Object.entries(rdma).map(([device, {hcaHandles = 'max', hcaObjects = 'max'}]) => [
		...(['rdma.max', `${device} hca_handle=${hcaHandles} hca_object=${hcaObjects}`] as const),
	]);
