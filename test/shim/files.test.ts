/** Packing and unpacking by the helper alone: what it writes tar reads, what tar writes it reads. */
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {planOnHost} from '../../src/plan/files.js';
import type {Files} from '../../src/spec/types.js';
import type {Box} from '../helpers/box.js';
import {Canary} from '../helpers/canary.js';
import {helperTest} from '../helpers/helper-test.js';
import {isRoot} from '../helpers/project.js';
import {stringify} from '../helpers/shim.js';
import {archive, end, entry, type Header, record} from '../helpers/tar.js';

let count = 0;

async function work(box: Box, helper: string, root: string, files: Files, input: Buffer | string = '') {
	const spec = planOnHost(root, {euid: process.geteuid?.() ?? 0, egid: process.getegid?.() ?? 0}, files);
	const file = box.file(`spec-${count++}.json`, stringify(spec));
	const result = await box.spawn(helper, ['run', file], {stdin: 'pipe', input, encoding: 'buffer'});
	const {exitCode: code, stdout, stderr} = result as unknown as {exitCode: number; stdout: Buffer; stderr: Buffer};
	return {code, stdout: Buffer.from(stdout), stderr: Buffer.from(stderr).toString()};
}

const packAll = {pack: {path: '/', name: '.', directory: true}};
const unpackAll = {unpack: {path: '/', entries: true}};

/** Names, kinds, modes, times, link texts and contents. */
function portrait(directory: string | Buffer, below = ''): string[] {
	return fs
		.readdirSync(directory, {encoding: 'buffer'})
		.flatMap(name => {
			const file = Buffer.concat([Buffer.from(directory), Buffer.from('/'), name]);
			const called = `${below}/${name.toString('latin1')}`;
			const stat = fs.lstatSync(file);
			const text = stat.isSymbolicLink() ? fs.readlinkSync(file) : stat.isFile() ? fs.readFileSync(file, 'base64') : '';
			const own = `${called} ${stat.mode.toString(8)} ${Math.floor(stat.mtimeMs / 1000)} ${text}`;
			return stat.isDirectory() ? [own, ...portrait(file, called)] : [own];
		})
		.sort();
}

function makeTree(directory: string): void {
	const long = 'x'.repeat(240);
	fs.mkdirSync(`${directory}/a/b`, {recursive: true});
	fs.writeFileSync(`${directory}/a/file`, 'text');
	fs.writeFileSync(`${directory}/a/empty`, '');
	fs.writeFileSync(`${directory}/a/block`, Buffer.alloc(512, 1));
	fs.writeFileSync(`${directory}/a/large`, Buffer.alloc(300_001, 'large'));
	fs.writeFileSync(`${directory}/a/new\nline\t\x1b[31m -rf *`, 'odd');
	fs.writeFileSync(Buffer.concat([Buffer.from(`${directory}/a/`), Buffer.from([0xff, 0xfe])]), 'no UTF-8');
	fs.mkdirSync(`${directory}/${long}/${long}`, {recursive: true});
	fs.writeFileSync(`${directory}/${long}/${long}/${long}`, 'long');
	fs.symlinkSync('file', `${directory}/a/link`);
	fs.symlinkSync('/'.repeat(300) + long, `${directory}/a/long-link`);
	execFileSync('mkfifo', [`${directory}/a/fifo`]);
	fs.chmodSync(`${directory}/a/file`, 0o640);
	for (const name of ['a/file', 'a/b', 'a']) {
		fs.utimesSync(`${directory}/${name}`, 1e9, 1e9);
	}

	fs.chmodSync(`${directory}/a/b`, 0o1511);
}

helperTest('a tree that was packed and unpacked is the same', async (t, box, helper) => {
	const from = box.directory('from');
	makeTree(from);
	const packed = await work(box, helper, from, packAll);
	t.deepEqual([packed.code, packed.stderr], [0, '']);
	const unpacked = await work(box, helper, box.directory('to'), unpackAll, packed.stdout);
	t.deepEqual([unpacked.code, unpacked.stderr, unpacked.stdout.length], [0, '', 0]);
	t.deepEqual(portrait(box.path('to')), portrait(from));
});

helperTest(
	'GNU tar reads what is packed, and what it writes in each of its formats is read',
	async (t, box, helper) => {
		const from = box.directory('from');
		makeTree(from);
		const {stdout} = await work(box, helper, from, packAll);
		execFileSync('tar', ['-xpf', '-', '-C', box.directory('by-tar')], {input: stdout});
		t.deepEqual(portrait(box.path('by-tar')), portrait(from));
		for (const format of ['gnu', 'pax']) {
			const bytes = execFileSync('tar', ['-c', `--format=${format}`, '-C', from, '.'], {maxBuffer: 1 << 24});
			const result = await work(box, helper, box.directory(format), unpackAll, bytes);
			t.deepEqual([result.code, result.stderr], [0, ''], format);
			t.deepEqual(portrait(box.path(format)), portrait(from), format);
		}

		for (const format of ['v7', 'ustar', 'oldgnu']) {
			const bytes = execFileSync('tar', ['-c', `--format=${format}`, '-C', from, 'a/file', 'a/large', 'a/link']);
			const result = await work(box, helper, box.directory(format), unpackAll, bytes);
			t.deepEqual([result.code, result.stderr], [0, ''], format);
			t.is(fs.statSync(box.path(format, 'a/large')).size, 300_001);
			t.is(fs.readlinkSync(box.path(format, 'a/link')), 'file');
		}
	},
);

helperTest('hard links in an archive become hard links', async (t, box, helper) => {
	box.file('from/one', 'same');
	fs.linkSync(box.path('from/one'), box.path('from/two'));
	const bytes = execFileSync('tar', ['-c', '-C', box.path('from'), 'one', 'two']);
	t.is((await work(box, helper, box.directory('to'), unpackAll, bytes)).code, 0);
	t.is(fs.statSync(box.path('to/one')).ino, fs.statSync(box.path('to/two')).ino);
});

helperTest('a tree deeper than PATH_MAX', async (t, box, helper) => {
	const script = 'i=0; while [ $i -lt 150 ]; do mkdir "$0" && cd "$0" || exit 1; i=$((i+1)); done; echo deep >file';
	execFileSync('bash', ['-c', script, 'd'.repeat(50)], {cwd: box.directory('from')});
	const packed = await work(box, helper, box.path('from'), packAll);
	t.deepEqual([packed.code, packed.stderr], [0, '']);
	const unpacked = await work(box, helper, box.directory('to'), unpackAll, packed.stdout);
	t.deepEqual([unpacked.code, unpacked.stderr], [0, '']);
	const down = 'i=0; while [ $i -lt 150 ]; do cd -P "$0" || exit 1; i=$((i+1)); done; cat file';
	t.is(execFileSync('bash', ['-c', down, 'd'.repeat(50)], {cwd: box.path('to'), encoding: 'utf8'}), 'deep\n');
	execFileSync('rm', ['-rf', box.path('from'), box.path('to')]);
});

/** What leads out, or would. */
function wayOut(canary: string): Record<string, Buffer> {
	const through = (link: string): Header[] => [
		{name: 'link', type: '2', target: link},
		{name: 'link/file', data: 'overwritten'},
	];
	const pax = (text: string): Header => ({name: 'pax', type: 'x', data: record(text)});
	const file = {name: 'x', data: 'overwritten'};
	return {
		'a name with ..': archive({...file, name: '../canary/file'}),
		'.. in the middle': archive({...file, name: 'a/../../canary/file'}),
		'.. at the end': archive({name: 'a/..', type: '5'}),
		'an absolute name': archive({...file, name: `${canary}/file`}),
		'through an absolute link': archive(...through(canary)),
		'through a relative link': archive(...through('../canary')),
		'through a link to /proc': archive(...through(`/proc/self/root${canary}`)),
		'a directory over a link': archive({name: 'link', type: '2', target: canary}, {name: 'link', type: '5'}),
		'a chain of links': archive(
			{name: 'one', type: '2', target: '..'},
			{name: 'two', type: '2', target: 'one/canary'},
			{...file, name: 'two/file'},
		),
		'a hard link out': archive({name: 'hard', type: '1', target: '../canary/file'}, {...file, name: 'hard'}),
		'an absolute hard link': archive({name: 'hard', type: '1', target: `${canary}/file`}),
		'a hard link through a link': archive(
			{name: 'link', type: '2', target: canary},
			{name: 'hard', type: '1', target: 'link/file'},
		),
		'a file over a link': archive({name: 'link', type: '2', target: `${canary}/file`}, {...file, name: 'link'}),
		'a name in a pax record': archive(pax('path=../canary/file'), file),
		'a link in a pax record': archive(pax('linkpath=../canary/file'), {name: 'x', type: '1'}),
		'a long name of GNU tar': archive({name: '././@LongLink', type: 'L', data: '../canary/file\0'}, file),
	};
}

/** What is no good archive, or holds what is not made. */
function spoilt(): Record<string, Buffer> {
	const x = {name: 'x'};
	const pax = (data: string | Buffer): Buffer => archive({name: 'pax', type: 'x', data}, x);
	const size = (bytes: Buffer): Buffer => archive({...x, raw: {124: bytes}});
	return {
		'a block device': archive({...x, type: '4', raw: {329: Buffer.from('0000010\0'), 337: Buffer.from('0000000\0')}}),
		'a character device': archive({...x, type: '3'}),
		'an unknown type': archive({...x, type: 'Z'}),
		'a sparse file': archive({...x, type: 'S'}),
		'a directory over a file': archive(x, {...x, type: '5'}),
		'a file over a directory': archive({...x, type: '5'}, x),
		'below a file': archive(x, {name: 'x/y'}),
		'a component of 300 bytes': pax(record(`path=${'y'.repeat(300)}`)),
		'a name without an end': pax(record(`path=${'y/'.repeat(40_000)}`)),
		'a pax record with NUL': pax(record('path=a\0b')),
		'pax: a length of nothing': pax('0 a=b\n'),
		'pax: too long a length': pax('99 a=b\n'),
		'pax: an enormous length': pax('99999999999999999999 a=b\n'),
		'pax: no length': pax('path=x\n'),
		'pax: no value': pax('6 abc\n'),
		'pax: a size that is none': pax(record('size=-1')),
		'pax: an enormous size': pax(record('size=18446744073709551615')),
		'pax: larger than any': pax(Buffer.alloc(200_000, '9')),
		'a size of 2^50': size(Buffer.from([0x80, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0])),
		'a negative size': size(Buffer.alloc(12, 0xff)),
		'a size of 2^95': size(Buffer.from([0xbf, ...Array(11).fill(0xff)])),
		'a size in words': size(Buffer.from('twelve bytes')),
		'an owner beyond all': archive({...x, raw: {108: Buffer.from([0x80, ...Array(7).fill(0xff)])}}),
		'cut off in a header': entry(x).subarray(0, 100),
		'cut off in a file': entry({...x, data: 'y'.repeat(2000)}).subarray(0, 1024),
		'cut off before the end': entry({...x, data: 'y'}),
		noise: Buffer.from(Array.from({length: 4096}, (_, i) => (i * 7919) % 251)),
		compressed: Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0]), Buffer.alloc(1020, 3)]),
		nothing: Buffer.alloc(0),
		'half an end': end.subarray(0, 300),
	};
}

/** These do no harm, and so need not fail. */
const harmless = ['an absolute name', 'a file over a link'];

helperTest(
	'hostile archives end with an error, and nothing outside is touched',
	async (t, box, helper) => {
		const canary = new Canary(box);
		const all = {...wayOut(canary.dir), ...spoilt()};
		for (const [index, [what, bytes]] of Object.entries(all).entries()) {
			const to = box.directory(`to-${index}`);
			const result = await work(box, helper, to, {unpack: {path: '/', entries: true, keepOwner: true}}, bytes);
			t.is(result.code, harmless.includes(what) ? 0 : 125, `${what}: ${result.stderr}`);
			t.regex(result.stderr, result.code === 0 ? /^$/ : /^mc-init: unpack: [^\n]+\n(hint: [^\n]+\n)?$/, what);
			canary.check(t);
		}
	},
	{patience: 60_000},
);

helperTest(
	'noise in a good archive is an error or a file, never a crash',
	async (t, box, helper) => {
		box.file('from/a/file', 'text'.repeat(200));
		fs.symlinkSync('file', box.path('from/a/link'));
		const {stdout: good} = await work(box, helper, box.path('from'), packAll);
		for (let i = 0; i < 60; i++) {
			const bad = Buffer.from(good);
			for (let n = 0; n < 3; n++) {
				bad[(i * 7919 + n * 104_729) % bad.length] = (i * 31 + n * 17) & 0xff;
			}

			const {code, stderr} = await work(box, helper, box.directory(`to-${i}`), unpackAll, bad);
			t.true(code === 0 || (code === 125 && /^mc-init: unpack: [^\n]+\n/.test(stderr)), `${i}: ${code} ${stderr}`);
		}
	},
	{patience: 60_000},
);

helperTest(
	'sockets are left out, and refused when asked for',
	async (t, box, helper) => {
		box.file('from/file', 'text');
		const script = 'import socket; socket.socket(socket.AF_UNIX).bind("s")';
		execFileSync('python3', ['-c', script], {cwd: box.path('from')});
		const {code, stdout} = await work(box, helper, box.path('from'), packAll);
		t.is(code, 0);
		t.is(execFileSync('tar', ['-t'], {input: stdout, encoding: 'utf8'}), './\n./file\n');
		const refused = await work(box, helper, box.path('from'), {pack: {path: '/s', name: 's'}});
		t.deepEqual([refused.code, refused.stderr], [125, 'mc-init: pack: s is a device or a socket\n']);
	},
	{commands: ['python3']},
);

helperTest('who unpacks is the owner, unless ids are to be kept', async (t, box, helper) => {
	const bytes = archive(
		{name: 'su', data: 'x', raw: {100: Buffer.from('0006755\0'), 108: Buffer.from('0001750\0')}},
		{name: 'dir', type: '5', raw: {100: Buffer.from('0002755\0')}},
	);
	t.is((await work(box, helper, box.directory('plain'), unpackAll, bytes)).code, 0);
	t.like(fs.statSync(box.path('plain/su')), {mode: 0o100755, uid: process.geteuid?.(), gid: process.getegid?.()});
	t.is(fs.statSync(box.path('plain/dir')).mode, 0o40755);
	const kept = await work(box, helper, box.directory('kept'), {unpack: {...unpackAll.unpack, keepOwner: true}}, bytes);
	t.deepEqual([kept.code, kept.stderr], [0, '']);
	t.like(fs.statSync(box.path('kept/su')), {mode: 0o106755, uid: isRoot ? 1000 : process.geteuid?.()});
	t.is(fs.statSync(box.path('kept/dir')).mode, 0o42755);
});

/** The names that there are then, or why there are not. */
async function outcome(box: Box, helper: string, unpack: NonNullable<Files['unpack']>, bytes: Buffer, root: string) {
	const {code, stderr} = await work(box, helper, root, {unpack}, bytes);
	const found = fs.readdirSync(root, {recursive: true, encoding: 'utf8'}).sort();
	return code === 0 ? found.join(' ') : stderr.split('\n')[0]?.replace('mc-init: unpack: ', '');
}

helperTest('docker’s rules: what is there decides what it is called', async (t, box, helper) => {
	const directory = archive({name: 'src', type: '5'}, {name: 'src/f', data: '1'});
	const file = archive({name: 'src', data: '2'});
	const cases: [files: NonNullable<Files['unpack']>, bytes: Buffer, expected: string][] = [
		[{path: '/'}, directory, 'file link src src/f sub sub/g'],
		[{path: '/', contents: true}, directory, 'f file link sub sub/g'],
		[{path: '/sub'}, directory, 'file link sub sub/g sub/src sub/src/f'],
		[{path: '/sub', contents: true}, directory, 'file link sub sub/f sub/g'],
		[{path: '/new'}, directory, 'file link new new/f sub sub/g'],
		[{path: '/new', directory: true, contents: true}, directory, 'file link new new/f sub sub/g'],
		[{path: '/new'}, file, 'file link new sub sub/g'],
		[{path: '/new', directory: true}, file, '/new: no such directory'],
		[{path: '/file'}, file, 'file link sub sub/g'],
		[{path: '/file', directory: true}, file, '/file: no such directory'],
		[{path: '/file'}, directory, '/file is there and no directory'],
		[{path: '/sub'}, file, 'file link sub sub/g sub/src'],
		[{path: '/link', follow: true}, file, 'file link sub sub/g sub/src'],
		[{path: '/link', follow: true}, directory, 'file link sub sub/g sub/src sub/src/f'],
		[{path: '/link'}, file, 'file link sub sub/g'],
		[{path: '/a/b'}, file, '/a/b: No such file or directory'],
		[{path: '/file/b'}, file, '/file/b: Not a directory'],
		[{path: '/new', entries: true}, file, '/new: no such directory'],
	];
	for (const [index, [files, bytes, expected]] of cases.entries()) {
		const root = box.directory(`root-${index}`);
		fs.mkdirSync(path.join(root, 'sub'));
		fs.writeFileSync(path.join(root, 'sub/g'), '');
		fs.writeFileSync(path.join(root, 'file'), 'old');
		fs.symlinkSync('/sub', path.join(root, 'link'));
		t.is(await outcome(box, helper, files, bytes, root), expected, JSON.stringify(files));
		if (expected.startsWith('file') && files.path === '/file') {
			t.is(fs.readFileSync(path.join(root, 'file'), 'utf8'), '2');
		}
	}
});
