import fs from 'node:fs';
import {setTimeout as delay} from 'node:timers/promises';
import test from 'ava';
import {execa} from 'execa';
import {withLock} from '../../src/host/lock.js';
import {self} from '../../src/host/owner.js';
import {project} from '../helpers/project.js';
import {scratch} from '../helpers/rootfs.js';

const dead = self().replace(/^\d+/, '4194305');
const locks = (directory: string) => fs.readdirSync(directory).filter(name => name.startsWith('lock.'));

test('one after another, in one process', async t => {
	const directory = scratch('lock');
	let inside = 0;
	const work = async () => {
		t.is(++inside, 1);
		await delay(5);
		inside--;
	};
	await Promise.all(Array.from({length: 8}, () => withLock(directory, 'x', work)));
	t.is(locks(directory).length, 1, 'the last is free');
	t.is(fs.readlinkSync(`${directory}/${locks(directory)[0]}`), 'free');
});

test('what fails lets go', async t => {
	const directory = scratch('lock');
	await t.throwsAsync(
		withLock(directory, 'x', () => Promise.reject(new Error('no'))),
		{message: 'no'},
	);
	t.is(await withLock(directory, 'x', () => 5), 5);
});

for (const [title, links] of [
	['one who is dead', [[1, dead]]],
	[
		'several, the last of them dead',
		[
			[3, self()],
			[7, dead],
		],
	],
	['a free one', [[9, 'free']]],
] as const) {
	test(`it is taken after ${title}`, async t => {
		const directory = scratch('lock');
		for (const [number, owner] of links) {
			fs.symlinkSync(owner, `${directory}/lock.${number}`);
		}

		t.is(await withLock(directory, 'x', () => locks(directory).length), 1);
	});
}

test('a directory that is gone, or goes', async t => {
	const directory = scratch('lock');
	await withLock(directory, 'x', () => fs.rmSync(directory, {recursive: true}));
	await t.throwsAsync(
		withLock(directory, 'web', () => 1),
		{message: 'container web is gone'},
	);
});

test('four processes, some of them killed: never two at once', async t => {
	const directory = scratch('lock');
	const script = `
		import fs from 'node:fs';
		import {withLock} from '${project}/src/host/lock.js';
		for (let i = 0; i < 25; i++) {
			await withLock('${directory}', 'x', async () => {
				fs.mkdirSync('${directory}/inside');
				await new Promise(resolve => setTimeout(resolve, 1));
				fs.rmdirSync('${directory}/inside');
			});
		}`;
	const run = () =>
		execa(process.execPath, ['--import=tsx', '--input-type=module', '-e', script], {reject: false, cwd: project});
	const results = await Promise.all([run(), run(), run(), run()]);
	t.deepEqual(
		results.map(({stderr}) => stderr),
		['', '', '', ''],
	);
	// One that is killed while it has it: as soon as it is dead, the next has it.
	const holder = execa(
		process.execPath,
		[
			'--import=tsx',
			'--input-type=module',
			'-e',
			`
		import {withLock} from '${project}/src/host/lock.js';
		await withLock('${directory}', 'x', () => { console.log('mine'); return new Promise(resolve => setTimeout(resolve, 60000)); });`,
		],
		{reject: false, cwd: project},
	);
	await new Promise(resolve => holder.stdout.once('data', resolve));
	const next = withLock(directory, 'x', () => 'ours');
	holder.kill('SIGKILL');
	t.is(await next, 'ours');
	await holder;
});
