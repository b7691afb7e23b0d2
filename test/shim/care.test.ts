/** The helper looks after a container, lets others in, and puts it in its cgroups. */
import {spawn} from 'node:child_process';
import fs from 'node:fs';
import type {ExecutionContext} from 'ava';
import type {Event} from '../../src/spec/events.js';
import type {Spec} from '../../src/spec/types.js';
import type {Box} from '../helpers/box.js';
import {helperTest} from '../helpers/helper-test.js';
import {events, runHelper, stringify} from '../helpers/shim.js';
import {baseSpec, execSpec, startTime} from '../helpers/spec.js';

interface Kept {
	dir: string;
	pid: number;
	/** The exit code on record, and its socket gone. */
	end: Promise<number>;
}

/** Waits for what FIND finds in a file; every wait here ends by it, or with the test. */
async function wait<T>(file: string, find: (text: string) => T | undefined): Promise<T> {
	for (;;) {
		const found = fs.existsSync(file) ? find(fs.readFileSync(file, 'utf8')) : undefined;
		if (found !== undefined) {
			return found;
		}

		await new Promise(resolve => setTimeout(resolve, 10));
	}
}

const startedPid = (text: string): number | undefined => {
	const told = events(text.slice(0, text.lastIndexOf('\n') + 1));
	const created = told.find((event): event is Extract<Event, {event: 'created'}> => event.event === 'created');
	return told.some(({event}) => event === 'started') ? created?.pid : undefined;
};

const exitCode = (end: {code?: number; signal?: number}) => end.code ?? 128 + (end.signal ?? 0);

/** A container in the background, as `run -d` is to have it: the helper holds nothing of ours but its status file. */
async function keep(box: Box, binary: string, script: string, change: (spec: Spec) => void = () => {}): Promise<Kept> {
	const dir = box.directory('kept');
	const spec = baseSpec(box.rootfs, ['/bin/sh', '-c', script]);
	delete spec.minicontainer.stdin;
	spec.minicontainer.supervise = {dir, log: {path: `${dir}/log`}};
	change(spec);
	const status = fs.openSync(`${dir}/status`, 'a');
	spawn(binary, ['run', '--detached', '--status-fd', '3', box.file('spec.json', stringify(spec))], {
		env: box.env,
		stdio: ['ignore', 'ignore', 'inherit', status],
		detached: true,
	});
	fs.closeSync(status);
	const end = wait(`${dir}/exit.json`, text => exitCode(JSON.parse(text)));
	return {dir, pid: await wait(`${dir}/status`, startedPid), end};
}

const ended = (dir: string) => JSON.parse(fs.readFileSync(`${dir}/exit.json`, 'utf8'));

/** `TIME STREAM TAG TEXT` without the time, which is checked. */
function logged(t: ExecutionContext, file: string): string[] {
	return fs
		.readFileSync(file, 'utf8')
		.trimEnd()
		.split('\n')
		.map(line => {
			t.regex(line, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z (stdout|stderr) [FP] /);
			return line.slice(line.indexOf(' ') + 1);
		});
}

helperTest('a kept container: output in the log, its end on record, its socket gone', async (t, box, binary) => {
	const {dir, end} = await keep(box, binary, 'echo out; echo err >&2; printf part; exit 7');
	t.is(await end, 7);
	t.deepEqual(logged(t, `${dir}/log`).sort(), ['stderr F err', 'stdout F out', 'stdout P part']);
	t.like(ended(dir), {event: 'exited', code: 7});
	t.regex(ended(dir).time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
	t.deepEqual(fs.readdirSync(dir).sort(), ['exit.json', 'log', 'status']);
});

helperTest('a log beyond its size is moved aside, and so many are kept', async (t, box, binary) => {
	const {dir, end} = await keep(box, binary, 'for i in $(seq 200); do echo line $i; done', spec => {
		spec.minicontainer.supervise = {dir: box.path('kept'), log: {path: box.path('kept/log'), maxSize: 2000, files: 3}};
	});
	t.is(await end, 0);
	t.deepEqual(
		fs
			.readdirSync(dir)
			.filter(name => name.startsWith('log'))
			.sort(),
		['log', 'log.1', 'log.2'],
	);
	const kept = ['log.2', 'log.1', 'log'].flatMap(name => logged(t, `${dir}/${name}`));
	t.is(kept.at(-1), 'stdout F line 200');
	t.deepEqual(
		kept,
		Array.from({length: kept.length}, (_, i) => `stdout F line ${201 - kept.length + i}`),
		'no gap',
	);
	t.true(fs.statSync(`${dir}/log.1`).size <= 2000);
});

helperTest('a command that cannot be executed is on record too', async (t, box, binary) => {
	const spec = baseSpec(box.rootfs, ['/nope']);
	const dir = box.directory('kept');
	spec.minicontainer.supervise = {dir};
	const result = await runHelper(box, binary, spec);
	t.is(result.code, 127);
	t.like(ended(dir), {event: 'error', step: 'exec', errno: 'ENOENT', exitCode: 127});
});

helperTest('attach: input goes in, output comes out, the detach keys leave it running', async (t, box, binary) => {
	const script = 'while read x; do [ "$x" = end ] && exit 9; echo "got $x"; done; exit 1';
	const {dir, end} = await keep(box, binary, script);
	const first = box.spawn(binary, ['attach', '--detach-keys', '\x10\x11', dir], {stdin: 'pipe'});
	// What only begins like the keys goes in; what are the keys, however slowly typed, does not.
	first.stdin?.write('hel\x10lo\n');
	await wait(`${dir}/log`, text => text.includes('got hel\x10lo') || undefined);
	first.stdin?.write('\x10');
	await new Promise(resolve => setTimeout(resolve, 50));
	first.stdin?.write('\x11');
	const left = await first;
	t.like(left, {exitCode: 0, stdout: 'got hel\x10lo\n'});
	const second = box.spawn(binary, ['attach', dir], {stdin: 'pipe'});
	second.stdin?.write('end\n');
	t.is((await second).exitCode, 9);
	t.is(await end, 9);
});

helperTest('attach: signals go to the command, and its end is ours', async (t, box, binary) => {
	const {dir, end} = await keep(box, binary, 'trap "echo bye; exit 4" TERM; echo on; while :; do sleep 0.05; done');
	await wait(`${dir}/log`, text => text.includes('on') || undefined);
	const client = box.spawn(binary, ['attach', '--no-stdin', dir], {stdin: 'ignore'});
	// Attached or not yet: the signal is sent once the client has connected, and it has once it has blocked signals.
	await wait(`/proc/${client.pid}/status`, text => /^SigBlk:\t[0-9a-f]*[1-9a-f]/m.test(text) || undefined);
	client.kill('SIGTERM');
	t.is((await client).exitCode, 4);
	t.is(await end, 4);
});

helperTest("exec: the same namespaces and root, none of the caller's descriptors", async (t, box, binary) => {
	const {pid, end} = await keep(box, binary, 'echo here > /mark; exec sleep 1000');
	const look = 'for n in pid net mnt ipc uts cgroup; do readlink /proc/$1/ns/$n; done';
	const script = `look() { ${look}; }; look 1 > /a; look $$ > /b; cmp /a /b && cat /mark; ls /proc/$$/fd; exit 6`;
	const result = await runHelper(box, binary, execSpec(box.rootfs, pid, ['/bin/sh', '-c', script]));
	t.is(result.stderr, '');
	// 10 is where ash keeps its terminal or script, if at all.
	t.regex(result.stdout, /^here\n0\n1\n2\n(10\n)?$/);
	t.is(result.code, 6);
	process.kill(pid, 'SIGKILL');
	await end;
});

helperTest('exec: not into a process that has the number by now', async (t, box, binary) => {
	const {pid, end} = await keep(box, binary, 'exec sleep 1000');
	const spec = execSpec(box.rootfs, pid, ['/bin/true']);
	spec.minicontainer.target = {pid, startTime: startTime(pid) + 1};
	const result = await runHelper(box, binary, spec);
	t.is(result.code, 125);
	t.like(result.events.at(-1), {event: 'error', step: 'namespaces'});
	process.kill(pid, 'SIGKILL');
	await end;
});

const PIDS = '/sys/fs/cgroup/pids';

helperTest(
	'cgroups: joined before the command runs, limited, removed afterwards',
	async (t, box, binary) => {
		const group = `${PIDS}/mc-test-${process.pid}-${binary.length}`;
		const spec = baseSpec(box.rootfs, [
			'/bin/sh',
			'-c',
			'cat /proc/self/cgroup; for i in 1 2 3 4 5 6; do sleep 9 & done',
		]);
		spec.minicontainer.cgroup = {
			create: [group],
			settings: [{path: `${group}/pids.max`, value: '4'}],
			join: [group],
		};
		const result = await runHelper(box, binary, spec);
		t.regex(result.stdout, /^\d+:pids:\/$/m, 'the root of its own namespace');
		t.regex(result.stderr, /fork/);
		t.false(fs.existsSync(group));
	},
	{as: 'root', cgroup: 1},
);

helperTest(
	"exec: into the container's cgroups too, though their paths are not to be seen in there",
	async (t, box, binary) => {
		const group = `${PIDS}/mc-exec-${process.pid}-${binary.length}`;
		// The container's own, the shell, its `cat`, and the go-between, which may take its time to be gone.
		const {pid, end} = await keep(box, binary, 'exec sleep 1000', spec => {
			spec.minicontainer.cgroup = {create: [group], settings: [{path: `${group}/pids.max`, value: '4'}], join: [group]};
		});
		const bomb = 'cat /proc/self/cgroup; for i in 1 2 3 4 5 6; do sleep 9 & done';
		const spec = execSpec(box.rootfs, pid, ['/bin/sh', '-c', bomb]);
		spec.minicontainer.cgroup = {join: [group]};
		const result = await runHelper(box, binary, spec);
		t.regex(result.stdout, /^\d+:pids:\/$/m, result.stderr);
		t.regex(result.stderr, /fork/);
		t.true(fs.existsSync(group), 'not for exec to remove');
		process.kill(pid, 'SIGKILL');
		await end;
		// Its end is on record before that.
		while (fs.existsSync(group)) {
			await new Promise(resolve => setTimeout(resolve, 10));
		}
	},
	{as: 'root', cgroup: 1},
);

helperTest(
	'cgroups: a parent that others use stays, one that nobody uses goes, whoever made it',
	async (t, box, binary) => {
		const parent = `${PIDS}/mc-parent-${process.pid}-${binary.length}`;
		const spec = baseSpec(box.rootfs, ['/bin/true']);
		spec.minicontainer.cgroup = {create: [parent, `${parent}/own`], join: [`${parent}/own`]};
		fs.mkdirSync(`${parent}/other`, {recursive: true});
		t.is((await runHelper(box, binary, spec)).code, 0);
		t.deepEqual([fs.existsSync(`${parent}/other`), fs.existsSync(`${parent}/own`)], [true, false]);
		fs.rmdirSync(`${parent}/other`);
		t.is((await runHelper(box, binary, spec)).code, 0);
		t.false(fs.existsSync(parent));
	},
	{as: 'root'},
);

helperTest(
	'cgroups: a setting that this kernel lacks is named, with a hint',
	async (t, box, binary) => {
		const group = `${PIDS}/mc-lacks-${process.pid}-${binary.length}`;
		const spec = baseSpec(box.rootfs, ['/bin/true']);
		const settings = [{path: `${group}/memory.memsw.limit_in_bytes`, value: '1'}];
		spec.minicontainer.cgroup = {create: [group], settings, join: [group]};
		const {events: told} = await runHelper(box, binary, spec);
		t.like(told.at(-1), {event: 'error', step: 'cgroup', errno: 'ENOENT', exitCode: 125});
		t.regex(JSON.stringify(told.at(-1)), /memory\.memsw\.limit_in_bytes = 1.*"hint":"this kernel lacks the setting/);
		t.false(fs.existsSync(group));
	},
	{as: 'root'},
);

helperTest('cgroups: a limit that would be a plain file is refused', async (t, box, binary) => {
	const spec = baseSpec(box.rootfs, ['/bin/true']);
	const file = box.file('pids.max');
	spec.minicontainer.cgroup = {settings: [{path: file, value: '4'}], join: []};
	const result = await runHelper(box, binary, spec);
	t.like(result.events.at(-1), {event: 'error', step: 'cgroup', exitCode: 125});
	t.is(fs.readFileSync(file, 'utf8'), '');
});
