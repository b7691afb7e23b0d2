/** One more command in a container that runs. */
import fs from 'node:fs';
import {boxTest, refused, until} from '../helpers/box.js';
import {marked} from '../helpers/leaks.js';
import {cli, hasRanges, isRoot} from '../helpers/project.js';
import {Terminal} from '../helpers/terminal.js';

const forever = '/bin/probe; echo READY; while :; do sleep 0.05; done';

/** What a container's own command and one that was executed besides have in common. */
const SHARED = [
	...['namespaces', 'cgroups', 'CapBnd', 'CapEff', 'CapPrm', 'CapInh', 'CapAmb', 'NoNewPrivs', 'Seccomp'],
	...['mounts', 'hostname', 'rlimits', 'uid', 'gid', 'groups', 'cwd'],
];

boxTest('the same namespaces, cgroups, capabilities, limits and user', async (t, box) => {
	const flags = ['-e', 'A=1', '-w', '/tmp', '--cap-drop', 'CHOWN', '--ulimit', 'nofile=100', '--hostname', 'box'];
	const id = await box.detached(t, flags, forever);
	const own = JSON.parse((await box.line(t, 'logs', id)).replace(/READY\s*$/, ''));
	const other = JSON.parse(await box.line(t, 'exec', id, '/bin/probe'));
	for (const key of SHARED.filter(name => name in own)) {
		t.deepEqual(other[key], own[key], key);
	}

	t.true(SHARED.filter(name => name in own).length > 8, Object.keys(own).join(' '));
});

boxTest('exit codes: the command’s own, 128+n, 126, 127', async (t, box) => {
	const id = await box.detached(t, ['--name', 'c'], forever);
	t.is((await box.cli(['exec', 'c', 'sh', '-c', 'exit 42'])).code, 42);
	t.is((await box.cli(['exec', id, 'sh', '-c', 'kill -9 $$'])).code, 137);
	refused(t, await box.cli(['exec', 'c', '/nope']), /\/nope/, 127);
	refused(t, await box.cli(['exec', 'c', 'nope']), /nope/, 127);
	refused(t, await box.cli(['exec', 'c', '/etc/passwd']), /\/etc\/passwd/, 126);
	refused(t, await box.cli(['exec', '-d', 'c', '/nope']), /\/nope/, 127);
	refused(t, await box.cli(['exec', 'c']), /COMMAND is missing/);
	refused(t, await box.cli(['exec']), /CONTAINER is missing/);
	t.is((await box.inspect(t, id)).state.status, 'running', 'and it runs on');
});

boxTest('streams: stdin only with -i, stdout and stderr apart', async (t, box) => {
	const id = await box.detached(t, [], forever);
	const script = 'echo out; echo err >&2; cat';
	const silent = await box.cli(['exec', id, 'sh', '-c', script], {input: 'in\n', stdin: 'pipe'});
	t.deepEqual([silent.stdout, silent.stderr], ['out\n', 'err\n']);
	const spoken = await box.cli(['exec', '-i', id, 'sh', '-c', script], {input: 'in\n', stdin: 'pipe'});
	t.deepEqual([spoken.stdout, spoken.stderr], ['out\nin\n', 'err\n']);
});

boxTest('-e, --env-file, -w and -u', async (t, box) => {
	const id = await box.detached(t, ['-e', 'A=1', '-e', 'B=2'], forever);
	const file = box.file('env', '# comment\nB=file\nC=file\n');
	const look = ['sh', '-c', 'echo $A $B $C $D; pwd'];
	const result = await box.cli(['exec', '-eC=flag', '-e', 'D', '--env-file', file, '-w', '/tmp', id, ...look], {
		env: {D: 'caller', A: 'not asked for'},
	});
	t.deepEqual([result.stdout, result.stderr], ['1 file flag caller\n/tmp\n', '']);
	refused(t, await box.cli(['exec', '-w', 'relative', id, 'true']), /relative/);
	refused(t, await box.cli(['exec', '-w', '/nowhere', id, 'true']), /\/nowhere/);
	refused(t, await box.cli(['exec', '--env-file', '/nope', id, 'true']), /--env-file \/nope/);
	refused(t, await box.cli(['exec', '-u', 'stranger', id, 'true']), /stranger/);
	if (isRoot || hasRanges) {
		const sight = JSON.parse(await box.line(t, 'exec', '-u', '1', id, '/bin/probe'));
		t.regex(JSON.stringify(sight), /"CapEff": ?"0{16}"/);
		t.is(await box.line(t, 'exec', '-u', '1:1', id, 'id', '-u'), '1');
	} else {
		refused(t, await box.cli(['exec', '-u', '1', id, 'true']), /1/);
	}
});

boxTest('-d: in the background, ended with the container', async (t, box) => {
	const id = await box.detached(t, [], forever);
	t.is(await box.line(t, 'exec', '-d', id, 'sh', '-c', 'echo x >/there; exec sleep 1000'), '');
	await until(async () => (await box.cli(['exec', id, 'cat', '/there'])).stdout === 'x\n', 'the file');
	t.is(await box.line(t, 'kill', id), id);
	await until(() => marked([box.mark]).length === 0, 'the end of all helpers');
});

boxTest('-t without a terminal of the caller’s', async (t, box) => {
	const id = await box.detached(t, [], forever);
	const piped = await box.cli(['exec', '-t', id, 'sh', '-c', 'tty; echo $TERM']);
	t.regex(piped.stdout, /\/dev\/pts\/\d+\r\nxterm\r\n/);
});

boxTest('-it: hanging up ends it, and not the container', async (t, box) => {
	const id = await box.detached(t, [], forever);
	// LeakSanitizer's own look at a process that has lost its terminal may never end; there are others of it.
	const env = {ASAN_OPTIONS: 'detect_leaks=0'};
	const terminal = new Terminal(box, [cli, 'exec', '-it', id, 'sh', '-c', 'echo here; exec sleep 1000'], {env});
	await terminal.screen.until(/here/);
	terminal.hangUp();
	await terminal.end();
	await until(() => marked([box.mark]).length === 1, 'its end');
	t.is((await box.inspect(t, id)).state.status, 'running');
});

boxTest('-d: holds nothing of the caller’s, and not the host’s null device', async (t, box) => {
	const id = await box.detached(t, [], forever);
	await box.line(
		t,
		'exec',
		'-d',
		'-i',
		id,
		'sh',
		'-c',
		'stat -L -c %d /proc/self/fd/[012] >/a; stat -c %d /dev/null >/b; echo x >/done',
	);
	await until(async () => (await box.cli(['exec', id, 'cat', '/done'])).stdout === 'x\n', 'its end');
	const [a, b] = [await box.line(t, 'exec', id, 'cat', '/a'), await box.line(t, 'exec', id, 'cat', '/b')];
	t.deepEqual(
		a.split('\n').filter((_, fd) => fd !== 1),
		[b, b],
	);
});

boxTest('only in one that runs', async (t, box) => {
	const id = await box.created(t, ['--name', 'c'], 'exit 0');
	refused(t, await box.cli(['exec', 'c', 'true']), /is not running/);
	await box.line(t, 'start', id);
	await box.line(t, 'wait', id);
	refused(t, await box.cli(['exec', 'c', 'true']), /is not running/);
	refused(t, await box.cli(['exec', 'nobody', 'true']), /there is no container/);
});

boxTest('signals go to the command', async (t, box) => {
	const id = await box.detached(t, [], forever);
	const script = `trap 'exit 9' TERM; echo on; while :; do sleep 0.05; done`;
	const running = box.start(['exec', id, 'sh', '-c', script], {buffer: true});
	await new Promise(resolve => running.stdout?.once('data', resolve));
	running.kill('SIGTERM');
	t.is((await running).exitCode, 9);
});

boxTest('a caller that is killed takes its command along, and not the container', async (t, box) => {
	const id = await box.detached(t, [], forever);
	const running = box.start(['exec', id, 'sh', '-c', 'echo on; exec sleep 1000']);
	await new Promise(resolve => running.stdout?.once('data', resolve));
	running.kill('SIGKILL');
	await running;
	await until(() => marked([box.mark]).length === 1, 'its end');
	t.false(
		fs.readdirSync(box.kept(id)).some(name => /^(spec|status)\.\d/.test(name)),
		'no files of it',
	);
	t.is(await box.line(t, 'exec', id, 'echo', 'x'), 'x');
});

boxTest('exec and cp into a container with --init, whose PID 1 only root may look into', async (t, box) => {
	const id = await box.detached(t, ['--init'], 'echo READY; exec sleep 1000');
	t.is(await box.ok(t, 'exec', '--user', 'root', id, 'id', '-un'), 'root\n');
	t.is(await box.ok(t, 'exec', id, 'sh', '-c', 'echo new >/new; cat /proc/1/comm'), 'init\n');
	await box.ok(t, 'cp', `${id}:/new`, box.path('copied'));
	t.is(fs.readFileSync(box.path('copied'), 'utf8'), 'new\n');
});
