import test from 'ava';
import {plan} from '../../src/plan/plan.js';
import type {Request} from '../../src/plan/request.js';
import type {HostFacts, TopEntry} from '../../src/spec/facts.js';
import {validate} from '../../src/spec/validate.js';

const top: TopEntry[] = [
	{name: 'usr', kind: 'directory'},
	{name: 'home', kind: 'busy'},
	{name: 'proc', kind: 'busy'},
	{name: 'swap', kind: 'file'},
	{name: 'bin', kind: 'link', target: 'usr/bin'},
];
const facts: Partial<HostFacts> = {euid: 1000, egid: 1000, overlayDir: '/home/me/o', top};
const planned = (request: Partial<Request> = {}, known = facts) =>
	plan({rootfs: '/', args: ['/bin/sh'], ...request}, known);

test('without root, what has mounts below it is overlaid in parts, and seen read-only where that cannot be', t => {
	const {minicontainer, mounts} = validate(planned({overlay: {kind: 'disk'}}));
	t.deepEqual(minicontainer.rootfs?.overlay, {lower: ['/'], userxattr: true, tmpfs: {}, parts: ['/usr']});
	t.deepEqual(
		mounts.slice(0, 2).map(({destination, options}) => [destination, options.includes('rro')]),
		[
			['/home', true],
			['/swap', true],
		],
	);
	t.is(mounts.find(({destination}) => destination === '/proc')?.type, 'proc');
	t.deepEqual(minicontainer.links?.[0], {path: '/bin', target: 'usr/bin'});
});

test('the size of a tmpfs is kept', t => {
	t.deepEqual(planned({overlay: {kind: 'tmpfs', size: 4096}}).minicontainer.rootfs?.overlay?.tmpfs, {size: 4096});
});

test('a directory for the changes is refused, and says what to do', t => {
	t.throws(() => planned({overlay: {kind: 'dir', path: '/c'}}), {message: /mounts below it/});
});

test('as it is, and where nothing is mounted below, there are no parts', t => {
	t.is(planned({overlay: {kind: 'none'}}).minicontainer.rootfs?.overlay, undefined);
	t.is(planned({}, {...facts, top: []}).minicontainer.rootfs?.overlay?.parts, undefined);
});
