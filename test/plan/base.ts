import type {ExecutionContext} from 'ava';
import {plan} from '../../src/plan/plan.js';
import type {Limits, Request} from '../../src/plan/request.js';
import type {CgroupFacts, HostFacts} from '../../src/spec/facts.js';
import {Failure} from '../../src/spec/failure.js';
import type {Mount, Spec} from '../../src/spec/types.js';
import {validate} from '../../src/spec/validate.js';

/** Each test changes one thing of these. */
export const base: Request = {rootfs: '/r', args: ['sh']};

export const id = '0123456789abcdef'.repeat(4);

export const facts: HostFacts = {
	id,
	cwd: '/home/me',
	euid: 0,
	egid: 0,
	env: {SECRET: 'hidden', EDITOR: 'vi', PATH: '/mine'},
	passwd: 'root:x:0:0:root:/root:/bin/sh\nbob:x:1000:100:Bob:/home/bob:/bin/sh\n',
	group: 'root:x:0:root\naudio:x:29:bob,alice\nusers:x:100:\nvideo:x:44:alice,bob\n',
	nofile: {soft: 1024, hard: 524288},
	overlayDir: '/var/lib/minicontainer/x',
	devices: {'/dev/fuse': {type: 'c', major: 10, minor: 229, fileMode: 0o660, uid: 0, gid: 7}},
};

export const rootless: HostFacts = {...facts, euid: 1001, egid: 1002};

export const withRanges: HostFacts = {
	...rootless,
	subordinate: {uid: {start: 100000, count: 65536}, gid: {start: 200000, count: 65536}},
};

/** A plan that the helper would take: the validator is the wire's. */
export const planned = (change: Partial<Request> = {}, host: Partial<HostFacts> = facts): Spec =>
	validate(plan({...base, ...change}, host));

export const mountAt = (spec: Spec, destination: string): Mount | undefined =>
	spec.mounts.find(mount => mount.destination === destination);

/** The request fails with one line that says so. */
export const refuses = (
	t: ExecutionContext,
	change: Partial<Request>,
	message: RegExp,
	host: Partial<HostFacts> = facts,
): Failure | undefined => {
	const what = JSON.stringify(change, (_, value) => (typeof value === 'bigint' ? String(value) : value));
	const error = t.throws(() => plan({...base, ...change}, host), {instanceOf: Failure}, what);
	t.regex(error?.message ?? '', message, what);
	return error;
};

/** Machines with control groups: version 1, as Debian mounted it, and version 2. */
const v1names = ['cpu', 'cpuacct', 'cpuset', 'memory', 'devices', 'freezer', 'blkio', 'pids'];
const cpuset = {cpus: '0-3', mems: '0'};

export const old: CgroupFacts = {
	v1: Object.fromEntries(
		v1names.map(name => [name, `/cg/${name.startsWith('cpu') && name !== 'cpuset' ? 'cpu,cpuacct' : name}`]),
	),
	cpuset,
	swap: true,
};
export const unified: CgroupFacts = {
	v1: {},
	v2: {directory: '/cg', controllers: ['cpuset', 'cpu', 'io', 'memory', 'hugetlb', 'pids'], enabled: ['cpu', 'memory']},
	cpuset,
	swap: true,
};

/** The same facts where such groups can be made, for a container `x`. */
export const on = (cgroup: CgroupFacts, host: HostFacts = facts): HostFacts => ({...host, id: 'x', cgroup});

/** One of each kind. */
export const allLimits: Limits = {
	...{memory: 64 * 2 ** 20, memorySwap: 96 * 2 ** 20, memoryReservation: 32 * 2 ** 20, cpus: 1.5, cpuShares: 512},
	...{cpusetCpus: '1-2', pidsLimit: 100, blkioWeight: 500},
};
