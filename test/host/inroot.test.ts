import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {readInRoot} from '../../src/host/inroot.js';
import {testWith} from '../helpers/needs.js';
import {scratch} from '../helpers/rootfs.js';

const LIMIT = 1 << 20;

/** A directory tree of files (text), links (`{link}`) and directories (null). */
type Tree = Record<string, string | {link: string} | null>;

function make(tree: Tree): string {
	const root = scratch('inroot');
	for (const [name, what] of Object.entries(tree)) {
		const file = path.join(root, name);
		fs.mkdirSync(path.dirname(file), {recursive: true});
		if (what === null) {
			fs.mkdirSync(file, {recursive: true});
		} else if (typeof what === 'string') {
			fs.writeFileSync(file, what);
		} else {
			fs.symlinkSync(what.link, file);
		}
	}

	return root;
}

const read = (...layers: string[]) => readInRoot(layers, ['etc/passwd'], LIMIT)[0];

const rows: [title: string, tree: Tree, text: string][] = [
	['a file', {'etc/passwd': 'x\n'}, 'x\n'],
	['nothing', {etc: null}, ''],
	['no directory', {}, ''],
	['a directory in its place', {'etc/passwd': null}, ''],
	['a file in the place of its directory', {etc: 'x'}, ''],
	['a relative link', {'etc/passwd': {link: 'accounts'}, 'etc/accounts': 'x\n'}, 'x\n'],
	['an absolute link, from the root', {'etc/passwd': {link: '/usr/p'}, 'usr/p': 'x\n'}, 'x\n'],
	['a link that climbs stays inside', {'etc/passwd': {link: '../../../../../../usr/p'}, 'usr/p': 'x\n'}, 'x\n'],
	['a directory that is a link', {etc: {link: '/usr/etc'}, 'usr/etc/passwd': 'x\n'}, 'x\n'],
	[
		'.. after a link is the parent of where it leads',
		{etc: {link: 'a/b'}, 'a/b': null, 'a/b/passwd': {link: '../p'}, 'a/p': 'x\n'},
		'x\n',
	],
	['a link to the host', {'etc/passwd': {link: '/etc/passwd'}}, ''],
	['a link to a host directory', {etc: {link: '/proc/self/root/etc'}}, ''],
	['a magic link', {'etc/passwd': {link: '/proc/self/fd/0'}}, ''],
	['a link to itself', {'etc/passwd': {link: 'passwd'}}, ''],
	['links in a ring', {'etc/passwd': {link: 'b'}, 'etc/b': {link: '/etc/passwd'}}, ''],
	['a file below a file', {'etc/passwd': {link: 'f/x'}, 'etc/f': 'x'}, ''],
	['an empty file', {'etc/passwd': ''}, ''],
];

for (const [title, tree, text] of rows) {
	test(title, t => {
		t.is(read(make(tree)), text);
	});
}

test('a chain of links: 40 are followed, as the kernel does', t => {
	const chain = (length: number): Tree => ({
		'etc/passwd': {link: 'l1'},
		...Object.fromEntries(Array.from({length: length - 1}, (_, i) => [`etc/l${i + 1}`, {link: `l${i + 2}`}])),
		[`etc/l${length}`]: 'x\n',
	});
	t.is(read(make(chain(40))), 'x\n');
	t.is(read(make(chain(41))), '');
});

test('a FIFO is not waited for, a socket and a device are not opened', t => {
	const root = make({etc: null});
	execFileSync('mkfifo', [path.join(root, 'etc/passwd')]);
	t.is(read(root), '');
});

test('of a huge file only whole lines within the limit are read', t => {
	const root = make({'etc/passwd': 'first\n', 'etc/group': 'x'.repeat(LIMIT - 1)});
	fs.truncateSync(path.join(root, 'etc/passwd'), 2 ** 33);
	const begin = process.hrtime.bigint();
	t.is(read(root), 'first\n');
	t.true(process.hrtime.bigint() - begin < 1_000_000_000n);
	t.is(readInRoot([root], ['etc/group'], LIMIT)[0]?.length, LIMIT - 1);
	t.is(readInRoot([root], ['etc/group'], 100)[0], '');
});

test('several files at once', t => {
	const root = make({'etc/passwd': 'p', 'etc/group': 'g'});
	t.deepEqual(readInRoot([root], ['etc/passwd', 'etc/nothing', 'etc/group'], LIMIT), ['p', '', 'g']);
});

test('the upper layer hides the lower', t => {
	const lower = make({'etc/passwd': 'lower', 'etc/group': 'group'});
	t.is(read(make({'etc/passwd': 'upper'}), lower), 'upper');
	t.is(read(make({'etc/other': 'x'}), lower), 'lower');
	t.is(read(make({etc: 'a file'}), lower), '');
	t.is(read(make({'etc/passwd': null}), lower), '');
	t.is(read(make({etc: {link: 'var'}, 'var/passwd': 'var'}), lower), 'var');
	t.is(read('/nowhere', lower), 'lower');
	t.deepEqual(readInRoot([make({'etc/passwd': 'upper'}), lower], ['etc/passwd', 'etc/group'], LIMIT), [
		'upper',
		'group',
	]);
});

testWith({as: 'root'}, 'a whiteout is nothing', t => {
	const lower = make({'etc/passwd': 'lower'});
	const upper = make({etc: null});
	execFileSync('mknod', [path.join(upper, 'etc/passwd'), 'c', '0', '0']);
	t.is(read(upper, lower), '');
	const above = make({});
	execFileSync('mknod', [path.join(above, 'etc'), 'c', '0', '0']);
	t.is(read(above, lower), '');
});

test('no descriptor is left open', t => {
	const count = () => fs.readdirSync('/proc/self/fd').length;
	const root = make({'etc/passwd': {link: 'a'}, 'etc/a': {link: '/b/c'}, 'b/c': 'x'});
	const before = count();
	read(root);
	read('/nowhere');
	t.is(count(), before);
});
