/** Whatever is killed at whatever moment: the next command sees the truth, and gets rid of the rest. */
import fs from 'node:fs';
import {setTimeout as delay} from 'node:timers/promises';
import type {ExecutionContext} from 'ava';
import {type Box, boxTest, until} from '../helpers/box.js';
import {bearers, kill} from '../helpers/leaks.js';
import {score} from '../helpers/score.js';

/** Milliseconds after a command's start: Node is up after some 30, the container after 40. */
const MOMENTS = [5, 20, 30, 35, 38, 41, 44, 48, 55, 70];

/** Kills the CLI then, and finds out whether the other container is unharmed. */
async function killAt(t: ExecutionContext, box: Box, moment: number, ...args: string[]): Promise<void> {
	const child = box.start(args);
	await delay(moment);
	child.kill('SIGKILL');
	await child;
	t.is(await box.ok(t, 'ps', '--format', '{{.Names}}', '--filter', 'name=witness'), 'witness\n');
	score('kill -9', 1);
}

const nothingButTheWitness = async (t: ExecutionContext, box: Box) => {
	for (const name of (await box.ok(t, 'ps', '-a', '--no-trunc', '--format', '{{.ID}} {{.Names}}')).trim().split('\n')) {
		if (!name.endsWith(' witness')) {
			await box.ok(t, 'rm', '-f', name.split(' ')[0] as string);
		}
	}
};

for (const flags of [[], ['-d'], ['--rm'], ['-d', '--rm']]) {
	boxTest(
		`run ${flags.join(' ')}, killed at many moments`,
		async (t, box) => {
			await box.detached(t, ['--name', 'witness'], 'exec sleep 1000');
			for (const moment of MOMENTS) {
				const args = ['run', ...flags, '--name', 'victim', '--rootfs', box.rootfs, 'sleep', '1000'];
				await killAt(t, box, moment, ...args);
				await nothingButTheWitness(t, box);
			}

			// Those that have no more than a beginning are seen by the next run only.
			await box.ok(t, 'create', '--name', 'victim', '--rootfs', box.rootfs, 'true');
			await box.ok(t, 'rm', '-f', '--all');
		},
		{patience: 100_000},
	);
}

boxTest(
	'start, stop and rm, killed at many moments, can be done again',
	async (t, box) => {
		await box.detached(t, ['--name', 'witness'], 'exec sleep 1000');
		await box.ok(t, 'create', '--name', 'victim', '--rootfs', box.rootfs, 'sleep', '1000');
		for (const moment of MOMENTS) {
			await killAt(t, box, moment, 'start', 'victim');
			await box.ok(t, 'stop', '-t', '0', 'victim');
			await killAt(t, box, moment, 'stop', '-t', '0', 'victim');
			await box.ok(t, 'start', 'victim');
		}

		for (const moment of MOMENTS) {
			await box.cli(['create', '--name', `gone${moment}`, '--rootfs', box.rootfs, 'true']);
			await killAt(t, box, moment, 'rm', '-f', `gone${moment}`);
			await box.ok(t, 'rm', '-f', `gone${moment}`);
		}

		await box.ok(t, 'rm', '-f', '--all');
	},
	{patience: 100_000},
);

/** The first of this test's helpers but the witness's: the one that supervises the other. */
const supervisor = (box: Box, watching?: number): number | undefined =>
	bearers(box.mark)
		.filter(pid => pid !== watching && isHelper(pid))
		.sort((a, b) => a - b)[0];

function isHelper(pid: number): boolean {
	try {
		return fs.readlinkSync(`/proc/${pid}/exe`).includes('mc-init');
	} catch {
		return false;
	}
}

/** One that has ended meanwhile need not be killed. */
function end(pid: number | undefined): void {
	try {
		pid !== undefined && kill(pid, 'SIGKILL');
	} catch {}
}

/** Kills the helper so many milliseconds after it was first seen; says how the containers are once the victim is over. */
async function killHelperAt(t: ExecutionContext, box: Box, moment: number, watching: number, args: readonly string[]) {
	const run = box.start(args);
	let pid: number | undefined;
	await until(() => {
		pid = supervisor(box, watching);
		return pid !== undefined || run.exitCode !== null;
	}, 'the helper');
	await delay(moment);
	end(pid);

	const {exitCode, stderr} = await run;
	t.true([0, 3, 125, 137, 143].includes(exitCode as number), `${exitCode} ${stderr}`);
	t.notRegex(String(stderr), /this is a bug|\n\s+at /);
	// It was the one that waits for the start, and the start had been told: then the container goes on.
	end(exitCode === 0 ? supervisor(box, watching) : undefined);
	let states = '';
	await until(async () => {
		states = await box.ok(t, 'ps', '-a', '--format', '{{.Names}} {{.State}}');
		return !/^victim (running|starting)$/m.test(states);
	}, 'its end');
	score('kill -9', 1);
	return states;
}

/** Milliseconds; the command has ended at about 20, or goes on. */
const SOON = [0, 1, 2, 3, 5, 8, 12, 16, 20, 25, 40];

for (const [title, script] of [
	['goes on', 'exec sleep 1000'],
	['ends', 'sleep 0.02; exit 3'],
] as const) {
	for (const flags of [['-d'], ['-d', '--rm'], ['--rm'], []]) {
		boxTest(
			`run ${flags.join(' ')}: the supervisor of a command that ${title}, killed at many moments`,
			async (t, box) => {
				const witness = await box.detached(t, ['--name', 'witness'], 'exec sleep 1000');
				const watching = supervisor(box) as number;
				t.truthy(watching);
				for (const moment of SOON) {
					const args = ['run', ...flags, '--name', 'victim', '--rootfs', box.rootfs, 'sh', '-c', script];
					t.regex(await killHelperAt(t, box, moment, watching, args), /^witness running$/m);
					await box.ok(t, 'rm', '-f', 'victim');
					t.deepEqual(fs.readdirSync(`${box.state}/containers`), [witness]);
				}
			},
			{patience: 100_000},
		);
	}
}

boxTest('what is not ours in the directory is left alone, and harms nobody', async (t, box) => {
	const id = await box.detached(t, [], 'exec sleep 1000');
	const foreign = `${box.state}/containers/foreign`;
	fs.mkdirSync(foreign);
	fs.writeFileSync(`${box.state}/containers/file`, '');
	const precious = box.file('precious/file');
	fs.symlinkSync(box.path('precious'), `${box.state}/containers/${'0'.repeat(64)}`);
	fs.mkdirSync(`${box.state}/containers/${id}/strange/directory`, {recursive: true});
	t.is(await box.ok(t, 'ps', '-q'), `${id.slice(0, 12)}\n`);
	await box.ok(t, 'rm', '-f', id);
	t.is(await box.ok(t, 'prune'), '');
	t.is(await box.ok(t, 'rm', '-f', '0'.repeat(64)), '');
	t.true(fs.existsSync(foreign) && fs.existsSync(precious));
	fs.rmSync(`${box.state}/containers`, {recursive: true});
	fs.mkdirSync(`${box.state}/containers`);
});
