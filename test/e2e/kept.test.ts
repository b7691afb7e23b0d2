/** Containers that live on: made, started, stopped, started again, removed. */
import fs from 'node:fs';
import {type Box, boxTest, refused, until} from '../helpers/box.js';
import {marked, parentOf} from '../helpers/leaks.js';

const forever = 'echo READY; while :; do sleep 0.05; done';
const polite = `trap 'echo bye; exit 3' TERM; ${forever}`;
const stubborn = `trap 'echo no' TERM; ${forever}`;

/** The first process of a running container, and its supervisor. */
function processesOf(box: Box, id: string): {first: number; supervisor: number} {
	const first = Number(/"pid":(\d+)/.exec(box.text(id, 'status'))?.[1]);
	return {first, supervisor: parentOf(first)};
}

boxTest('run -d prints the id and returns; what it writes is kept apart', async (t, box) => {
	const id = await box.detached(t, [], 'echo out; echo err >&2; exit 4');
	t.regex(id, /^[0-9a-f]{64}$/);
	t.is(await box.line(t, 'wait', id), '4');
	t.deepEqual(await box.cli(['logs', id]), {code: 0, signal: undefined, stdout: 'out\n', stderr: 'err\n'});
});

boxTest('run -d keeps nothing of the caller’s: no pipe, directory, descriptor or memory', async (t, box) => {
	const id = await box.detached(t, ['-i'], forever);
	const {supervisor} = processesOf(box, id);
	t.is(fs.readlinkSync(`/proc/${supervisor}/cwd`), '/');
	const target = (fd: string) => fs.readlinkSync(`/proc/${supervisor}/fd/${fd}`);
	const files = fs.readdirSync(`/proc/${supervisor}/fd`).map(target);
	t.deepEqual(['0', '1', '2'].map(target), ['/dev/null', '/dev/null', '/dev/null']);
	const ours = /^(\/dev\/null|pipe:|socket:|anon_inode:|.*\/containers\/[0-9a-f]{64}\/(log|status)$)/;
	t.deepEqual(
		files.filter(file => !ours.test(file)),
		[],
	);
	const smaps = fs.readFileSync(`/proc/${supervisor}/smaps_rollup`, 'utf8');
	const own = [...smaps.matchAll(/^Private_(?:Clean|Dirty):\s+(\d+)/gm)].reduce((sum, [, kib]) => sum + Number(kib), 0);
	// Another helper, such as the sanitized one, may be as large as it likes.
	t.true(own < 1024 || process.env.MC_INIT !== undefined, smaps);
	t.is(marked([box.mark]).length, 1, 'the supervisor is all that stays');
});

boxTest('a caller that waits for the end of its pipe gets it', async (t, box) => {
	const script = `"$1" run -d --rootfs "$2" sleep 1000 2>&1 | cat`;
	const {cli} = await import('../helpers/project.js');
	const result = await box.spawn('/bin/sh', ['-c', script, 'sh', cli, box.rootfs]);
	t.regex(String(result.stdout), /^[0-9a-f]{64}\n$/);
	t.is(await box.line(t, 'rm', '-f', String(result.stdout).trim()), String(result.stdout).trim());
});

boxTest('a container is kept, and started again with its changes', async (t, box) => {
	const script = 'echo x >>/count; wc -l </count; [ -e /etc/issue ] && rm /etc/issue && exit 5; exit 6';
	const result = await box.cli(['run', '--name', 'job', '--rootfs', box.rootfs, 'sh', '-c', script]);
	t.deepEqual([result.code, result.stdout], [5, '1\n']);
	t.is(await box.line(t, 'start', 'job'), 'job');
	t.is(await box.line(t, 'wait', 'job'), '6');
	t.deepEqual(await box.cli(['start', '-a', 'job']), {code: 6, signal: undefined, stdout: '3\n', stderr: ''});
	t.is(await box.line(t, 'logs', 'job'), '1\n2\n3');
	t.is(await box.line(t, 'rm', 'job'), 'job');
	refused(t, await box.cli(['start', 'job']), /there is no container/);
});

boxTest('create, start, stop, start, restart, rm', async (t, box) => {
	const id = await box.created(t, ['--name', 'web'], polite);
	t.is((await box.inspect(t, 'web')).state.status, 'created');
	t.is(await box.line(t, 'wait', 'web'), '0', 'nothing to wait for');
	t.is(await box.line(t, 'stop', 'web'), 'web', 'nothing to stop');
	for (const verb of ['start', 'restart', 'restart', 'start']) {
		t.is(await box.line(t, verb, 'web'), 'web');
		t.is((await box.inspect(t, id)).state.status, 'running', verb);
		await until(() => box.text(id, 'log').split('READY').length > 1, 'READY');
	}

	t.is(await box.line(t, 'stop', 'web'), 'web');
	t.like((await box.inspect(t, id)).state, {status: 'exited'});
	t.is(await box.line(t, 'rm', 'web'), 'web');
});

boxTest('stop: the stop signal, then KILL; 137 when it had to', async (t, box) => {
	const one = await box.detached(t, [], polite);
	t.is(await box.line(t, 'stop', one), one);
	t.like((await box.inspect(t, one)).state, {status: 'exited', exitCode: 3});
	t.regex(box.text(one, 'log'), /bye/);
	const other = await box.detached(t, ['--stop-timeout', '0'], stubborn);
	t.is(await box.line(t, 'stop', other), other);
	t.like((await box.inspect(t, other)).state, {status: 'exited', exitCode: 137, signal: 9});
	await box.line(t, 'start', other);
	await until(() => box.text(other, 'log').split('READY').length > 2, 'READY again');
	t.is(await box.line(t, 'stop', '-t', '1', other), other);
	t.like((await box.inspect(t, other)).state, {exitCode: 137});
	const usr = await box.detached(t, ['--stop-signal', 'USR1'], `trap 'exit 11' USR1; ${forever}`);
	await box.line(t, 'stop', usr);
	t.is((await box.inspect(t, usr)).state.exitCode, 11);
});

boxTest('kill: KILL unless said otherwise; the command may handle others', async (t, box) => {
	const id = await box.detached(t, [], `trap 'echo hup' HUP; trap 'exit 7' USR2; ${forever}`);
	t.is(await box.line(t, 'kill', '-s', 'HUP', id), id);
	await box.says(id, /hup/);
	t.is(await box.line(t, 'kill', '--signal=SIGUSR2', id.slice(0, 12)), id.slice(0, 12));
	t.is(await box.line(t, 'wait', id), '7');
	await box.line(t, 'start', id);
	t.is(await box.line(t, 'kill', id), id);
	t.is(await box.line(t, 'wait', id), '137');
	refused(t, await box.cli(['kill', id]), /is not running/);
	refused(t, await box.cli(['kill', '-s', 'NOPE', id]), /NOPE/);
});

boxTest('wait: for several, in order; for one that is removed at its end', async (t, box) => {
	const slow = await box.detached(t, ['--rm'], `${polite}`);
	const quick = await box.detached(t, [], 'exit 2');
	const waiting = box.start(['wait', slow, quick]);
	await until(() => marked([box.mark]).some(line => / wait /.test(line)), 'the wait');
	await box.line(t, 'kill', '-s', 'TERM', slow);
	const {stdout, exitCode} = await waiting;
	t.deepEqual([stdout, exitCode], ['3\n2\n', 0]);
	await until(() => !fs.existsSync(box.kept(slow)), 'its removal');
	refused(t, await box.cli(['wait', slow]), /there is no container/);
});

boxTest('--rm goes when it has ended, by itself', async (t, box) => {
	const id = await box.detached(t, ['--rm', '--name', 'temp'], 'echo x >/file; exit 1');
	await until(() => !fs.existsSync(box.kept(id)), 'its removal');
	const again = await box.created(t, ['--rm', '--name', 'temp'], 'exit 9');
	t.is((await box.cli(['start', '-a', 'temp'])).code, 9);
	await until(() => !fs.existsSync(box.kept(again)), 'its removal');
	const third = await box.created(t, ['--rm', '--name', 'temp'], 'exit 9');
	await box.line(t, 'start', 'temp');
	await until(() => !fs.existsSync(box.kept(third)), 'its removal');
	await until(() => marked([box.mark]).length === 0, 'the end of the command that removed it');
});

for (const [command, code, why] of [
	['/nope', 127, /\/nope/],
	['/etc/passwd', 126, /\/etc\/passwd/],
] as const) {
	boxTest(`run -d: ${code} for a command that cannot start, and why is on record`, async (t, box) => {
		refused(t, await box.cli(['run', '-d', '--name', 'bad', '--rootfs', box.rootfs, command]), why, code);
		t.like((await box.inspect(t, 'bad')).state, {status: 'exited', exitCode: code, error: {step: 'exec'}});
		t.is(await box.line(t, 'wait', 'bad'), String(code));
		t.regex(await box.line(t, 'ps', '-a'), new RegExp(`Could not start \\(${code}\\): exec E[A-Z]+ `));
		refused(t, await box.cli(['start', 'bad']), why, code);
		refused(t, await box.cli(['start', '-a', 'bad']), why, code);
		t.is(await box.line(t, 'rm', 'bad'), 'bad');
		refused(t, await box.cli(['run', '-d', '--rm', '--rootfs', box.rootfs, command]), why, code);
	});
}

boxTest('rm: one that runs is refused; -f kills it; one that is not there', async (t, box) => {
	const id = await box.detached(t, ['--name', 'busy'], stubborn);
	refused(t, await box.cli(['rm', 'busy']), /container busy is running/);
	t.is((await box.inspect(t, id)).state.status, 'running');
	t.is(await box.line(t, 'rm', '-f', 'busy'), 'busy');
	refused(t, await box.cli(['rm', 'busy']), /there is no container 'busy'/);
	t.is(await box.line(t, 'rm', '-f', 'busy'), '');
	refused(t, await box.cli(['rm', '--all', 'busy']), /not both/);
	const [one, two] = [await box.created(t, [], ':'), await box.detached(t, ['--rm'], forever)];
	const result = await box.cli(['rm', one, 'nobody', two]);
	t.is(result.code, 125);
	t.is(result.stdout, `${one}\n`, 'what can be removed is');
	t.is(await box.line(t, 'rm', '-f', '--all'), two);
});

boxTest('rm -f of a container in the foreground: its caller is told 137', async (t, box) => {
	const running = box.start(['run', '--rm', '--name', 'fore', '--rootfs', box.rootfs, 'sleep', '1000']);
	await until(async () => (await box.cli(['ps', '-q', '--filter', 'status=running'])).stdout, 'it runs');
	t.is(await box.line(t, 'rm', '-f', 'fore'), 'fore');
	t.is((await running).exitCode, 137);
});

boxTest('prune removes what does not run, and nothing else', async (t, box) => {
	const up = await box.detached(t, [], forever);
	const ended = [await box.created(t, [], ':'), await box.detached(t, [], 'exit 1')];
	await box.line(t, 'wait', ended[1] as string);
	t.deepEqual((await box.line(t, 'prune', '-f')).split('\n').sort(), ended.sort());
	t.is(await box.line(t, 'ps', '-aq', '--no-trunc'), up);
});

boxTest('names, ids and prefixes; an ambiguous one is refused', async (t, box) => {
	const ids = [];
	while (new Set(ids.map(id => id[0])).size === ids.length) {
		ids.push(await box.created(t, [], ':'));
	}

	const last = ids.at(-1) as string;
	const named = await box.created(t, ['--name', last.slice(0, 8)], ':');
	t.is((await box.inspect(t, last.slice(0, 8))).id, named, 'a name goes before a prefix');
	t.is((await box.inspect(t, last.slice(0, 12))).id, last);
	t.is((await box.inspect(t, last)).id, last);
	refused(t, await box.cli(['start', last[0] as string]), /could be any of [23] containers/);
	for (const bad of ['', '.', '..', '../x', 'a/b', 'nobody', last.toUpperCase()]) {
		refused(t, await box.cli(['start', bad]), /there is no container/);
	}

	refused(t, await box.cli(['create', '--name', last.slice(0, 8), '--rootfs', box.rootfs, 'true']), /is in use/);
});

boxTest('rename: the new name is taken, the old one is free', async (t, box) => {
	const id = await box.detached(t, ['--name', 'old'], forever);
	t.is(await box.line(t, 'rename', 'old', 'new'), '');
	t.is((await box.inspect(t, 'new')).id, id);
	refused(t, await box.cli(['stop', 'old']), /there is no container/);
	const next = await box.created(t, ['--name', 'old'], ':');
	refused(t, await box.cli(['rename', next, 'new']), /the name new is in use/);
	refused(t, await box.cli(['rename', next, '../x']), /is not a name/);
	refused(t, await box.cli(['rename', next, 'old']), /has that name already/);
	t.is((await box.inspect(t, next)).name, 'old');
});
