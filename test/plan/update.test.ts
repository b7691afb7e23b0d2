import test from 'ava';
import {gaugesOf} from '../../src/plan/gauges.js';
import type {Limits} from '../../src/plan/request.js';
import {planUpdate} from '../../src/plan/update.js';
import type {CgroupFacts} from '../../src/spec/facts.js';
import {Failure} from '../../src/spec/failure.js';

const old: CgroupFacts = {
	v1: Object.fromEntries(
		['cpu', 'cpuacct', 'cpuset', 'memory', 'devices', 'freezer', 'blkio', 'pids'].map(name => [name, `/cg/${name}`]),
	),
	cpuset: {cpus: '0-1', mems: '0'},
	swap: true,
};
const unified: CgroupFacts = {
	v1: {},
	v2: {directory: '/cg', controllers: ['cpu', 'memory', 'pids', 'io'], enabled: []},
	swap: true,
};

const update = (change: Limits, current: Limits = {}, host = old) =>
	planUpdate(change, {id: 'x', host, current, processors: 2});
const rows = (change: Limits, current: Limits = {}, host = old) =>
	update(change, current, host).settings.map(({path, value}) => `${path.replace(/.*\//, '')}=${value}`);

const [small, large] = [16 * 2 ** 20, 64 * 2 ** 20];
const limit = (bytes: number) => `memory.limit_in_bytes=${bytes}`;
const swap = (bytes: number) => `memory.memsw.limit_in_bytes=${bytes}`;

test('memory and swap are written so that the first is never above the second', t => {
	t.deepEqual(rows({memory: small}), [limit(small), swap(2 * small)], 'from no limit');
	t.deepEqual(rows({memory: small}, {memory: large}), [limit(small), swap(2 * small)], 'down');
	t.deepEqual(rows({memory: large}, {memory: small}), [swap(2 * large), limit(large)], 'up');
	t.deepEqual(rows({memorySwap: 3 * small}, {memory: small}), [limit(small), swap(3 * small)]);
	t.deepEqual(rows({memorySwap: -1}, {memory: small}), [limit(small), swap(-1)]);
	t.deepEqual(rows({memory: large}, {memory: small}, unified), [`memory.swap.max=${large}`, `memory.max=${large}`]);
	t.throws(() => update({memory: large}, {memory: small, memorySwap: small}), {message: /must not be below/});
});

test('only what changes is written, and what then holds is told', t => {
	const current = {memory: small, cpus: 1};
	const {settings, limits} = update({pidsLimit: 5, cpus: 0.5, cpuShares: 0}, current);
	t.deepEqual(
		settings.map(({path, value}) => `${path} ${value}`),
		[
			'/cg/cpu/minicontainer/x/cpu.cfs_period_us 100000',
			'/cg/cpu/minicontainer/x/cpu.cfs_quota_us 50000',
			'/cg/pids/minicontainer/x/pids.max 5',
		],
	);
	t.deepEqual(limits, {memory: small, cpus: 0.5, pidsLimit: 5});
	t.deepEqual(rows({}), []);
	t.deepEqual(rows({pidsLimit: -1}, {pidsLimit: 7}), ['pids.max=max']);
	t.deepEqual(rows({pidsLimit: -1}, {pidsLimit: 7}, unified), ['pids.max=max']);
});

test('what cannot be changed', t => {
	const cases: [Limits, RegExp, CgroupFacts?][] = [
		[{memory: 5}, /6MB/],
		[{cpus: 3}, /only 2 CPUs/],
		[{cpusetCpus: '0-5'}, /not available/],
		[{cpusetCpus: '0'}, /no control group for cpusetCpus/, unified],
		[{memory: small}, /no control group for memory/, {v1: {}}],
		[{memory: small, memorySwap: small}, /counts swap/, {...old, swap: false}],
	];
	for (const [change, message, host] of cases) t.throws(() => update(change, {}, host), {instanceOf: Failure, message});
});

test('where to pause and to look', t => {
	const one = gaugesOf(old, 'x');
	t.is(one.processes, '/cg/pids/minicontainer/x/cgroup.procs');
	t.like(one.freeze, {file: '/cg/freezer/minicontainer/x/freezer.state', on: 'FROZEN', off: 'THAWED'});
	t.true(one.freeze?.state.frozen.test('FROZEN\n'));
	t.false(one.freeze?.state.frozen.test('FREEZING\n'));
	t.is(one.memory?.usage, '/cg/memory/minicontainer/x/memory.usage_in_bytes');
	t.deepEqual(one.cpu, {file: '/cg/cpuacct/minicontainer/x/cpuacct.usage', perSecond: 1e9});
	t.is(one.pids?.current, '/cg/pids/minicontainer/x/pids.current');
	const two = gaugesOf(unified, 'x');
	t.is(two.processes, '/cg/minicontainer/x/cgroup.procs');
	t.like(two.freeze, {file: '/cg/minicontainer/x/cgroup.freeze', on: '1', off: '0'});
	t.true(two.freeze?.state.frozen.test('populated 1\nfrozen 1\n'));
	t.deepEqual(two.cpu, {file: '/cg/minicontainer/x/cpu.stat', key: 'usage_usec', perSecond: 1e6});
	t.is(two.io, '/cg/minicontainer/x/io.stat');
	t.deepEqual(gaugesOf({v1: {}}, 'x'), {});
});
