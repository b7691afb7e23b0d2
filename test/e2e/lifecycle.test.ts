/** Containers that outlive the command that made them: run -d, create, start, stop, kill, wait, rm, rename, prune. */
import fs from 'node:fs';
import type {ExecutionContext} from 'ava';
import {type Box, boxTest, refused} from '../helpers/box.js';
import {kill, parentOf} from '../helpers/leaks.js';

const FOREVER = 'echo up; while :; do sleep 0.1; done';
/** Ends at once when it is asked to. */
const POLITE = 'trap "exit 7" TERM; echo up; while :; do sleep 0.05; done';

async function stateOf(t: ExecutionContext, box: Box, name: string) {
	return JSON.parse(await box.ok(t, 'inspect', name))[0].state;
}

/** Until its command has said something: then its traps are set. */
async function up(t: ExecutionContext, box: Box, name: string): Promise<void> {
	while (!(await box.ok(t, 'logs', name)).includes('up')) {}
}

const ps = (t: ExecutionContext, box: Box) => box.ok(t, 'ps', '-a', '--format', '{{.Names}} {{.State}}');

boxTest('run -d, ps, stop, start, rm: what was changed stays until then', async (t, box) => {
	const id = await box.detached(t, ['--name', 'a'], 'cat /mark 2>&1; echo x >>/mark; exec sleep 1000');
	t.is(await ps(t, box), 'a running\n');
	t.is(await box.ok(t, 'ps', '-q'), `${id.slice(0, 12)}\n`);
	t.is(await box.ok(t, 'stop', '-t', '0', 'a'), 'a\n');
	t.like(await stateOf(t, box, 'a'), {status: 'exited', exitCode: 137, signal: 9});
	t.is(await box.ok(t, 'ps', '-q'), '');
	t.is(await box.ok(t, 'start', id.slice(0, 4)), `${id.slice(0, 4)}\n`);
	refused(t, await box.cli(['rm', 'a']), /container a is running/);
	t.is(await box.ok(t, 'kill', 'a'), 'a\n');
	t.is(await box.ok(t, 'wait', 'a'), '137\n');
	t.regex(
		await box.ok(t, 'logs', 'a'),
		/^cat: .*No such file or directory\nx\n$/,
		'of the first start, and the second',
	);
	t.is(await box.ok(t, 'rm', 'a'), 'a\n');
	t.is(await ps(t, box), '');
});

boxTest('create, start -a: the exit code and the streams are the command’s', async (t, box) => {
	const script = 'read x; echo "out $x"; echo err >&2; exit 5';
	const made = await box.cli(['create', '-i', '--name', 'job', '--rootfs', box.rootfs, '/bin/sh', '-c', script]);
	t.is(made.code, 0);
	t.is(await ps(t, box), 'job created\n');
	const result = await box.cli(['start', '-ai', 'job'], {stdin: 'pipe', input: 'in\n'});
	t.deepEqual(result, {code: 5, signal: undefined, stdout: 'out in\n', stderr: 'err\n'});
	const logs = await box.cli(['logs', 'job']);
	t.deepEqual([logs.stdout, logs.stderr], ['out in\n', 'err\n'], 'and they are kept, apart');
	t.regex(await box.ok(t, 'ps', '-a', '--format', '{{.Status}}'), /^Exited \(5\) \d+ seconds? ago\n$/);
	await box.ok(t, 'rm', 'job');
});

boxTest('a run in the foreground is kept, too; --rm, also with -d, is not', async (t, box) => {
	const run = (...args: string[]) => box.cli(['run', ...args, '--rootfs', box.rootfs, '/bin/sh', '-c', 'exit 3']);
	t.is((await run('--name', 'kept')).code, 3);
	t.is((await run('--name', 'gone', '--rm')).code, 3);
	t.is(await ps(t, box), 'kept exited\n');
	await box.ok(t, 'rm', 'kept');
	await box.detached(t, ['--rm', '--name', 'shy'], 'exit 3');
	while (fs.readdirSync(`${box.state}/containers`).length > 0) {
		await new Promise(resolve => setTimeout(resolve, 20));
	}
});

boxTest('stop asks first, with the signal that was said; stop and kill of what does not run', async (t, box) => {
	await box.detached(t, ['--name', 'polite'], POLITE);
	await box.detached(t, ['--name', 'usr', '--stop-signal', 'USR1'], POLITE.replace('TERM', 'USR1'));
	await Promise.all([up(t, box, 'polite'), up(t, box, 'usr')]);
	t.is(await box.ok(t, 'stop', 'polite', 'usr'), 'polite\nusr\n');
	t.like(await stateOf(t, box, 'polite'), {exitCode: 7});
	t.like(await stateOf(t, box, 'usr'), {exitCode: 7});
	t.is(await box.ok(t, 'stop', 'polite'), 'polite\n');
	refused(t, await box.cli(['kill', 'polite']), /container 'polite' is not running/);
	refused(t, await box.cli(['exec', 'polite', 'true']), /container 'polite' is not running/);
	await box.ok(t, 'restart', 'polite');
	t.is((await stateOf(t, box, 'polite')).status, 'running');
	await box.ok(t, 'rm', '-f', '--all');
});

boxTest('why it died: signal, time, what could not start', async (t, box) => {
	const run = (name: string, ...args: string[]) => box.cli(['run', '--name', name, '--rootfs', box.rootfs, ...args]);
	await run('signal', '--init', '/bin/sh', '-c', 'kill -SEGV $$');
	await run('late', '--timeout', '200ms', '/bin/sleep', '1000');
	t.is((await run('none', '/nope')).code, 127);
	t.is((await run('text', '/etc/passwd')).code, 126);
	t.like(await stateOf(t, box, 'signal'), {status: 'exited', exitCode: 139});
	t.like(await stateOf(t, box, 'late'), {exitCode: 137, timeout: true});
	t.like((await stateOf(t, box, 'none')).error, {step: 'exec', errno: 'ENOENT'});
	const status = await box.ok(t, 'ps', '-a', '--format', '{{.Names}}: {{.Status}}');
	t.regex(status, /^late: Exited \(137\) .* ago, timed out$/m);
	t.regex(status, /^none: Could not start \(127\): exec ENOENT$/m);
	t.regex(status, /^text: Could not start \(126\): exec EACCES$/m);
	t.is((await box.ok(t, 'prune')).split('\n').length, 5);
});

boxTest('a helper that is killed takes its container along, and that is told', async (t, box) => {
	const id = await box.detached(t, [], FOREVER);
	const {pid} = await stateOf(t, box, id);
	kill(parentOf(pid), 'SIGKILL');
	t.is(await box.ok(t, 'wait', id), '137\n');
	t.like(await stateOf(t, box, id), {status: 'dead'});
	await box.ok(t, 'start', id);
	t.is((await stateOf(t, box, id)).status, 'running');
	await box.ok(t, 'rm', '-f', id);
});

boxTest('names, ids, and what they begin with', async (t, box) => {
	const ids = await Promise.all(['a', 'b'].map(name => box.detached(t, ['--name', name], FOREVER)));
	t.like(await box.cli(['inspect', '']), {code: 125, stdout: '[]\n'});
	refused(t, await box.cli(['kill', '../a']), /there is no container '\.\.\/a'/);
	const again = await box.cli(['run', '-d', '--name', 'a', '--rootfs', box.rootfs, 'true']);
	refused(t, again, /the name a is in use by container/);
	await box.ok(t, 'rename', 'a', 'c');
	t.is(JSON.parse(await box.ok(t, 'inspect', 'c'))[0].id, ids[0]);
	refused(t, await box.cli(['rename', 'c', 'b']), /the name b is in use/);
	refused(t, await box.cli(['rename', 'c', '../x']), /'..\/x' is not a name/);
	t.is((await box.ok(t, 'rm', '-f', 'b', ids[0] as string)).split('\n').length, 3);
	t.is(await box.ok(t, 'rm', '-f', 'nobody'), '');
	refused(t, await box.cli(['rm', 'nobody']), /there is no container 'nobody'/);
});

boxTest('the same name from eight processes: one has it', async (t, box) => {
	const run = () => box.cli(['run', '-d', '--name', 'one', '--rootfs', box.rootfs, 'sleep', '1000']);
	const results = await Promise.all(Array.from({length: 8}, run));
	t.is(results.filter(({code}) => code === 0).length, 1);
	t.true(results.every(({code, stderr}) => code === 0 || /the name one is in use/.test(stderr)));
	await box.ok(t, 'rm', '-f', 'one');
});

boxTest('two starts at once: one start, and no error but that', async (t, box) => {
	await box.cli(['create', '--name', 'two', '--rootfs', box.rootfs, 'sleep', '1000']);
	const results = await Promise.all([1, 2, 3, 4].map(() => box.cli(['start', 'two'])));
	t.true(results.some(({code}) => code === 0));
	t.true(results.every(({code, stderr}) => code === 0 || /container two is running already/.test(stderr)));
	t.is((await box.ok(t, 'top', 'two')).split('\n').length, 3, 'a header, one process');
	await box.ok(t, 'rm', '-f', 'two');
});

boxTest('a damaged container can be looked at and removed, and harms no other', async (t, box) => {
	const [bad, good] = await Promise.all([box.detached(t, [], 'exit 0'), box.detached(t, [], 'exit 0')]);
	await box.ok(t, 'wait', bad as string, good as string);
	fs.writeFileSync(`${box.state}/containers/${bad}/config.json`, '{"id":');
	fs.writeFileSync(`${box.state}/containers/${bad}/spec.json`, 'x');
	const listed = await box.ok(t, 'ps', '-a', '--no-trunc', '--format', '{{.ID}} {{.State}}');
	t.deepEqual(listed.trim().split('\n').sort(), [`${bad} damaged`, `${good} exited`].sort());
	refused(t, await box.cli(['start', bad as string]), /damaged/);
	await box.ok(t, 'inspect', bad as string);
	await box.ok(t, 'rm', bad as string);
	t.is(await box.ok(t, 'prune'), `${good}\n`);
});
