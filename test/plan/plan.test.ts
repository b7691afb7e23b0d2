import test from 'ava';
import {plan} from '../../src/plan/plan.js';
import type {Request} from '../../src/plan/request.js';
import {encode} from '../../src/spec/encode.js';
import {validate} from '../../src/spec/validate.js';
import {base, facts, id, mountAt, planned, refuses, rootless, withRanges} from './base.js';

test('a bare request and no facts make a whole spec', t => {
	const spec = plan({rootfs: '/r', args: ['sh']});
	t.notThrows(() => validate(spec));
	t.deepEqual(Object.keys(spec), ['ociVersion', 'process', 'root', 'hostname', 'mounts', 'linux', 'minicontainer']);
	t.is(spec.hostname, 'container');
	const {contents, ...extension} = spec.minicontainer;
	const destinations = contents?.map(({destination}) => destination);
	t.deepEqual(destinations, ['/etc/resolv.conf', '/etc/hosts', '/etc/hostname']);
	t.deepEqual(extension, {
		version: 1,
		id: 'container',
		rootfs: {overlay: {lower: ['/r'], tmpfs: {}}, options: ['nodev']},
		loopback: true,
		newKeyring: true,
		links: [
			{path: '/dev/fd', target: '/proc/self/fd'},
			{path: '/dev/stdin', target: '/proc/self/fd/0'},
			{path: '/dev/stdout', target: '/proc/self/fd/1'},
			{path: '/dev/stderr', target: '/proc/self/fd/2'},
			{path: '/dev/ptmx', target: 'pts/ptmx'},
			{path: '/dev/console', target: 'null'},
		],
		stdin: 'null',
		init: false,
	});
});

test('the same arguments give the same spec, and are left as they are', t => {
	const request = Object.freeze({...base, args: Object.freeze(['a', 'b']), mounts: Object.freeze([])});
	const host = Object.freeze({...withRanges});
	t.is(encode(plan(request, host)), encode(plan(request, host)));
	t.deepEqual(request.args, ['a', 'b']);
});

test('one spec shares nothing with the next', t => {
	const spec = plan(base);
	spec.linux.maskedPaths?.pop();
	spec.mounts.pop();
	spec.process.capabilities?.bounding?.pop();
	t.notDeepEqual(plan(base), spec);
	t.deepEqual(plan(base), plan(base));
});

test('a field that is undefined counts as absent', t => {
	const fields = [
		'overlay',
		'hostname',
		'env',
		'workdir',
		'user',
		'mounts',
		'shmSize',
		'timeout',
		'network',
		'pidFile',
	];
	t.deepEqual(planned(Object.fromEntries(fields.map(field => [field, undefined]))), planned());
});

test('host name: the short id, or the wanted one, or none of its own', t => {
	t.is(planned().hostname, id.slice(0, 12));
	t.is(planned({}, {...facts, id: 'my_app..2-'}).hostname, 'my-app-2');
	t.is(planned({hostname: 'web.local'}).hostname, 'web.local');
	t.is(planned({uts: 'host'}).hostname, undefined);
	refuses(t, {hostname: 'a\nb'}, /is not a host name/);
	refuses(t, {hostname: 'a', uts: 'host'}, /^a host name cannot be set in the host's uts namespace$/);
});

test("namespaces: all of them, the host's left out, a user namespace first without root", t => {
	const types = (spec: ReturnType<typeof planned>) => spec.linux.namespaces.map(({type}) => type).join(' ');
	t.is(types(planned()), 'pid network mount ipc uts cgroup');
	t.is(types(planned({}, rootless)), 'user pid network mount ipc uts cgroup');
	t.is(types(planned({pid: 'host'})), 'network mount ipc uts cgroup');
	t.is(types(planned({network: 'host'})), 'pid mount ipc uts cgroup');
	t.is(types(planned({ipc: 'host'})), 'pid network mount uts cgroup');
	t.is(types(planned({uts: 'host'})), 'pid network mount ipc cgroup');
});

test('what is said goes where it belongs', t => {
	const change = {
		...{args: ['/bin/echo', '', 'a b'], workdir: '/srv//x/', readOnly: true, init: true, interactive: true},
		...{timeout: 1500, labels: {b: '2', a: ''}, pidFile: 'run/pid', noNewPrivileges: false},
	};
	const spec = planned(change);
	t.deepEqual(spec.process.args, change.args);
	t.is(spec.process.cwd, '/srv/x');
	t.deepEqual(spec.root, {path: '/r', readonly: true});
	t.is(spec.process.noNewPrivileges, false);
	t.deepEqual(spec.annotations, {b: '2', a: ''});
	const {init, timeout, pidFile, stdin} = spec.minicontainer;
	t.deepEqual(
		{init, timeout, pidFile, stdin},
		{init: true, timeout: 1500, pidFile: '/home/me/run/pid', stdin: undefined},
	);
});

test("a terminal: TERM, and /dev/console is the helper's to make", t => {
	const spec = planned({tty: true});
	t.true(spec.process.terminal);
	t.true(spec.process.env.includes('TERM=xterm'));
	t.false(spec.minicontainer.links?.some(({path}) => path === '/dev/console'));
	t.is(spec.minicontainer.stdin, 'null');
});

test('loopback only in a network of its own', t => {
	t.true(planned().minicontainer.loopback);
	t.false(planned({network: 'host'}).minicontainer.loopback);
});

test('masks: the union, and a file for each processor', t => {
	const {maskedPaths = [], readonlyPaths = []} = planned({}, {...facts, cpus: 2}).linux;
	for (const path of ['/proc/kcore', '/proc/keys', '/proc/interrupts', '/proc/scsi', '/sys/firmware', '/sys/dev/block'])
		t.true(maskedPaths.includes(path), path);
	for (const path of ['/sys/devices/virtual/powercap', '/sys/kernel/debug', '/sys/kernel/tracing', '/sys/fs/selinux'])
		t.true(maskedPaths.includes(path), path);
	t.deepEqual(
		maskedPaths.filter(path => path.includes('thermal')),
		[0, 1].map(cpu => `/sys/devices/system/cpu/cpu${cpu}/thermal_throttle`),
	);
	t.deepEqual(
		readonlyPaths,
		['asound', 'bus', 'fs', 'irq', 'mtrr', 'sys', 'sysrq-trigger'].map(name => `/proc/${name}`),
	);
});

test('ids that the helper would refuse are refused here', t => {
	for (const bad of ['', '../x', 'a b', '.x']) refuses(t, {}, /is not a name/, {...facts, id: bad});
});

test('numbers that no flag can say', t => {
	for (const value of [1.5, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60]) {
		refuses(t, {shmSize: value}, /must be a whole number/);
		refuses(t, {timeout: value}, /must be a whole number/);
		refuses(t, {overlay: {kind: 'tmpfs', size: value}}, /must be a whole number/);
		refuses(t, {mounts: [{type: 'tmpfs', destination: '/t', size: value}]}, /must be a whole number/);
	}
});

test('no command', t => {
	refuses(t, {args: []}, /^there is no command$/);
	refuses(t, {args: ['']}, /^there is no command$/);
	refuses(t, {args: ['a', 'b\0']}, /^argument 'b\\u\{0\}' has a NUL character$/);
});

test('working directories', t => {
	refuses(t, {workdir: 'x'}, /'x' is not an absolute path/);
	refuses(t, {workdir: ''}, /empty/);
	t.is(planned({workdir: '/a/../../b'}).process.cwd, '/b');
});

test('shared memory: 64 MiB unless told', t => {
	t.true(mountAt(planned(), '/dev/shm')?.options.includes('size=67108864'));
	t.true(mountAt(planned({shmSize: 4096}), '/dev/shm')?.options.includes('size=4096'));
	t.true(mountAt(planned({shmSize: 0}), '/dev/shm')?.options.includes('size=67108864'));
});

test('what no compiler has checked: unknown keys and other shapes are refused, by name', t => {
	const cases: [object, RegExp][] = [
		[{capdrop: ['all']}, /unknown key 'capdrop'/],
		[{env: ['A=1']}, /env must be a list of \{name, value\}/],
		[{env: {A: '1'}}, /env must be/],
		[{user: 'app'}, /user must be an object/],
		[{mounts: ['/a:/b']}, /mounts must be/],
		[{args: 'sh'}, /args must be a list of strings/],
		[{args: undefined}, /args is missing/],
		[{noNewPrivileges: 'false'}, /noNewPrivileges must be true or false/],
		[{network: 1}, /network must be/],
		[{timeout: -1}, /timeout must be/],
	];
	for (const [change, message] of cases) {
		refuses(t, change as Partial<Request>, message);
	}
});
