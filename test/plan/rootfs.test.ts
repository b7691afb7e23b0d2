import test from 'ava';
import type {OverlayRequest} from '../../src/plan/request.js';
import {facts, planned, refuses, rootless} from './base.js';

const overlay = (request: OverlayRequest, host = facts, rootfs = '/r') =>
	planned({overlay: request, rootfs}, host).minicontainer.rootfs?.overlay;

test('overlays', t => {
	const x = '/var/lib/minicontainer/x';
	t.deepEqual(overlay({kind: 'tmpfs'}), {lower: ['/r'], tmpfs: {}});
	t.deepEqual(overlay({kind: 'tmpfs', size: 4096}), {lower: ['/r'], tmpfs: {size: 4096}});
	t.deepEqual(overlay({kind: 'disk'}), {lower: ['/r'], upper: `${x}/upper`, work: `${x}/work`});
	t.deepEqual(overlay({kind: 'dir', path: './c'}), {
		...{lower: ['/r'], upper: '/home/me/c/upper', work: '/home/me/c/work'},
	});
	t.is(overlay({kind: 'none'}), undefined);
	t.deepEqual(overlay({kind: 'tmpfs'}, rootless), {lower: ['/r'], userxattr: true, tmpfs: {}});
});

test('an upper layer inside the lower one: two overlays, one on the other', t => {
	t.true(overlay({kind: 'disk'}, facts, '/')?.stacked);
	t.true(overlay({kind: 'disk'}, facts, '/var/lib')?.stacked);
	t.true(overlay({kind: 'dir', path: '/c'}, facts, '/')?.stacked);
	t.is(overlay({kind: 'disk'}, facts, '/var/li')?.stacked, undefined);
	t.is(overlay({kind: 'tmpfs'}, facts, '/')?.stacked, undefined);
});

test('the root file system: absolute and clean', t => {
	t.is(planned({rootfs: 'a/../b/'}).root?.path, '/home/me/b');
	t.is(planned({rootfs: '.'}).root?.path, '/home/me');
	t.is(planned({rootfs: '/'}).root?.path, '/');
	refuses(t, {rootfs: ''}, /empty/);
	refuses(t, {rootfs: '/a\0'}, /NUL/);
});

test('the root mount has no device nodes, and no setuid programs without root', t => {
	t.deepEqual(planned().minicontainer.rootfs?.options, ['nodev']);
	t.deepEqual(planned({overlay: {kind: 'none'}}).minicontainer.rootfs, {options: ['nodev']});
	t.deepEqual(planned({}, rootless).minicontainer.rootfs?.options, ['nosuid', 'nodev']);
});

test('directories that cannot keep the changes', t => {
	const dir = (path: string, rootfs: string, message: RegExp) =>
		refuses(t, {rootfs, overlay: {kind: 'dir', path}}, message);
	dir('/r', '/r', /^the overlay's directory '\/r' lies in the root file system '\/r', which is never changed$/);
	dir('/r/c', '/r', /lies in the root file system/);
	dir('/c', '/c/upper', /^the root file system '\/c\/upper' lies in the overlay's directory '\/c'$/);
	dir('/c', '/c/work/x', /lies in the overlay's directory/);
	dir('', '/r', /empty/);
	t.notThrows(() => planned({rootfs: '/c/rootfs', overlay: {kind: 'dir', path: '/c'}}));
	refuses(t, {overlay: {kind: 'disk'}}, /'overlayDir' is missing/, {});
});
