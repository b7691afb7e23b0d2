import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {planExec} from '../../src/plan/exec.js';
import {type OciFacts, planOci} from '../../src/plan/fromOci.js';
import {planOciExec, planOciUpdate} from '../../src/plan/fromOciExec.js';
import {encode} from '../../src/spec/encode.js';
import type {CgroupFacts} from '../../src/spec/facts.js';
import {Failure} from '../../src/spec/failure.js';
import {type OciConfig, type OciResources, readOciConfig} from '../../src/spec/oci.js';
import {readSpec} from '../../src/spec/read.js';
import type {Spec} from '../../src/spec/types.js';
import {SpecError, validate} from '../../src/spec/validate.js';
import {project} from '../helpers/project.js';
import {old, unified} from './base.js';

const passwd = 'root:x:0:0:root:/root:/bin/sh\nbob:x:1000:100:Bob:/home/bob:/bin/sh\n';
const facts: OciFacts = {euid: 0, passwd, cgroup: old};
const run = {id: 'x', bundle: '/b'};
const base: OciConfig = {
	ociVersion: '1.2.0',
	root: {path: 'rootfs'},
	process: {args: ['sh'], cwd: '/'},
	linux: {namespaces: [{type: 'mount'}, {type: 'pid'}]},
};

const planned = (change: Partial<OciConfig>, host: Partial<OciFacts> = {}): Spec =>
	validate(planOci({...base, ...change}, run, {...facts, ...host}));

/** With other keys in `linux`. */
const on = (linux: Partial<NonNullable<OciConfig['linux']>>, cgroup: CgroupFacts = old): Spec =>
	planned({linux: {...base.linux, ...linux}}, {cgroup});

const read = (change: object): OciConfig => readOciConfig(JSON.stringify({...base, ...change}));

const settings = (spec: Spec): string[] =>
	(spec.minicontainer.cgroup?.settings ?? [])
		.filter(({path: file}) => !/devices\.|cpuset\.|subtree_control/.test(file))
		.map(({path: file, value}) => `${file.replace(/^\/cg\//, '')} ${value}`);

const limits = (resources: OciResources, host?: CgroupFacts): string[] => settings(on({resources}, host));

test('what engines hand over is a spec that the helper takes', t => {
	const directory = path.join(project, 'fixtures/oci');
	for (const name of fs.readdirSync(directory)) {
		const config = readOciConfig(fs.readFileSync(path.join(directory, name), 'utf8'));
		const {seccomp: _, ...linux} = config.linux ?? {};
		const spec = validate(planOci({...config, linux}, run, facts));
		t.deepEqual(readSpec(encode(spec)), spec, name);
	}
});

test('reading: unknown keys are passed over, null is nothing, wrong types are named', t => {
	t.notThrows(() => read({future: {a: 1.0}, linux: {...base.linux, zone: 'x', devices: null}, hostname: null}));
	const wrong: [object, string][] = [
		[{hostname: 5}, '/hostname: must be a string'],
		[{linux: {namespaces: [{type: 'future'}]}}, '/linux/namespaces/0/type: unknown namespace'],
		[{linux: {intelRdt: {}}}, '/linux/intelRdt: resource directors (resctrl) are not supported'],
		[{process: {cwd: '/', oomScoreAdj: 'high'}}, '/process/oomScoreAdj: must be an integer'],
		[{linux: {resources: {unified: {'../x.y': '1'}}}}, '/linux/resources/unified/..~1x.y: not a cgroup file'],
		[{hooks: {prestart: [{path: 'sh'}]}}, '/hooks/prestart/0/path: must be an absolute path'],
	];
	for (const [change, message] of wrong) t.throws(() => read(change), {instanceOf: SpecError, message});
});

test('the process: HOME, capabilities that are there, ambient ones only where the kernel lets them', t => {
	const all = ['CAP_KILL', 'CAP_FUTURE', 'cap_chown'];
	const capabilities = {bounding: all, permitted: all, inheritable: ['CAP_KILL'], ambient: all};
	const {process} = planned({process: {args: ['a'], cwd: '/x/../y', user: {uid: 1000, umask: 7}, capabilities}});
	t.like(process, {cwd: '/y', env: ['HOME=/home/bob'], user: {uid: 1000, gid: 0, umask: 7}, terminal: false});
	t.deepEqual(process.capabilities, {
		...{bounding: ['CAP_CHOWN', 'CAP_KILL'], permitted: ['CAP_CHOWN', 'CAP_KILL'], effective: []},
		...{inheritable: ['CAP_KILL'], ambient: ['CAP_KILL']},
	});
	const bounding = ['CAP_KILL', 'CAP_SYS_RESOURCE'];
	const less = planned({process: {args: ['a'], cwd: '/', capabilities: {bounding}}}, {capabilities: 1n << 5n});
	t.deepEqual(less.process.capabilities?.bounding, ['CAP_KILL']);
});

test('mounts: binds by option or type, sources relative to the bundle, what is idle left out', t => {
	const mount = (options: string[], type?: string) =>
		planned({mounts: [{destination: 'a/../b', source: 's', options, ...(type !== undefined && {type})}]}).mounts[0];
	t.deepEqual(mount(['rbind', 'ro', 'sync', 'remount'], 'none'), {
		...{destination: '/b', type: 'bind', source: '/b/s', options: ['rbind', 'ro']},
	});
	t.deepEqual(mount(['rro'], 'bind')?.options, ['bind', 'rro']);
	t.deepEqual(mount(['sync', 'size=1m', 'norelatime', 'mode=700'], 'tmpfs')?.options, ['sync', 'size=1m', 'mode=700']);
	t.deepEqual(mount([], 'tmpfs')?.options, ['mode=inherit']);
	t.throws(() => mount(['loop'], 'tmpfs'), {instanceOf: Failure, message: /option 'loop' is not supported/});
});

test('control groups: the path below every hierarchy, a mount for each of version 1', t => {
	const mounts = [{destination: '/sys/fs/cgroup', type: 'cgroup', options: ['ro', 'nosuid']}];
	const spec = planned({mounts, linux: {...base.linux, cgroupsPath: '/../a/b'}});
	t.true(spec.minicontainer.cgroup?.join.includes('/cg/memory/a/b'));
	t.deepEqual(spec.minicontainer.cgroup?.create?.slice(0, 2), ['/cg/cpu,cpuacct/a', '/cg/cpu,cpuacct/a/b']);
	t.deepEqual(spec.mounts[0]?.options, ['ro', 'nosuid', 'mode=0755', 'size=1m']);
	t.deepEqual(spec.mounts[1], {
		...{destination: '/sys/fs/cgroup/cpu,cpuacct', type: 'bind', source: '/cg/cpu,cpuacct/a/b'},
		options: ['bind', 'ro', 'nosuid'],
	});
	t.true(spec.minicontainer.links?.some(({path: link}) => link === '/sys/fs/cgroup/cpuacct'));
	const filled = {...old, cpuset: {cpus: '1', mems: '0', filled: ['/cg/cpuset/a']}};
	const rows = planned({linux: {...base.linux, cgroupsPath: 'a/b'}}, {cgroup: filled}).minicontainer.cgroup?.settings;
	t.deepEqual(
		rows?.filter(({path: file}) => /cpuset\.cpus/.test(file)).map(({path: file}) => file),
		['/cg/cpuset/a/b/cpuset.cpus'],
	);
	t.is(planned({mounts}, {cgroup: unified}).mounts[0]?.type, 'cgroup2');
	t.throws(() => planOci(base, {...run, cgroupManager: 'systemd'}, facts), {message: /systemd cgroup driver/});
});

test('resources: each in the words of the version that is there', t => {
	const memory = {limit: 100, swap: 150, swappiness: 0, disableOOMKiller: true};
	t.deepEqual(limits({memory}), [
		'memory/x/memory.limit_in_bytes 100',
		'memory/x/memory.memsw.limit_in_bytes 150',
		'memory/x/memory.swappiness 0',
		'memory/x/memory.oom_control 1',
	]);
	t.deepEqual(limits({memory}, unified), ['x/memory.max 100', 'x/memory.swap.max 50']);
	const cpu = {shares: 512, quota: 5000, period: 10000, burst: 100, idle: 1, cpus: '1', mems: '0'};
	t.deepEqual(limits({cpu}), [
		...['cpu.cfs_period_us 10000', 'cpu.cfs_quota_us 5000', 'cpu.cfs_burst_us 100', 'cpu.shares 512', 'cpu.idle 1'].map(
			row => `cpu,cpuacct/x/${row}`,
		),
	]);
	t.deepEqual(limits({cpu}, unified), [
		...['x/cpu.max 5000 10000', 'x/cpu.max.burst 100', 'x/cpu.weight 59', 'x/cpu.idle 1'],
	]);
	const blockIO = {weight: 10, throttleReadBpsDevice: [{major: 8, minor: 0, rate: 7}]};
	t.deepEqual(limits({blockIO}), ['blkio/x/blkio.bfq.weight 10', 'blkio/x/blkio.throttle.read_bps_device 8:0 7']);
	t.deepEqual(limits({blockIO}, unified), ['x/io.bfq.weight 10', 'x/io.max 8:0 rbps=7']);
	const hugepageLimits = [{pageSize: '2MB', limit: 4096}];
	t.deepEqual(limits({hugepageLimits}, unified), ['x/hugetlb.2MB.max 4096']);
	t.throws(() => limits({hugepageLimits}), {message: /a limit of huge pages needs the hugetlb controller/});
	t.deepEqual(limits({unified: {'memory.high': '5'}}, unified), ['x/memory.high 5']);
	t.throws(() => limits({unified: {'memory.high': '5'}}), {message: /unified memory.high needs/});
	t.deepEqual(limits({pids: {limit: 0}, cpu: {shares: 0}, blockIO: {weight: 0}, memory: {limit: 0}}), []);
});

test('devices: the default ones, what is asked for, and a list of what may be opened', t => {
	const devices = [{type: 'c' as const, path: '/dev/fuse', major: 10, minor: 229}];
	const spec = on({devices, resources: {devices: [{allow: false}, {allow: true, type: 'c', major: 10, minor: 229}]}});
	t.is(spec.linux.devices?.length, 7);
	t.like(spec.linux.devices?.at(-1), {path: '/dev/fuse', fileMode: 0o666});
	const rows = (rules: NonNullable<OciResources['devices']>) =>
		on({resources: {devices: rules}}).minicontainer.cgroup?.settings?.filter(({path: file}) => /devices\./.test(file));
	t.deepEqual(
		rows([{allow: true, access: 'rwm'}])?.map(({value}) => value),
		['a', 'a *:* rwm'],
	);
	const partly = rows([
		{allow: true, type: 'b', major: 8, access: 'rw'},
		{allow: false, type: 'b', major: 8, access: 'w'},
	]);
	t.is(partly?.at(-1)?.value, 'b 8:* r');
	const wrong = [
		{allow: true, type: 'b', major: 8},
		{allow: false, type: 'b', major: 8, minor: 1},
	];
	t.throws(() => rows(wrong), {message: /can be denied after it was allowed/});
	const foreign = planned({mounts: [{destination: '/dev', source: '/dev', options: ['bind']}]});
	t.deepEqual([foreign.linux.devices, foreign.minicontainer.links], [[], []]);
});

test('in a user namespace nodes are bound, and what belongs to the host’s namespaces too', t => {
	const map = [{containerID: 0, hostID: 100000, size: 10}];
	const linux = {namespaces: [{type: 'mount' as const}, {type: 'user' as const}], uidMappings: map, gidMappings: map};
	const spec = planned({linux, mounts: [{destination: '/sys', type: 'sysfs', options: ['ro']}]});
	t.is(spec.linux.namespaces[0]?.type, 'user');
	t.deepEqual(spec.linux.devices, []);
	t.true(spec.mounts.some(({destination, type}) => destination === '/dev/null' && type === 'bind'));
	t.like(spec.mounts.at(-1), {destination: '/sys', type: 'bind', source: '/sys', options: ['rbind', 'ro']});
	t.is(spec.minicontainer.setgroups, 'allow');
});

test('what the kernel would only call invalid', t => {
	const scheduled = (scheduler: object) => () =>
		planned({process: {args: ['a'], cwd: '/', scheduler: {policy: 'SCHED_DEADLINE', ...scheduler}}});
	t.throws(scheduled({deadline: 5}), {message: /requires `runtime`/});
	t.throws(scheduled({runtime: 9000, deadline: 5000}), {message: /runtime 9000 must be <= deadline 5000/});
	t.throws(() => planned({domainname: 'a', linux: {...base.linux, sysctl: {'kernel.domainname': 'b'}}}), {
		message: /say different things/,
	});
	t.deepEqual(on({memoryPolicy: {mode: 'MPOL_BIND', nodes: '0,2-3'}}).linux.memoryPolicy?.nodes, [0, 2, 3]);
});

test('exec: the same entry for both doors', t => {
	const spec = on({});
	const target = {pid: 7, startTime: 9};
	const theirs = validate(planOciExec(spec, {args: ['id'], cwd: '/', env: ['HOME=/']}, target));
	const ours = validate(planExec(spec, {args: ['id'], interactive: true}, {...target, passwd, group: '', env: {}}));
	t.deepEqual({...theirs, process: 0}, {...ours, process: 0});
	const below = planOciExec(spec, {args: ['id'], cwd: '/'}, {...target, cgroup: '../sub'}).minicontainer.cgroup;
	t.true(below?.join.includes('/cg/memory/x/sub'));
});

test('update: by the same rows, in an order that the kernel takes', t => {
	const spec = on({resources: {memory: {limit: 100, swap: 200}}});
	const rows = (resources: OciResources) =>
		planOciUpdate(spec, resources, old).map(({path: file, value}) => `${file.replace(/^\/cg\//, '')} ${value}`);
	t.deepEqual(rows({memory: {limit: 300, swap: 400}}), [
		...['memory/x/memory.memsw.limit_in_bytes 400', 'memory/x/memory.limit_in_bytes 300'],
	]);
	t.deepEqual(rows({memory: {limit: 50}})[0], 'memory/x/memory.limit_in_bytes 50');
	t.deepEqual(rows({blockIO: {weight: 500}}), ['blkio/x/blkio.bfq.weight 500']);
	t.throws(() => rows({hugepageLimits: [{pageSize: '2MB', limit: 1}]}), {message: /no group of it/});
	t.deepEqual(rows({pids: {limit: -1}, cpu: {shares: 0}}), ['pids/x/pids.max max']);
	t.throws(() => rows({unified: {'memory.high': '1'}}), {message: /needs cgroup version 2|no control group/});
});
