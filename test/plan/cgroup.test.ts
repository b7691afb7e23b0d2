import test, {type ExecutionContext} from 'ava';
import type {Limits, Request} from '../../src/plan/request.js';
import type {CgroupFacts, HostFacts} from '../../src/spec/facts.js';
import type {Spec} from '../../src/spec/types.js';
import {allLimits, mountAt, old, on, planned, refuses, rootless, unified} from './base.js';

const delegated: CgroupFacts = {
	v1: {},
	v2: {directory: '/cg/user', controllers: ['memory', 'pids'], enabled: ['memory', 'pids']},
	swap: true,
};

const rows = (spec: Spec): string[] =>
	(spec.minicontainer.cgroup?.settings ?? [])
		.filter(({path}) => !path.includes('/devices.'))
		.map(({path, value}) => `${path} = ${value}`);

/** What these limits add to what is there without them. */
const added = (limits: Limits, host: HostFacts): string[] => {
	const before = rows(planned({}, host));
	return rows(planned(limits, host)).filter(row => !before.includes(row));
};

test('version 1: a group in each hierarchy, those mounted together once', t => {
	const {cgroup} = planned({}, on(old)).minicontainer;
	const mounts = ['cpu,cpuacct', 'cpuset', 'memory', 'devices', 'freezer', 'blkio', 'pids'];
	t.deepEqual(
		cgroup?.join,
		mounts.map(name => `/cg/${name}/minicontainer/x`),
	);
	t.deepEqual(
		cgroup?.create,
		mounts.flatMap(name => [`/cg/${name}/minicontainer`, `/cg/${name}/minicontainer/x`]),
	);
	t.is(cgroup?.devices, undefined);
	t.deepEqual(rows(planned({}, on(old))), [
		'/cg/cpuset/minicontainer/cpuset.mems = 0',
		'/cg/cpuset/minicontainer/cpuset.cpus = 0-3',
		'/cg/cpuset/minicontainer/x/cpuset.mems = 0',
		'/cg/cpuset/minicontainer/x/cpuset.cpus = 0-3',
		'/cg/pids/minicontainer/x/pids.max = 2048',
	]);
	t.is(mountAt(planned({}, on(old)), '/sys/fs/cgroup'), undefined);
});

test('version 1: limits', t => {
	t.deepEqual(added(allLimits, on(old)), [
		'/cg/memory/minicontainer/x/memory.limit_in_bytes = 67108864',
		'/cg/memory/minicontainer/x/memory.memsw.limit_in_bytes = 100663296',
		'/cg/memory/minicontainer/x/memory.soft_limit_in_bytes = 33554432',
		'/cg/cpu,cpuacct/minicontainer/x/cpu.cfs_period_us = 100000',
		'/cg/cpu,cpuacct/minicontainer/x/cpu.cfs_quota_us = 150000',
		'/cg/cpu,cpuacct/minicontainer/x/cpu.shares = 512',
		'/cg/cpuset/minicontainer/x/cpuset.cpus = 1-2',
		'/cg/pids/minicontainer/x/pids.max = 100',
		'/cg/blkio/minicontainer/x/blkio.bfq.weight = 500',
	]);
});

test('version 2: one group, its controllers turned on where they are not', t => {
	const spec = planned({}, on(unified));
	t.deepEqual(spec.minicontainer.cgroup?.create, ['/cg/minicontainer', '/cg/minicontainer/x']);
	t.deepEqual(spec.minicontainer.cgroup?.join, ['/cg/minicontainer/x']);
	t.deepEqual(rows(spec), [
		'/cg/cgroup.subtree_control = +cpuset +io +pids',
		'/cg/minicontainer/cgroup.subtree_control = +cpuset +cpu +io +memory +pids',
		'/cg/minicontainer/x/pids.max = 2048',
	]);
	t.deepEqual(mountAt(spec, '/sys/fs/cgroup'), {
		...{
			destination: '/sys/fs/cgroup',
			type: 'cgroup2',
			source: 'cgroup2',
			options: ['nosuid', 'noexec', 'nodev', 'ro'],
		},
	});
});

test('version 2: limits', t => {
	t.deepEqual(added(allLimits, on(unified)), [
		'/cg/minicontainer/x/memory.max = 67108864',
		'/cg/minicontainer/x/memory.swap.max = 33554432',
		'/cg/minicontainer/x/memory.low = 33554432',
		'/cg/minicontainer/x/cpu.max = 150000 100000',
		'/cg/minicontainer/x/cpu.weight = 59',
		'/cg/minicontainer/x/cpuset.cpus = 1-2',
		'/cg/minicontainer/x/pids.max = 100',
		'/cg/minicontainer/x/io.bfq.weight = 500',
	]);
	const ioWeight = {...unified, v2: {...unified.v2, ioWeight: true} as typeof unified.v2};
	const weight = (blkioWeight: number) => added({blkioWeight}, on(ioWeight as CgroupFacts))[0]?.split(' = ');
	t.deepEqual(weight(10), ['/cg/minicontainer/x/io.weight', '1']);
	t.deepEqual(weight(1000), ['/cg/minicontainer/x/io.weight', '10000']);
	const shares = (cpuShares: number) => added({cpuShares}, on(unified))[0]?.split(' = ')[1];
	t.deepEqual([2, 1024, 262144].map(shares), ['1', '100', '10000']);
});

test('swap: twice the memory, any, or left out where the kernel does not count it', t => {
	const of = (limits: Limits, host: CgroupFacts) => added(limits, on(host)).map(row => row.replace(/.*\//, ''));
	const memory = 64 * 2 ** 20;
	t.deepEqual(of({memory}, old), ['memory.limit_in_bytes = 67108864', 'memory.memsw.limit_in_bytes = 134217728']);
	t.deepEqual(of({memory}, unified), ['memory.max = 67108864', 'memory.swap.max = 67108864']);
	t.deepEqual(of({memory, memorySwap: -1}, old), [
		'memory.limit_in_bytes = 67108864',
		'memory.memsw.limit_in_bytes = -1',
	]);
	t.deepEqual(of({memory, memorySwap: -1}, unified), ['memory.max = 67108864', 'memory.swap.max = max']);
	t.deepEqual(of({memory, memorySwap: memory}, unified)[1], 'memory.swap.max = 0');
	t.deepEqual(of({memory}, {...old, swap: false}), ['memory.limit_in_bytes = 67108864']);
	refuses(t, {memory, memorySwap: 2 * memory}, /needs a kernel that counts swap/, on({...old, swap: false}));
});

test('what says nothing adds nothing; any number of processes is the kernel’s own limit', t => {
	const nothing: Limits = {memory: 0, memorySwap: -1, memoryReservation: 0, cpus: 0, cpuShares: 0, blkioWeight: 0};
	for (const host of [old, unified]) {
		t.deepEqual(added(nothing, on(host)), []);
		for (const pidsLimit of [-1, 0])
			t.false(rows(planned({pidsLimit}, on(host))).some(row => row.includes('pids.max')));
	}
	t.is(planned({...nothing, pidsLimit: -1, cgroups: 'disabled'}, on(old)).minicontainer.cgroup, undefined);
});

test('hybrid: each limit where its controller is, the device list in version 1', t => {
	const hybrid: CgroupFacts = {
		v1: {memory: '/cg/memory', devices: '/cg/devices'},
		v2: {directory: '/cg/unified', controllers: ['pids', 'cpu', 'hugetlb'], enabled: []},
		swap: false,
	};
	const spec = planned({memory: 2 ** 26, cpus: 1}, on(hybrid));
	t.deepEqual(rows(spec), [
		'/cg/unified/cgroup.subtree_control = +cpu +pids',
		'/cg/unified/minicontainer/cgroup.subtree_control = +cpu +pids',
		'/cg/memory/minicontainer/x/memory.limit_in_bytes = 67108864',
		'/cg/unified/minicontainer/x/cpu.max = 100000 100000',
		'/cg/unified/minicontainer/x/pids.max = 2048',
	]);
	t.is(spec.minicontainer.cgroup?.devices, undefined);
	t.is(mountAt(spec, '/sys/fs/cgroup'), undefined);
	const idle = {...old, v2: {directory: '/cg/unified', controllers: ['hugetlb'], enabled: []}};
	t.false(
		planned({}, on(idle)).minicontainer.cgroup?.join.some(path => path.includes('unified')),
		'left alone',
	);
	refuses(t, {cpusetCpus: '0'}, /^a set of CPUs needs the cpuset controller, which is not there$/, on(hybrid));
});

const isLimit: [Partial<Request>, RegExp][] = [
	[{memory: 2 ** 26}, /^a memory limit/],
	[{memoryReservation: 2 ** 26}, /^a memory reservation/],
	[{cpus: 1}, /^a limit of CPUs/],
	[{cpuShares: 2}, /^a share of the CPUs/],
	[{cpusetCpus: '0'}, /^a set of CPUs/],
	[{pidsLimit: 5}, /^a limit of processes/],
	[{blkioWeight: 10}, /^a weight of block I\/O/],
];

const eachLimit = (t: ExecutionContext, host: Partial<HostFacts>, why: RegExp, hint?: RegExp): void => {
	for (const [change, what] of isLimit) {
		const error = refuses(t, change, what, host);
		t.regex(error?.message ?? '', why);
		if (hint) t.regex(error?.hint ?? '', hint);
	}
};

test('rootless without delegation: no group, no default; a limit is an error that helps', t => {
	const host = on({v1: {}, own: '/cg/user.slice/me'}, rootless);
	t.is(planned({}, host).minicontainer.cgroup, undefined);
	eachLimit(
		t,
		host,
		/ needs a control group, and none can be made here$/,
		/Delegate=yes.*chown \/cg\/user\.slice\/me,/,
	);
	eachLimit(t, on({v1: {}}, rootless), / needs a control group/, /a machine with cgroup version 2 only/);
	eachLimit(t, rootless, / needs a control group/);
});

test('rootless with delegation: limits for what was delegated, no device list', t => {
	const spec = planned({memory: 2 ** 26}, on(delegated, rootless));
	t.deepEqual(spec.minicontainer.cgroup?.create, ['/cg/user/minicontainer', '/cg/user/minicontainer/x']);
	t.deepEqual(rows(spec), [
		'/cg/user/minicontainer/cgroup.subtree_control = +memory +pids',
		'/cg/user/minicontainer/x/memory.max = 67108864',
		'/cg/user/minicontainer/x/memory.swap.max = 67108864',
		'/cg/user/minicontainer/x/pids.max = 2048',
	]);
	t.is(spec.minicontainer.cgroup?.devices, undefined);
	t.is(mountAt(spec, '/sys/fs/cgroup')?.type, 'cgroup2');
	const error = refuses(t, {cpus: 1}, /needs the cpu controller/, on(delegated, rootless));
	t.regex(error?.hint ?? '', /Delegate=cpu cpuset io memory pids/);
});

test('none of its own: no group, no device list, and no limit', t => {
	const spec = planned({cgroups: 'disabled'}, on(unified));
	t.is(spec.minicontainer.cgroup, undefined);
	t.is(mountAt(spec, '/sys/fs/cgroup'), undefined);
	for (const [change, what] of isLimit) {
		const error = refuses(t, {...change, cgroups: 'disabled'}, what, on(old));
		t.regex(error?.message ?? '', /does not go with --cgroups disabled$/);
	}
	t.is(planned({}, on({v1: {}})).minicontainer.cgroup, undefined);
});

test('devices: all denied, then the usual ones and what was asked for, as it was asked for', t => {
	const devices = [{source: '/dev/fuse', destination: '/dev/fuse', permissions: 'r'}];
	const lines = planned({devices}, on(old))
		.minicontainer.cgroup?.settings?.filter(({path}) => path.includes('/devices.'))
		.map(({path, value}) => `${path.replace(/.*\//, '')} ${value}`);
	t.deepEqual(lines, [
		...['devices.deny a', 'devices.allow c *:* m', 'devices.allow b *:* m', 'devices.allow c 136:* rwm'],
		...['devices.allow c 5:1 rwm', 'devices.allow c 5:2 rwm'],
		...['1:3', '1:5', '1:7', '1:8', '1:9', '5:0'].map(numbers => `devices.allow c ${numbers} rwm`),
		'devices.allow c 10:229 r',
	]);
	const {cgroup} = planned({devices}, on(unified)).minicontainer;
	t.is(cgroup?.devices?.length, 12);
	t.deepEqual(cgroup?.devices?.[0], {type: 'c', access: 'm'});
	t.deepEqual(cgroup?.devices?.at(-1), {type: 'c', major: 10, minor: 229, access: 'r'});
	const over = [{source: '/dev/zero', destination: '/dev/zero', permissions: 'r'}];
	const zero = {type: 'c', major: 1, minor: 5, fileMode: 0o666, uid: 0, gid: 0} as const;
	const spec = planned({devices: over}, {...on(unified), devices: {'/dev/zero': zero}});
	t.deepEqual(
		spec.minicontainer.cgroup?.devices?.filter(({minor, major}) => major === 1 && minor === 5),
		[{type: 'c', major: 1, minor: 5, access: 'r'}],
	);
});

test('what does not go together, and what no flag can say', t => {
	const memory = 2 ** 26;
	const cases: [Partial<Request>, RegExp][] = [
		[{memorySwap: memory}, /^a limit of swap needs a memory limit$/],
		[{memory, memorySwap: memory - 1}, /must not be below the memory limit$/],
		[{memory, memoryReservation: memory + 1}, /must not be above the memory limit$/],
		[{memory: 4096}, /^minimum memory limit allowed is 6MB$/],
		[{memory: 1.5}, /memory must be a whole number/],
		[{memory, memorySwap: -2}, /is not a size of memory and swap/],
		[{cpus: Number.NaN}, /^NaN is not a number of CPUs/],
		[{cpus: Number.POSITIVE_INFINITY}, /is not a number of CPUs/],
		[{cpus: 0.001}, /is not a number of CPUs/],
		[{cpus: 5}, /^range of CPUs is from 0\.01 to 4\.00, as there are only 4 CPUs available$/],
		[{cpuShares: 1}, /range is from 2 to 262144$/],
		[{cpusetCpus: '0-7'}, /^requested CPUs are not available: requested 0-7, available: 0-3$/],
		[{cpusetCpus: 'x'}, /is not a list of CPUs/],
		[{pidsLimit: -7}, /range is from 1 to 4194304$/],
		[{pidsLimit: 1.5}, /range/],
		[{blkioWeight: 5}, /range is from 10 to 1000$/],
		[{oomScoreAdj: 1001}, /range is from -1000 to 1000$/],
		[{cgroups: 'split' as 'enabled'}, /cgroups must be 'enabled' or 'disabled'/],
	];
	for (const [change, message] of cases) refuses(t, change, message, {...on(old), cpus: 4});
});

test('the OOM score is the process’s, with or without groups', t => {
	t.is(planned().process.oomScoreAdj, undefined);
	t.is(planned({oomScoreAdj: 0, cgroups: 'disabled'}).process.oomScoreAdj, 0);
	t.is(planned({oomScoreAdj: -500}, rootless).process.oomScoreAdj, -500);
});
