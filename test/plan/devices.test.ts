import test from 'ava';
import type {DeviceRequest} from '../../src/plan/request.js';
import {mountAt, planned, refuses, rootless} from './base.js';

const names = ['null', 'zero', 'full', 'random', 'urandom', 'tty'];
const fuse = (destination = '/dev/fuse', permissions = 'rwm'): DeviceRequest => ({
	...{source: '/dev/fuse', destination, permissions},
});

test('as root: nodes', t => {
	const {devices = []} = planned().linux;
	t.deepEqual(
		devices.map(({path, major, minor}) => `${path} ${major}:${minor}`),
		[...['/dev/null 1:3', '/dev/zero 1:5', '/dev/full 1:7', '/dev/random 1:8', '/dev/urandom 1:9', '/dev/tty 5:0']],
	);
	t.true(devices.every(({type, fileMode, uid, gid}) => type === 'c' && fileMode === 0o666 && uid === 0 && gid === 0));
});

test("without root: the host's nodes, bound right after /dev", t => {
	const {linux, mounts} = planned({}, rootless);
	t.deepEqual(linux.devices, []);
	t.deepEqual(
		mounts.slice(2, 8),
		names.map(name => ({
			...{destination: `/dev/${name}`, type: 'bind', source: `/dev/${name}`, options: ['bind', 'nosuid', 'noexec']},
		})),
	);
});

test('a device of the host', t => {
	t.deepEqual(planned({devices: [fuse('/dev/x', 'rw')]}).linux.devices?.at(-1), {
		...{type: 'c', path: '/dev/x', major: 10, minor: 229, fileMode: 0o660, uid: 0, gid: 7},
	});
	t.deepEqual(mountAt(planned({devices: [fuse('/dev/x')]}, rootless), '/dev/x'), {
		...{destination: '/dev/x', type: 'bind', source: '/dev/fuse', options: ['bind', 'nosuid', 'noexec']},
	});
	t.is(planned({devices: [fuse('/dev/null')]}).linux.devices?.length, names.length);
});

test('devices that cannot be had', t => {
	const bad = (request: DeviceRequest, message: RegExp) => {
		refuses(t, {devices: [request]}, message);
		refuses(t, {devices: [request]}, message, rootless);
	};
	bad({...fuse(), source: '/dev/nope'}, /^device '\/dev\/nope': there is no such device on the host$/);
	bad({...fuse(), source: '/dev/constructor'}, /no such device/);
	bad(fuse('/dev/fuse', 'r'), /permissions 'r' need a device control group, and there is none: use rwm or rw$/);
	bad(fuse('/dev/fuse', 'm'), /need a device control group/);
	for (const path of ['/dev', '/x', '/dev/../x', '/dev/pts/x', '/dev/shm/x', '/dev/fd', '/dev/console'])
		bad(fuse(path), /^a device cannot be at '.*': it must be in \/dev itself, and at a path of its own$/);
});

test('no node is ever made in a volume', t => {
	const mounts = [{type: 'bind', source: '/s', destination: '/dev/x'}] as const;
	refuses(t, {mounts, devices: [fuse('/dev/x/fuse')]}, /a device cannot be at '\/dev\/x\/fuse'/);
	refuses(t, {mounts, devices: [fuse('/dev/x')]}, /a device cannot be at '\/dev\/x'/);
});
