/** What a container wrote, while it runs and afterwards. */
import {boxTest, refused, until} from '../helpers/box.js';

const three = 'for i in 1 2 3; do echo out $i; echo err $i >&2; done';

boxTest('streams apart; -t, --tail, --since and --until', async (t, box) => {
	const id = await box.detached(t, [], three);
	await box.ok(t, 'wait', id);
	const logs = async (...flags: string[]) => {
		const {code, stdout, stderr} = await box.cli(['logs', ...flags, id]);
		t.is(code, 0, flags.join(' '));
		return [stdout, stderr];
	};

	t.deepEqual(await logs(), ['out 1\nout 2\nout 3\n', 'err 1\nerr 2\nerr 3\n']);
	t.is((await logs('--tail', '2')).join('').split('\n').length, 3);
	for (const [all, flags] of [
		[true, ['--tail', 'all']],
		[true, ['-n', '-1']],
		[true, ['--since', '1h']],
		[false, ['--tail', '0']],
		[false, ['--until', '1h']],
		[false, ['--since', '2100-01-01T00:00:00Z']],
		[true, ['--since', '2020-01-01', '--until', '2100-01-01']],
	] as const) {
		t.is((await logs(...flags)).join('') !== '', all, flags.join(' '));
	}

	const stamped = (await logs('-t'))[0] ?? '';
	t.regex(stamped, /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z out \d\n){3}$/);
	const second = stamped.split('\n')[1]?.split(' ')[0] ?? '';
	t.is((await logs('--since', second))[0], 'out 2\nout 3\n', 'from a line’s own time on');
	t.is((await logs('--until', second))[0], 'out 1\nout 2\n');
	refused(t, await box.cli(['logs', '--tail', '-2', id]), /is not a number of lines/);
	refused(t, await box.cli(['logs', '--since', 'soon', id]), /soon/);
	refused(t, await box.cli(['logs', 'nobody']), /there is no container/);
});

boxTest('-f: what comes, to the end; to its removal', async (t, box) => {
	const id = await box.detached(t, ['-i'], 'echo READY; while read x; do echo "got $x"; [ "$x" = end ] && exit; done');
	const following = box.start(['logs', '-f', id]);
	let seen = '';
	following.stdout?.on('data', chunk => {
		seen += chunk;
	});
	await until(() => seen.includes('READY'), 'the beginning');
	const client = box.start(['attach', id], {stdin: 'pipe', input: 'a\nend\n'});
	t.is((await following).stdout, 'READY\ngot a\ngot end\n');
	t.is((await following).exitCode, 0);
	await client;
	await box.ok(t, 'start', id);
	const again = box.start(['logs', '-f', '--tail', '1', id]);
	await new Promise(resolve => again.stdout?.once('data', resolve));
	await box.ok(t, 'rm', '-f', id);
	t.deepEqual([(await again).exitCode, (await again).stderr], [0, '']);
});

boxTest('bytes are bytes, lines may be long and may not end', async (t, box) => {
	const script = 'printf "\\000\\377\\033[31m\\r\\n"; head -c 100000 /dev/zero | tr "\\0" x; printf end';
	const id = await box.detached(t, [], script);
	await box.ok(t, 'wait', id);
	const {stdout} = await box.start(['logs', id], {encoding: 'latin1' as never, stripFinalNewline: false});
	t.is(String(stdout), `\0\xff\x1b[31m\r\n${'x'.repeat(100_000)}end`);
});

boxTest('moved aside while it is followed: nothing is missed, nothing comes twice', async (t, box) => {
	const flags = ['--log-opt', 'max-size=64k', '--log-opt', 'max-file=100'];
	const id = await box.detached(
		t,
		flags,
		'i=0; while [ $i -lt 20000 ]; do i=$((i + 1)); echo line $i; done; sleep 0.2',
	);
	const {stdout} = await box.start(['logs', '-f', id]);
	const lines = String(stdout).trim().split('\n');
	t.is(lines.length, 20_000);
	t.deepEqual(
		lines.filter((line, index) => line !== `line ${index + 1}`),
		[],
	);
});

boxTest('a reader that goes away is no error, and bad sizes are', async (t, box) => {
	const id = await box.detached(t, [], 'yes | head -n 20000');
	await box.ok(t, 'wait', id);
	const {cli} = await import('../helpers/project.js');
	const script = '("$1" logs "$2"; echo $? >&2) | head -n 1';
	const result = await box.spawn('/bin/sh', ['-c', script, 'sh', cli, id]);
	t.deepEqual([result.stdout, result.stderr], ['y\n', '0\n']);
	for (const bad of ['max-size=1', 'max-size=x', 'max-file=0', 'max-file=1000', 'colour=red', '']) {
		refused(t, await box.cli(['create', '--log-opt', bad, '--rootfs', box.rootfs, 'true']), /--log-opt/);
	}
});

boxTest('one that has no log says so', async (t, box) => {
	const made = await box.created(t, [], ':');
	t.deepEqual(await box.cli(['logs', made]), {code: 0, signal: undefined, stdout: '', stderr: ''});
	const running = box.start([
		'run',
		'--rm',
		'--name',
		'fore',
		'--rootfs',
		box.rootfs,
		'sh',
		'-c',
		'echo x; exec sleep 1000',
	]);
	await new Promise(resolve => running.stdout?.once('data', resolve));
	refused(t, await box.cli(['logs', 'fore']), /container fore has no log/);
	await box.ok(t, 'rm', '-f', 'fore');
	await running;
});
