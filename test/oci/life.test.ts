/** A container's life as engines drive it: create, start, state, kill, delete. */
import fs from 'node:fs';
import {until} from '../helpers/box.js';
import {doorTest, into, runtime} from './door.js';

const waiting = 'echo READY; while :; do sleep 0.1; done';

doorTest('create holds before the command; start lets it go; kill ends it; delete forgets it', async (t, door) => {
	await door.configure(waiting);
	const file = door.box.path('pid');
	const said = await door.create(t, door.id, '--pid-file', file);
	const state = JSON.parse(await door.ok(t, 'state', door.id));
	t.is(state.status, 'created');
	t.is(state.bundle, fs.realpathSync(door.bundle));
	t.is(String(state.pid), fs.readFileSync(file, 'utf8'));
	t.is(said(), '');
	t.is(await door.ok(t, 'start', door.id), '');
	await until(() => said().includes('READY'), 'READY');
	t.is(await door.status(t, door.id), 'running');
	t.is(await door.ok(t, 'kill', door.id, 'SIGKILL'), '');
	await door.becomes(t, door.id, 'stopped');
	t.is(JSON.parse(await door.ok(t, 'state', door.id)).pid, 0);
	await door.ok(t, 'delete', door.id);
	t.deepEqual(await door.call(['state', door.id]), {
		...{code: 1, signal: undefined, stdout: ''},
		stderr: `minicontainer-oci: container does not exist: ${door.id}\n`,
	});
});

doorTest('what is not there, not running, there already: a line and 1', async (t, door) => {
	await door.configure('exit 0');
	const fails = async (message: string, ...words: string[]) => {
		const {code, stderr} = await door.call(words);
		t.is(code, 1, words.join(' '));
		t.is(stderr, `minicontainer-oci: ${message}\n`, words.join(' '));
	};
	await fails('container does not exist: x', 'start', 'x');
	await fails('container does not exist: x', 'kill', 'x');
	await fails('container does not exist: x', 'delete', 'x');
	await door.ok(t, 'delete', '--force', 'x');
	await fails('invalid container ID format: ../x', 'state', '../x');
	await door.create(t, door.id);
	await fails(`container with given ID already exists: ${door.id}`, 'create', '--bundle', door.bundle, door.id);
	await door.ok(t, 'start', door.id);
	await door.becomes(t, door.id, 'stopped');
	await fails('container not running', 'kill', door.id, 'KILL');
	await fails('cannot start a container that has stopped', 'start', door.id);
	await fails('container not running', 'pause', door.id);
	await door.ok(t, 'delete', door.id);
});

doorTest(
	'a command that is not there is create’s failure, and leaves nothing; the log has it as JSON',
	async (t, door) => {
		await door.configure('', config => {
			config.process.args = ['nosuch'];
		});
		const log = door.box.path('log');
		const {code, stderr} = await door.call([
			...['--log', log, '--log-format', 'json', 'create', '--bundle', door.bundle, door.id],
		]);
		t.is(code, 1);
		t.regex(stderr, /nosuch.*executable file not found in \$PATH\n$/);
		const said = JSON.parse(fs.readFileSync(log, 'utf8'));
		t.is(said.level, 'error');
		t.regex(said.msg, /nosuch/);
		t.is(await door.ok(t, 'list', '-q'), '');
	},
);

doorTest('what cannot be planned is said with its place, and leaves nothing', async (t, door) => {
	await door.configure('true', config => {
		config.process.cwd = 'relative';
	});
	const {code, stderr} = await door.call(['create', '--bundle', door.bundle, door.id]);
	t.is(code, 1);
	t.regex(stderr, /^minicontainer-oci: .*cwd.*\n$/);
	t.is(await door.ok(t, 'list', '-q'), '');
});

doorTest('run waits, and its exit code is the command’s; --keep keeps the state; -d comes back', async (t, door) => {
	await door.configure('echo hi; exit 7');
	const {code, stdout, stderr} = await door.call(['run', '--bundle', door.bundle, door.id]);
	t.deepEqual([code, stdout, stderr], [7, 'hi\n', '']);
	t.is(await door.ok(t, 'list', '-q'), '');
	t.is((await door.call(['run', '--keep', '--bundle', door.bundle, `${door.id}-b`])).code, 7);
	t.is(await door.status(t, `${door.id}-b`), 'stopped');
	await door.ok(t, 'delete', `${door.id}-b`);
	await door.configure(waiting);
	await door.ok(t, 'run', '-d', '--bundle', door.bundle, `${door.id}-c`);
	t.is(await door.status(t, `${door.id}-c`), 'running');
	t.regex(
		(await door.call(['delete', `${door.id}-c`])).stderr,
		/cannot delete container \S+ that is not stopped: running/,
	);
	await door.ok(t, 'delete', '-f', `${door.id}-c`);
});

doorTest('run passes signals on', async (t, door) => {
	await door.configure('trap "exit 5" USR1; echo READY; while :; do sleep 0.1; done');
	const out = door.box.path('said');
	const run = door.start(['run', '--bundle', door.bundle, door.id], into(out, out));
	await until(() => fs.existsSync(out) && fs.readFileSync(out, 'utf8').includes('READY'), 'READY');
	run.kill('SIGUSR1');
	t.is((await run).exitCode, 5);
});

doorTest('exec: in there, with its exit code; nothing to execute is 255', async (t, door) => {
	await door.configure(waiting);
	await door.create(t, door.id);
	await door.ok(t, 'start', door.id);
	t.is(await door.ok(t, 'exec', '-e', 'A=b', '--cwd', '/tmp', door.id, '/bin/sh', '-c', 'echo $A; pwd'), 'b\n/tmp\n');
	t.is((await door.call(['exec', door.id, '/bin/sh', '-c', 'exit 9'])).code, 9);
	const missing = await door.call(['exec', door.id, 'nosuch']);
	t.is(missing.code, 255);
	t.regex(missing.stderr, /^minicontainer-oci: exec failed: .*executable file not found in \$PATH\n$/);
	await door.ok(t, 'delete', '--force', door.id);
});

doorTest('--preserve-fds: those, and no other', async (t, door) => {
	await door.configure('cat <&3; ls /proc/self/fd');
	const file = door.box.file('three', 'third\n');
	const script = `exec 3<"$1" 4<"$1"; exec "$0" --root "$2" run --preserve-fds 1 --bundle "$3" "$4"`;
	const {stdout, stderr} = await door.box.spawn('/bin/sh', [
		'-c',
		script,
		runtime,
		file,
		door.root,
		door.bundle,
		door.id,
	]);
	t.is(stderr, '');
	t.is(stdout, 'third\n0\n1\n2\n3\n4\n');
});

doorTest('it works with an empty environment', async (t, door) => {
	await door.configure('exit 4');
	const {exitCode, stderr} = await door.box.spawn('/usr/bin/env', [
		...['-i', runtime, '--root', door.root, 'run', '--bundle', door.bundle, door.id],
	]);
	t.deepEqual([exitCode, stderr], [4, '']);
});

doorTest('list, version, help, features; systemd’s groups are refused', async (t, door) => {
	await door.configure(waiting);
	t.is(await door.ok(t, 'list', '--format', 'json'), 'null\n');
	await door.create(t, door.id);
	const [{id, status}] = JSON.parse(await door.ok(t, 'list', '-f', 'json'));
	t.deepEqual([id, status], [door.id, 'created']);
	t.regex(await door.ok(t, 'list'), /^ID +PID +STATUS +BUNDLE +CREATED +OWNER\n\S+ +\d+ +created/);
	t.is(await door.ok(t, 'list', '-q'), `${door.id}\n`);
	t.regex(await door.ok(t, '--version'), /^minicontainer-oci version .*\nspec: 1\./);
	t.regex(await door.ok(t, 'exec', '--help'), /--process/);
	t.true(Array.isArray(JSON.parse(await door.ok(t, 'features')).hooks));
	t.regex((await door.call(['--systemd-cgroup', 'create', 'b'])).stderr, /cgroupfs\n$/);
	await door.ok(t, 'delete', door.id);
});
