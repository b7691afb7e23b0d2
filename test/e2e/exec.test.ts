/** Getting into a running container: exec and attach; and looking at it: logs, top, inspect. */
import {boxTest, refused} from '../helpers/box.js';
import {cli} from '../helpers/project.js';
import {Terminal} from '../helpers/terminal.js';

boxTest('exec: the container’s namespaces, files, capabilities and limits', async (t, box) => {
	const id = await box.detached(
		t,
		['--ulimit', 'nofile=100:200', '--cap-drop', 'CHOWN'],
		'echo here >/mark; exec sleep 1000',
	);
	t.is(await box.ok(t, 'exec', id, 'cat', '/mark'), 'here\n');
	const sight = JSON.parse(await box.ok(t, 'exec', id, '/bin/probe'));
	const first = 'for n in pid net mnt ipc uts cgroup; do readlink /proc/1/ns/$n; done';
	const namespaces = (await box.ok(t, 'exec', id, '/bin/sh', '-c', first)).trim().split('\n');
	const {pid, net, mnt, ipc, uts, cgroup} = sight.namespaces;
	t.deepEqual(namespaces, [pid, net, mnt, ipc, uts, cgroup]);
	const status = (process: string) =>
		box.ok(t, 'exec', id, 'grep', '-E', '^(Cap|NoNewPrivs|Seccomp)', `/proc/${process}/status`);
	t.is(await status('self'), await status('1'));
	t.is(await box.ok(t, 'exec', id, '/bin/sh', '-c', 'ulimit -n; ls /proc/self/fd'), '100\n0\n1\n2\n3\n');
	const groups = (process: string) => box.ok(t, 'exec', id, 'cat', `/proc/${process}/cgroup`);
	t.is(await groups('self'), await groups('1'));
	await box.ok(t, 'rm', '-f', id);
});

boxTest('exec: environment, working directory, user, exit codes', async (t, box) => {
	const id = await box.detached(t, ['-e', 'A=1', '-w', '/etc'], 'exec sleep 1000');
	const sh = (script: string, ...flags: string[]) => box.cli(['exec', ...flags, id, '/bin/sh', '-c', script]);
	t.is((await sh('echo $A $B $PWD; id -u', '-e', 'B=2')).stdout, '1 2 /etc\n0\n');
	t.is((await sh('echo $A $PWD', '-w', '/tmp', '--env-file', box.file('env', 'A=3\n'))).stdout, '3 /tmp\n');
	t.is((await sh('exit 9')).code, 9);
	t.is((await sh('kill -TERM $$')).code, 143);
	t.is((await box.cli(['exec', id, '/nope'])).code, 127);
	t.is((await box.cli(['exec', id, '/etc/passwd'])).code, 126);
	refused(t, await sh('true', '-u', 'nobody-of-that-name'), /unknown user 'nobody-of-that-name'/);
	refused(t, await box.cli(['exec', id]), /COMMAND is missing/);
	t.is((await box.cli(['exec', '-i', id, 'cat'], {stdin: 'pipe', input: 'in'})).stdout, 'in');
	t.is((await box.cli(['exec', id, 'cat'], {stdin: 'pipe', input: 'in'})).stdout, '');
	t.is(await box.ok(t, 'exec', '-d', id, '/bin/sh', '-c', 'echo made >/made'), '');
	while (!(await sh('cat /made')).stdout.includes('made')) {}
	await box.ok(t, 'rm', '-f', id);
});

boxTest('exec -it is a terminal', async (t, box) => {
	const id = await box.detached(t, [], 'exec sleep 1000');
	const terminal = new Terminal(box, [
		cli,
		'exec',
		'-it',
		id,
		'/bin/sh',
		'-c',
		'tty; stty size; read x; echo "got $x"; exit 4',
	]);
	await terminal.screen.until(/24 80/);
	terminal.type('word\r');
	await terminal.screen.until(/got word/);
	t.is((await terminal.end()).code, 4);
	await box.ok(t, 'rm', '-f', id);
});

boxTest('attach: output comes, input goes, the keys leave it running; then its end is ours', async (t, box) => {
	const id = await box.detached(t, ['-it'], 'while read x; do [ "$x" = end ] && exit 6; echo "got $x"; done');
	const first = new Terminal(box, [cli, 'attach', '--detach-keys', 'ctrl-x,x', id]);
	first.type('one\r');
	await first.screen.until(/got one/);
	first.type('\x18x');
	t.is((await first.end()).code, 0);
	const second = new Terminal(box, [cli, 'attach', id]);
	second.type('two\r');
	await second.screen.until(/got two/);
	second.type('end\r');
	t.is((await second.end()).code, 6);
	refused(t, await box.cli(['attach', id]), /is not running/);
	refused(t, await box.cli(['attach', '--detach-keys', 'ctrl-', id]), /is not a key/);
	await box.ok(t, 'rm', id);
});

boxTest('logs: streams, times, the last lines, since, and follow', async (t, box) => {
	const id = await box.detached(
		t,
		[],
		'for i in 1 2 3; do echo out $i; done; echo err >&2; printf end; read x; sleep 0.3; echo late',
	);
	const followed = await box.cli(['logs', '-f', id]);
	t.deepEqual([followed.stdout, followed.stderr], ['out 1\nout 2\nout 3\nendlate\n', 'err\n']);
	t.is(await box.cli(['logs', '--tail', '1', id]).then(({stdout}) => stdout), 'late\n');
	t.regex((await box.cli(['logs', '-t', '-n', '1', id])).stdout, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z late\n$/);
	t.is((await box.cli(['logs', '--since', '2200-01-01', id])).stdout, '');
	t.is((await box.cli(['logs', '--since', '1h', '--until', '1h', id])).stdout, '');
	refused(t, await box.cli(['logs', '--since', 'yesterday', id]), /--since: 'yesterday' is not a duration/);
	refused(t, await box.cli(['logs', '--tail', 'x', id]), /--tail: 'x' is not a number of lines/);
	await box.ok(t, 'rm', id);
});

boxTest('a log is bounded, and its last lines are there', async (t, box) => {
	const flags = ['--log-opt', 'max-size=4k', '--log-opt', 'max-file=2'];
	const id = await box.detached(t, flags, 'i=0; while [ $i -lt 2000 ]; do echo line $((i += 1)); done');
	await box.ok(t, 'wait', id);
	const lines = (await box.ok(t, 'logs', id)).trim().split('\n');
	t.is(lines.at(-1), 'line 2000');
	t.true(lines.length < 250, String(lines.length));
	t.deepEqual(
		lines,
		lines.map((_, index) => `line ${2001 - lines.length + index}`),
		'no gap',
	);
	await box.ok(t, 'rm', id);
});

boxTest(
	'pause, unpause, update, stats, top',
	async (t, box) => {
		const id = await box.detached(t, ['--name', 'p', '-m', '64m'], 'while :; do echo tick; sleep 0.02; done');
		await box.ok(t, 'pause', 'p');
		t.is(await box.ok(t, 'ps', '--format', '{{.State}}'), 'paused\n');
		refused(t, await box.cli(['exec', 'p', 'true']), /container p is paused/);
		refused(t, await box.cli(['pause', 'p']), /container p is paused already/);
		const before = await box.ok(t, 'logs', 'p');
		await new Promise(resolve => setTimeout(resolve, 200));
		t.is(await box.ok(t, 'logs', 'p'), before);
		await box.ok(t, 'unpause', 'p');
		refused(t, await box.cli(['unpause', 'p']), /container p is not paused/);
		await box.ok(t, 'update', '-m', '32m', 'p');
		t.is(JSON.parse(await box.ok(t, 'inspect', 'p'))[0].limits.memory, 32 * 2 ** 20);
		t.regex(
			await box.ok(t, 'stats', '--no-stream', 'p'),
			new RegExp(`^${id.slice(0, 12)} +p +[\\d.]+% +.* / 32MiB `, 'm'),
		);
		t.regex(await box.ok(t, 'top', 'p'), /^0 +\d+ +\d+ +00:00:\d\d +\/bin\/sh -c while/m);
		refused(t, await box.cli(['update', 'p']), /no limit to change/);
		await box.ok(t, 'pause', 'p');
		await box.ok(t, 'rm', '-f', 'p');
	},
	{as: 'root'},
);
