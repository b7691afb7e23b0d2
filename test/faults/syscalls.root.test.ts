/**
 * Every system call of the helper's fails once, with each likely error: the container is confined as ever, or it was
 * never there, and one line says why. Nothing of it stays behind.
 */
import fs from 'node:fs';
import type {ExecutionContext} from 'ava';
import {type Box, boxTest} from '../helpers/box.js';
import {callsIn, type Fault, flaw, named, posture, runWatched} from '../helpers/faults.js';
import {inLanes, sample, scale, score, times} from '../helpers/score.js';

const LANES = 2;
const ERRORS = ['ENOMEM', 'EPERM', 'EIO', 'ENOSPC', 'EINTR', 'EMFILE'];

/** Its failure is what is left behind. */
const removes = new Set(['rmdir', 'unlink']);

/**
 * libc's own, before main(); what cannot fail, or not come back; and the words about a failure, which need one call that
 * does not fail.
 */
const others = new Set(['arch_prctl', 'set_tid_address', 'umask', 'execve', 'exit_group', 'write']);

/** The control groups that a spec has made for itself; those above are shared with the other lanes, and looked at in the end. */
const groupsOf = (spec: string): string[] =>
	(JSON.parse(spec).minicontainer.cgroup?.create ?? []).filter((group: string) => group.includes('mc-lane'));

/** In each lane a container of its own. */
interface Plan {
	spec: string[];
	file: string[];
	whole: string;
	calls: Map<string, number>;
}

async function plan(t: ExecutionContext, box: Box, flags: readonly string[]): Promise<Plan> {
	const printed = await box.ok(t, 'plan', '--hostname', 'mc-lane', ...flags, '--rootfs', box.rootfs, 'probe');
	const {id} = JSON.parse(printed).minicontainer;
	const spec = Array.from({length: LANES}, (_, lane) =>
		printed.replaceAll(id, `mc-lane${lane}-${process.pid}`).replaceAll('"mc-lane"', `"mc-lane${lane}"`),
	);
	const file = spec.map((text, lane) => box.file(`spec${lane}.json`, text));
	const trace = box.path('trace');
	const usual = await runWatched(box, ['run', file[0] as string], [], trace);
	t.like(usual, {code: 0, stderr: ''});
	return {spec, file, whole: posture(usual.stdout), calls: callsIn(fs.readFileSync(trace, 'utf8'))};
}

/** Every call of each kind in the scoreboard; in tests the first, the last and one between. */
function grid(calls: ReadonlyMap<string, number>): Fault[] {
	const points = [...calls].flatMap(([call, count]) =>
		sample(
			Array.from({length: count}, (_, i) => i + 1),
			times({test: 2, gate: 1000, release: 1000}),
		).map(when => ({call, when})),
	);
	return scale === 'release'
		? points.flatMap(point => ERRORS.map(error => ({...point, error})))
		: points.map((point, i) => ({...point, error: ERRORS[i % ERRORS.length] as string}));
}

/** What this fault has left, which is removed. */
function left(spec: string): string[] {
	return groupsOf(spec)
		.reverse()
		.filter(group => fs.existsSync(group))
		.filter(group => fs.rmdirSync(group) === undefined);
}

const variants: [string, string[]][] = [
	['a bare run', []],
	[
		'a run with limits and --init',
		['--memory', '64m', '--pids-limit', '100', '--init', '--user', '1000', '--read-only'],
	],
];

for (const [title, flags] of variants) {
	boxTest(
		`every system call of ${title} may fail`,
		async (t, box) => {
			const {spec, file, whole, calls} = await plan(t, box, flags);
			t.true(calls.size > 30, [...calls.keys()].join(' '));
			const faults = grid(calls).filter(({call}) => !others.has(call));
			const flaws: string[] = [];
			await inLanes(LANES, faults, async (fault, lane) => {
				const result = await runWatched(box, ['run', file[lane] as string], [fault]);
				const remains = left(spec[lane] as string);
				const wrong = [flaw(result, whole), removes.has(fault.call) ? undefined : remains.join()];
				flaws.push(...wrong.filter(Boolean).map(what => `${named(fault)}: ${what}`));
			});
			// Shared by all lanes: what a failing rmdir has left of them goes with the next container.
			t.like(await runWatched(box, ['run', file[0] as string], []), {code: 0});
			score('syscall faults', faults.length, flaws.length);
			t.log(`${faults.length} faults in ${calls.size} calls`);
			t.deepEqual(flaws, []);
		},
		{commands: ['strace'], patience: times({test: 120_000, gate: 900_000, release: 3_600_000})},
	);
}

/** Without these there is no container; there is no second way that would be less safe. */
const indispensable = [
	'clone3',
	'unshare',
	'openat2',
	'fsopen',
	'open_tree',
	'move_mount',
	'mount_setattr',
	'pivot_root',
];

boxTest(
	'a kernel that lacks a system call is told so in one line, and nothing runs',
	async (t, box) => {
		const {file, whole} = await plan(t, box, []);
		for (const call of indispensable) {
			const result = await runWatched(box, ['run', file[0] as string], [{call, error: 'ENOSYS'}]);
			t.is(flaw(result, whole), undefined, call);
			t.is(result.code, 125, call);
			t.regex(result.stderr, /Function not implemented|Linux 5\.\d+/, call);
		}

		score('missing calls', indispensable.length, 0);
	},
	{commands: ['strace']},
);
