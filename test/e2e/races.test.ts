/** Many commands about the same container, or many containers, at once. */
import fs from 'node:fs';
import {type Box, boxTest, type Result, refused, until} from '../helpers/box.js';
import {score} from '../helpers/score.js';

const sleeper = 'exec sleep 1000';
const times = <T>(count: number, make: (index: number) => T): T[] =>
	Array.from({length: count}, (_, index) => make(index));
const failures = (results: readonly Result[]) => results.filter(({code}) => code !== 0).map(({stderr}) => stderr);

/** A failure is one line that says why: never a bug, and never something unexpected. */
function fine(t: Parameters<typeof refused>[0], results: readonly Result[], why: RegExp): Result[] {
	for (const result of results.filter(({code}) => code !== 0)) {
		refused(t, result, why);
	}

	return results.filter(({code}) => code === 0);
}

const clear = (box: Box) => box.cli(['rm', '-f', '--all']);

for (const flags of [['create'], ['run', '-d'], ['run', '-d', '--rm']]) {
	boxTest(
		`${flags.join(' ')}: the same name for eight: one gets it, also from a run that was killed`,
		async (t, box) => {
			const args = [...flags, '--name', 'one', '--rootfs', box.rootfs, 'sleep', '1000'];
			for (let round = 0; round < 2; round++) {
				const results = await Promise.all(times(8, () => box.cli(args)));
				const [winner, ...others] = fine(t, results, /the name one is in use by container [0-9a-f]{12}/);
				t.is(others.length, 0);
				score('parallel starts', results.length);
				t.is((await box.inspect(t, 'one')).id, winner?.stdout.trim());
				await clear(box);
				// The next round finds the name of one that nobody could give back.
				const foreground = box.start(['run', '--rm', '--name', 'one', '--rootfs', box.rootfs, 'sleep', '1000']);
				await until(async () => (await box.ok(t, 'ps', '-q')) !== '', 'its start');
				foreground.kill('SIGKILL');
				await foreground;
			}

			const gone = () => fs.readdirSync(`${box.state}/owners`).length === 0;
			await until(async () => (await box.cli(['prune'])).code === 0 && gone(), 'all to go');
		},
	);
}

boxTest('four starts at once, again and again: one of them starts it', async (t, box) => {
	const id = await box.created(t, [], 'echo START; exec sleep 1000');
	for (let round = 1; round <= 4; round++) {
		const results = await Promise.all(times(4, () => box.cli(['start', id])));
		t.true(fine(t, results, /is running already/).length > 0);
		await until(() => box.text(id, 'log').split('START').length === round + 1, 'one start');
		await box.ok(t, 'kill', id);
		await box.ok(t, 'wait', id);
	}
});

const GONE = /there is no container|is gone|being made, or damaged|is damaged|cannot be started|killed|interrupted/;

boxTest('rm against start: it runs, or it is gone', async (t, box) => {
	for (let round = 0; round < 5; round++) {
		const id = await box.created(t, [], sleeper);
		const [start, rm] = (await Promise.all([box.cli(['start', id]), box.cli(['rm', id])])) as [Result, Result];
		fine(t, [start], GONE);
		fine(t, [rm], /is running/);
		t.true(start.code === 0 || rm.code === 0);
		if (rm.code === 0) {
			t.false(fs.existsSync(box.kept(id)));
		} else {
			t.is((await box.inspect(t, id)).state.status, 'running');
		}
	}
});

boxTest('rm -f against start: it is gone', async (t, box) => {
	for (let round = 0; round < 5; round++) {
		const id = await box.created(t, [], sleeper);
		const [start, rm] = (await Promise.all([box.cli(['start', id]), box.cli(['rm', '-f', id])])) as [Result, Result];
		fine(t, [start], GONE);
		t.deepEqual(failures([rm]), []);
		t.is(await box.ok(t, 'ps', '-aq'), '');
	}
});

boxTest('stop, kill and wait against the end: all see the same end', async (t, box) => {
	const id = await box.created(t, [], 'sleep 0.1; exit 6');
	for (let round = 0; round < 4; round++) {
		await box.ok(t, 'start', id);
		const verbs = ['wait', 'stop', 'kill', 'wait'];
		const [first, stop, kill, second] = (await Promise.all(verbs.map(verb => box.cli([verb, id])))) as Result[];
		t.deepEqual(failures([stop as Result]), []);
		fine(t, [kill as Result], /is not running/);
		t.is(first?.stdout, second?.stdout);
		t.regex(first?.stdout ?? '', /^(6|137|143)\n$/);
		t.is(first?.stdout, `${(await box.inspect(t, id)).state.exitCode}\n`);
	}
});

boxTest('exec against the end: its own exit code, or one line', async (t, box) => {
	const id = await box.created(t, [], 'sleep 0.15');
	for (let round = 0; round < 4; round++) {
		await box.ok(t, 'start', id);
		for (const result of await Promise.all(times(4, () => box.cli(['exec', id, 'true'])))) {
			if (result.code !== 0 && result.code !== 137) {
				refused(t, result, /./);
			}
		}

		await box.ok(t, 'wait', id);
	}
});

boxTest(
	'32 runs in the background at once, and all of them removed at once',
	async (t, box) => {
		const names = times(32, index => `c${index}`);
		const run = (name: string) => box.cli(['run', '-d', '--name', name, '--rootfs', box.rootfs, 'sleep', '1000']);
		t.deepEqual(failures(await Promise.all(names.map(run))), []);
		const listed = await box.ok(t, 'ps', '--format', '{{.Names}} {{.State}}');
		t.deepEqual(listed.trim().split('\n').sort(), names.map(name => `${name} running`).sort());
		t.deepEqual(failures(await Promise.all(names.map(name => box.cli(['rm', '-f', name])))), []);
		t.is(await box.ok(t, 'ps', '-aq'), '');
		score('parallel starts', names.length);
	},
	{patience: 90_000},
);

boxTest('rename: to the same name, one wins; of the same container, the last', async (t, box) => {
	const ids = await Promise.all(['a', 'b', 'c', 'd'].map(name => box.created(t, ['--name', name], 'true')));
	const won = fine(t, await Promise.all(ids.map(id => box.cli(['rename', id, 'x']))), /the name x is in use/);
	t.is(won.length, 1);
	const id = ids[0] as string;
	t.deepEqual(failures(await Promise.all(times(6, index => box.cli(['rename', id, `y${index}`])))), []);
	const {name} = await box.inspect(t, id);
	const names = fs.readdirSync(`${box.state}/names`).filter(other => other.startsWith('y'));
	t.deepEqual(names, [name], 'one name');
});

boxTest('rm of the same container by many: it is gone, and nobody finds a bug', async (t, box) => {
	for (let round = 0; round < 3; round++) {
		const id = await box.detached(t, ['--name', 'x'], sleeper);
		t.deepEqual(failures(await Promise.all(times(6, () => box.cli(['rm', '-f', id])))), []);
		t.is(await box.ok(t, 'ps', '-aq'), '');
	}
});

boxTest('prune against runs: what is being made, started or running stays', async (t, box) => {
	let over = false;
	const pruning = (async () => {
		while (!over) {
			t.deepEqual(failures([await box.cli(['prune'])]), []);
		}
	})();
	const commands = [
		['-d', 'sleep', '1000'],
		['--rm', 'true'],
		['-d', 'sleep', '1000'],
	];
	const run = ([flag = '', ...command]: string[]) => box.cli(['run', flag, '--rootfs', box.rootfs, ...command]);
	const results: Result[] = [];
	for (let round = 0; round < 5; round++) {
		results.push(...(await Promise.all(commands.map(run))));
	}

	over = true;
	await pruning;
	t.deepEqual(failures(results), []);
	t.is((await box.line(t, 'ps', '-q')).split('\n').length, 10);
	await clear(box);
});
