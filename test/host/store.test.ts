import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {makeLayers} from '../../src/host/overlay.js';
import {isDead, self} from '../../src/host/owner.js';
import {
	abandoned,
	type Container,
	claim,
	containerDir,
	discard,
	handOver,
	keep,
	overlayDir,
	ownerOf,
} from '../../src/host/store.js';
import {scratch} from '../helpers/rootfs.js';

const newStore = () => `${scratch('store')}/state`;

let count = 0;
const newContainer = (name = ''): Container => ({id: (count++).toString(16).padStart(64, '0'), name});

/** Everything that is no directory that is always there. */
const remains = (at: string) =>
	fs
		.readdirSync(at, {recursive: true, encoding: 'utf8'})
		.filter(name => !['owners', 'names', 'containers'].includes(name));

const replace = (word: number, by: string) =>
	self()
		.split(' ')
		.map((old, index) => (index === word ? by : old))
		.join(' ');

const owners: [title: string, owner: string, dead: boolean][] = [
	['ourselves', self(), false],
	['a process that is gone', replace(0, '4194305'), true],
	['another process with our pid', replace(1, '1'), true],
	['someone before the last boot', replace(2, '00000000-0000-0000-0000-000000000000'), true],
	['someone in another pid namespace: not ours to see', replace(3, 'pid:[1]').replace(/^\d+/, '4194305'), false],
	['nothing that we could read', '', false],
	['something else', 'x y z w', false],
];

for (const [title, owner, dead] of owners) {
	test(`${title} is ${dead ? 'dead' : 'alive'}`, t => {
		t.is(isDead(owner), dead);
	});
}

test('claimed, used, discarded: nothing is left', t => {
	const [at, container] = [newStore(), newContainer('n')];
	claim(at, container);
	t.is(fs.statSync(containerDir(at, container.id)).mode & 0o777, 0o700);
	t.deepEqual(abandoned(at), []);
	makeLayers(overlayDir(at, container.id), '/');
	fs.mkdirSync(`${overlayDir(at, container.id)}/upper/etc/deep`, {recursive: true});
	fs.writeFileSync(`${overlayDir(at, container.id)}/upper/etc/file`, 'x');
	fs.mkdirSync(`${overlayDir(at, container.id)}/work/work`, 0o000);
	for (const name of ['spec.json', 'status']) {
		fs.writeFileSync(`${containerDir(at, container.id)}/${name}`, '{}');
	}

	discard(at, container);
	t.deepEqual(remains(at), []);
	t.notThrows(() => discard(at, container), 'it can be done again');
});

test('a name is given once', t => {
	const [at, first, second] = [newStore(), newContainer('n'), newContainer('n')];
	claim(at, first);
	t.throws(() => claim(at, second), {message: `the name n is in use by container ${first.id.slice(0, 12)}`});
	t.deepEqual(fs.readdirSync(`${at}/owners`), [first.id]);
	t.deepEqual(fs.readdirSync(`${at}/containers`), [first.id]);
	discard(at, first);
	claim(at, second);
	t.is(fs.readlinkSync(`${at}/names/n`), second.id);
	discard(at, first);
	t.is(fs.readlinkSync(`${at}/names/n`), second.id, "somebody else's name stays");
});

/** As if the process that made it had been killed. */
function kill(at: string, container: Container): void {
	const link = `${at}/owners/${container.id}`;
	const owner = fs.readlinkSync(link).replace(/^\d+/, '4194305');
	fs.rmSync(link);
	fs.symlinkSync(owner, link);
}

test('what a killed run left is found and removed, what others have is not', t => {
	const [at, dead, alive] = [newStore(), newContainer('dead'), newContainer('alive')];
	claim(at, dead);
	claim(at, alive);
	makeLayers(overlayDir(at, dead.id), '/');
	kill(at, dead);
	t.deepEqual(abandoned(at), [dead]);
	discard(at, dead);
	t.deepEqual(abandoned(at), []);
	t.deepEqual(fs.readdirSync(`${at}/names`), ['alive']);
});

test('a container that is kept is nobody’s, and keeps its name', t => {
	const [at, kept, next] = [newStore(), newContainer('n'), newContainer('n')];
	claim(at, kept);
	fs.writeFileSync(`${containerDir(at, kept.id)}/config.json`, '{}');
	keep(at, kept.id);
	t.is(ownerOf(at, kept.id), '');
	t.deepEqual(abandoned(at), []);
	t.throws(() => claim(at, next), {message: /the name n is in use by container/});
	discard(at, kept);
	t.deepEqual(remains(at), []);
});

test('a container is handed over to a process, and is abandoned when that is gone', t => {
	const [at, container] = [newStore(), newContainer('n')];
	claim(at, container);
	handOver(at, container, process.ppid);
	t.regex(ownerOf(at, container.id), new RegExp(`^${process.ppid} \\d+ .* n$`));
	t.deepEqual(abandoned(at), []);
	handOver(at, container, 4194305);
	t.deepEqual(abandoned(at), [container]);
	discard(at, container);
	t.deepEqual(remains(at), []);
});

test('the name of a killed run can be had', t => {
	const [at, dead, next] = [newStore(), newContainer('n'), newContainer('n')];
	claim(at, dead);
	kill(at, dead);
	claim(at, next);
	t.deepEqual(fs.readdirSync(`${at}/owners`), [next.id]);
});

test('a run that was killed early leaves little, and that is removed as well', t => {
	const [at, dead] = [newStore(), newContainer('n')];
	claim(at, dead);
	fs.rmdirSync(containerDir(at, dead.id));
	fs.rmSync(`${at}/names/n`);
	kill(at, dead);
	discard(at, dead);
	t.deepEqual(remains(at), []);
});

test('where nothing can be kept the reason is told', t => {
	const directory = scratch('store');
	fs.writeFileSync(path.join(directory, 'file'), '');
	const at = `${directory}/file/state`;
	t.throws(() => claim(at, newContainer()), {message: `cannot keep state in ${at}: not a directory`});
});

test("the upper directory has the root file system's mode", t => {
	const [rootfs, directory] = [scratch('rootfs'), scratch('layers')];
	fs.chmodSync(rootfs, 0o1751);
	makeLayers(`${directory}/new`, rootfs);
	t.is(fs.statSync(`${directory}/new/upper`).mode & 0o7777, 0o1751);
	t.is(fs.statSync(`${directory}/new/work`).mode & 0o7777, 0o700);
	fs.chmodSync(`${directory}/new/upper`, 0o700);
	makeLayers(`${directory}/new`, rootfs);
	t.is(fs.statSync(`${directory}/new/upper`).mode & 0o7777, 0o700, 'an upper directory that is there stays as it is');
});

test('a link in the place of a container is removed, not what it leads to', t => {
	const [at, container] = [newStore(), newContainer()];
	const precious = `${scratch('precious')}/file`;
	fs.writeFileSync(precious, '');
	claim(at, container);
	fs.rmdirSync(containerDir(at, container.id));
	fs.symlinkSync(path.dirname(precious), containerDir(at, container.id));
	discard(at, container);
	t.true(fs.existsSync(precious));
	t.deepEqual(remains(at), []);
});
