import test from 'ava';
import type {MountRequest} from '../../src/plan/request.js';
import {facts, mountAt, planned, refuses, rootless, withRanges} from './base.js';

const bind = (source: string, destination: string): MountRequest => ({type: 'bind', source, destination});
const destinations = (mounts: MountRequest[]): string[] => planned({mounts}).mounts.map(({destination}) => destination);

test("the container's own file systems", t => {
	t.deepEqual(planned().mounts, [
		{destination: '/proc', type: 'proc', source: 'proc', options: ['nosuid', 'noexec', 'nodev']},
		{
			destination: '/dev',
			type: 'tmpfs',
			source: 'tmpfs',
			options: ['nosuid', 'noexec', 'strictatime', 'mode=0755', 'size=1m'],
		},
		{
			destination: '/dev/pts',
			type: 'devpts',
			source: 'devpts',
			options: ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620', 'gid=5'],
		},
		{
			destination: '/dev/shm',
			type: 'tmpfs',
			source: 'shm',
			options: ['nosuid', 'noexec', 'nodev', 'mode=1777', 'size=67108864'],
		},
		{destination: '/dev/mqueue', type: 'mqueue', source: 'mqueue', options: ['nosuid', 'noexec', 'nodev']},
		{destination: '/sys', type: 'sysfs', source: 'sysfs', options: ['nosuid', 'noexec', 'nodev', 'ro']},
	]);
});

test('devpts has the group tty only where that group exists', t => {
	const hasGroup = (spec: ReturnType<typeof planned>) => mountAt(spec, '/dev/pts')?.options.includes('gid=5');
	t.false(hasGroup(planned({}, rootless)));
	t.true(hasGroup(planned({user: {user: '0', group: '5'}}, rootless)));
	t.true(hasGroup(planned({}, withRanges)));
});

const hostSys = {
	destination: '/sys',
	type: 'bind',
	source: '/sys',
	options: ['rbind', 'rprivate', 'rro', 'rnosuid', 'rnoexec', 'rnodev'],
};

test("the host's namespaces without root: its file systems are bound, for they cannot be mounted", t => {
	t.deepEqual(mountAt(planned({network: 'host'}, rootless), '/sys'), hostSys);
	t.is(mountAt(planned({network: 'host'}), '/sys')?.type, 'sysfs');
	t.deepEqual(mountAt(planned({pid: 'host'}, rootless), '/proc'), {
		...{destination: '/proc', type: 'bind', source: '/proc'},
		options: ['rbind', 'rprivate', 'rnosuid', 'rnoexec', 'rnodev'],
	});
	t.is(mountAt(planned({pid: 'host'}), '/proc')?.type, 'proc');
});

test("the host's ipc: its shared memory and its queues", t => {
	const shm = mountAt(planned({ipc: 'host'}), '/dev/shm');
	t.deepEqual([shm?.type, shm?.source], ['bind', '/dev/shm']);
	t.is(mountAt(planned({ipc: 'host'}), '/dev/mqueue')?.type, 'mqueue');
	t.is(mountAt(planned({ipc: 'host'}, rootless), '/dev/mqueue')?.type, 'bind');
	t.is(mountAt(planned({ipc: 'host'}, {...rootless, mqueue: false}), '/dev/mqueue'), undefined);
});

test('volumes: absolute, private, without device nodes, and read-only all the way down', t => {
	const [mount] = planned({mounts: [{...bind('./data', '/x/'), readOnly: true} as MountRequest]}).mounts.slice(-1);
	t.deepEqual(mount, {
		destination: '/x',
		type: 'bind',
		source: '/home/me/data',
		options: ['rbind', 'rprivate', 'rnodev', 'rro'],
	});
	const one = planned({mounts: [{type: 'bind', source: '/a/../b', destination: '/x', recursive: false}]});
	t.deepEqual(mountAt(one, '/x'), {
		...{destination: '/x', type: 'bind', source: '/b'},
		options: ['bind', 'rprivate', 'rnodev'],
	});
});

test('names that would be options or separators elsewhere are only names', t => {
	for (const name of ['/a,upperdir=c', '/a b', '/a:b', '/a\nb', '/$(touch x)', '/\\040', '/é']) {
		const mount = mountAt(planned({mounts: [bind(name, name)]}), name);
		t.is(mount?.source, name);
	}
});

test('parents come before what lies in them, whatever the order', t => {
	const given = ['/b/c/d', '/a-b', '/b/c', '/a/x', '/b', '/a'].map(path => bind('/s', path));
	t.deepEqual(destinations(given).slice(-6), ['/a-b', '/b', '/a', '/b/c', '/a/x', '/b/c/d']);
});

test('a mount in the place of one of ours stands instead of it', t => {
	for (const path of ['/dev/shm', '/dev/mqueue', '/sys']) {
		const all = destinations([{type: 'tmpfs', destination: path}]);
		t.is(all.filter(destination => destination === path).length, 1);
		t.is(all.at(-1), path);
	}
});

test('tmpfs: noexec, nosuid and nodev unless told otherwise', t => {
	const options = (mount: Partial<MountRequest>): string[] | undefined =>
		mountAt(planned({mounts: [{...mount, type: 'tmpfs', destination: '/t'} as MountRequest]}), '/t')?.options;
	const standard = ['nosuid', 'noexec', 'nodev'];
	t.deepEqual(options({}), standard);
	t.deepEqual(options({size: 4096, mode: 0o700, readOnly: true}), [...standard, 'ro', 'mode=0700', 'size=4096']);
	t.deepEqual(options({size: 0}), standard);
	t.deepEqual(options({options: ['exec']}), ['nosuid', 'nodev']);
	t.deepEqual(options({options: ['suid', 'exec', 'nodev']}), ['nodev']);
	t.deepEqual(options({options: ['noexec', 'uid=5', 'noatime']}), ['nosuid', 'nodev', 'noexec', 'uid=5', 'noatime']);
	for (const option of ['dev', 'rbind', 'size', 'mpol=bind', ''])
		refuses(t, {mounts: [{type: 'tmpfs', destination: '/t', options: [option]}]}, /is not an option of a tmpfs/);
});

test('places where nothing can be mounted (CVE-2019-16884)', t => {
	const cases: [string, RegExp][] = [
		['/', /^a mount cannot be at '\/': the root file system/],
		['/x/..', /^a mount cannot be at '\/'/],
		['/proc', /nothing may hide \/proc/],
		['/proc/', /nothing may hide \/proc/],
		['/proc/self/attr', /nothing may hide \/proc/],
		['/x/../proc/sys/kernel', /nothing may hide \/proc/],
		['/dev', /use --device/],
		['/dev/pts', /terminals/],
		['/dev/pts/0', /terminals/],
		['/dev/null', /devices are its own/],
		['/dev/console', /devices are its own/],
		['/dev/fd', /devices are its own/],
		['/dev/stdin/x', /devices are its own/],
		['x', /'x' is not an absolute path/],
		['', /empty/],
	];
	for (const [path, message] of cases) {
		refuses(t, {mounts: [bind('/s', path)]}, message);
		refuses(t, {mounts: [{type: 'tmpfs', destination: path}]}, message);
	}
	t.notThrows(() => planned({mounts: ['/process', '/device', '/dev/x', '/sys/x'].map(path => bind('/s', path))}));
});

test('two mounts at one place', t => {
	refuses(t, {mounts: [bind('/a', '/x'), {type: 'tmpfs', destination: '/y/../x/'}]}, /^two mounts at '\/x'$/);
});

test('sources that are no paths', t => {
	refuses(t, {mounts: [bind('', '/x')]}, /empty/);
	refuses(t, {mounts: [bind('a\0', '/x')]}, /NUL/);
	t.is(mountAt(planned({mounts: [bind('a', '/x')]}, {...facts, cwd: '/'}), '/x')?.source, '/a');
});
