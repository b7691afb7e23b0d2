import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {makeLayers} from '../../src/host/overlay.js';
import {isDead, self} from '../../src/host/owner.js';
import type {Places} from '../../src/host/paths.js';
import {abandoned, type Container, claim, discard, overlayDir, stateDir} from '../../src/host/store.js';
import {scratch} from '../helpers/rootfs.js';

const newPlaces = (): Places => {
	const directory = scratch('store');
	return {run: `${directory}/run`, lib: `${directory}/lib`};
};

let count = 0;
const newContainer = (name = ''): Container => ({id: (count++).toString(16).padStart(64, '0'), name});

/** Everything that is no directory that is always there. */
const remains = ({run, lib}: Places) =>
	[run, lib]
		.filter(directory => fs.existsSync(directory))
		.flatMap(directory => fs.readdirSync(directory, {recursive: true, encoding: 'utf8'}))
		.filter(name => name.includes('/') || !['owners', 'names', 'containers', 'overlay'].includes(name));

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
	const [at, container] = [newPlaces(), newContainer('n')];
	claim(at, container);
	t.is(fs.statSync(stateDir(at, container)).mode & 0o777, 0o700);
	t.deepEqual(abandoned(at), []);
	makeLayers(overlayDir(at, container), '/');
	fs.mkdirSync(`${overlayDir(at, container)}/upper/etc/deep`, {recursive: true});
	fs.writeFileSync(`${overlayDir(at, container)}/upper/etc/file`, 'x');
	fs.mkdirSync(`${overlayDir(at, container)}/work/work`, 0o000);
	for (const name of ['spec.json', 'status']) {
		fs.writeFileSync(`${stateDir(at, container)}/${name}`, '{}');
	}

	discard(at, container);
	t.deepEqual(remains(at), []);
	t.notThrows(() => discard(at, container), 'it can be done again');
});

test('a name is given once', t => {
	const [at, first, second] = [newPlaces(), newContainer('n'), newContainer('n')];
	claim(at, first);
	t.throws(() => claim(at, second), {message: `the name n is in use by container ${first.id.slice(0, 12)}`});
	t.deepEqual(fs.readdirSync(`${at.run}/owners`), [first.id]);
	t.deepEqual(fs.readdirSync(`${at.run}/containers`), [first.id]);
	discard(at, first);
	claim(at, second);
	t.is(fs.readlinkSync(`${at.run}/names/n`), second.id);
	discard(at, first);
	t.is(fs.readlinkSync(`${at.run}/names/n`), second.id, "somebody else's name stays");
});

/** As if the process that made it had been killed. */
function kill(at: Places, container: Container): void {
	const link = `${at.run}/owners/${container.id}`;
	const owner = fs.readlinkSync(link).replace(/^\d+/, '4194305');
	fs.rmSync(link);
	fs.symlinkSync(owner, link);
}

test('what a killed run left is found and removed, what others have is not', t => {
	const [at, dead, alive] = [newPlaces(), newContainer('dead'), newContainer('alive')];
	claim(at, dead);
	claim(at, alive);
	makeLayers(overlayDir(at, dead), '/');
	kill(at, dead);
	t.deepEqual(abandoned(at), [dead]);
	discard(at, dead);
	t.deepEqual(abandoned(at), []);
	t.deepEqual(fs.readdirSync(`${at.run}/names`), ['alive']);
	t.deepEqual(fs.readdirSync(`${at.lib}/overlay`), []);
});

test('the name of a killed run can be had', t => {
	const [at, dead, next] = [newPlaces(), newContainer('n'), newContainer('n')];
	claim(at, dead);
	kill(at, dead);
	claim(at, next);
	t.deepEqual(fs.readdirSync(`${at.run}/owners`), [next.id]);
});

test('a run that was killed early leaves little, and that is removed as well', t => {
	const [at, dead] = [newPlaces(), newContainer('n')];
	claim(at, dead);
	fs.rmdirSync(stateDir(at, dead));
	fs.rmSync(`${at.run}/names/n`);
	kill(at, dead);
	discard(at, dead);
	t.deepEqual(remains(at), []);
});

test('where nothing can be kept the reason is told', t => {
	const directory = scratch('store');
	fs.writeFileSync(path.join(directory, 'file'), '');
	const at = {run: `${directory}/file/run`, lib: `${directory}/lib`};
	t.throws(() => claim(at, newContainer()), {message: `cannot keep state in ${at.run}: not a directory`});
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
