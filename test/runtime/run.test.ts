/** A run from the outside, with helpers that only pretend: what the command makes, tells, and takes away again. */
import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {cli} from '../helpers/project.js';
import {scratch} from '../helpers/rootfs.js';

const exited = (fields: string) => `echo '{"event":"exited",${fields}}' >&4`;
const failed = (fields: string) => `echo '{"event":"error","phase":"child","step":"exec",${fields}}' >&4`;

/** A directory with a root file system and a helper of these lines of shell. */
function world(script: string) {
	const directory = scratch('run');
	const helper = path.join(directory, 'helper');
	const rootfs = path.join(directory, 'rootfs');
	fs.mkdirSync(rootfs);
	fs.writeFileSync(helper, `#!/bin/sh\n${script}\n`, {mode: 0o755});
	const env = {MC_INIT: helper, MINICONTAINER_ROOT: path.join(directory, 'state'), MINICONTAINER_NETWORK: 'none'};
	const start = (args: string[], options: {stdin?: 'pipe'; input?: string} = {}) =>
		execa(process.execPath, [cli, 'run', '--rm', '--rootfs', rootfs, ...args], {
			reject: false,
			cwd: directory,
			env,
			...options,
		});
	return {directory, rootfs, start, run: async (...args: string[]) => start([...args, 'command'])};
}

/** Files, links and directories of containers in the state directory. */
const remains = (directory: string) =>
	fs
		.readdirSync(path.join(directory, 'state'), {recursive: true, encoding: 'utf8'})
		.filter(name => name.split('/').length > 2);

const endings: [title: string, script: string, code: number, stderr: RegExp][] = [
	['the exit code is the command’s', exited('"code":3'), 3, /^$/],
	['128 and the signal that killed it', exited('"signal":9'), 137, /^$/],
	[
		'a timeout is told',
		exited('"signal":9,"timeout":true'),
		137,
		/^minicontainer: the container was killed: its time \(--timeout\) was up$/,
	],
	[
		'an error is told, with its hint and its exit code',
		failed('"message":"exec: x: not found","hint":"look for it","exitCode":127'),
		127,
		/^minicontainer: exec: x: not found\nhint: look for it$/,
	],
	[
		'a helper that is killed',
		'kill -9 $$',
		125,
		/^minicontainer: the helper died by SIGKILL, and with it the container\nhint: /,
	],
	[
		'a helper that says nothing',
		'exit 7',
		125,
		/^minicontainer: the helper died with exit code 7, and with it the container\nhint: .*npm run build/,
	],
	['a helper that is cut off', 'printf \'{"event":"exi\' >&4', 125, /^minicontainer: the helper died with exit code 0/],
];

for (const [title, script, code, stderr] of endings) {
	test(title, async t => {
		const {directory, run} = world(script);
		const result = await run();
		t.regex(result.stderr, stderr);
		t.is(result.exitCode, code);
		t.is(result.stdout, '');
		t.deepEqual(remains(directory), []);
	});
}

test('the helper gets the spec, the status file, and our streams', async t => {
	const {run} = world(`echo "$@"; cat <&3; echo; stat -c %a -L /proc/self/fd/3 /proc/self/fd/4; ${exited('"code":0')}`);
	const {stdout, exitCode} = await run('-e', 'A=1');
	const [args = '', spec = '', ...modes] = stdout.split('\n');
	t.is(exitCode, 0);
	t.regex(args, /^run --spec-fd 3 --status-fd 4 --die-with \d+$/);
	t.deepEqual(JSON.parse(spec).process.args, ['command']);
	t.true(JSON.parse(spec).process.env.includes('A=1'));
	t.deepEqual(modes, ['600', '600']);
});

test('the upper layer is there while the helper runs', async t => {
	const {directory, run} = world(
		`ls -d "$MINICONTAINER_ROOT"/containers/*/overlay/*; touch "$MINICONTAINER_ROOT"/containers/*/overlay/upper/made; ${exited('"code":0')}`,
	);
	const {stdout} = await run();
	t.regex(stdout, /\/upper\n.*\/work$/);
	t.deepEqual(remains(directory), []);
});

test('--overlay DIR is kept, and what overlayfs needs besides is not', async t => {
	const {directory, run} = world(`mkdir -m 0 kept/work/work; touch kept/upper/made; ${exited('"code":0')}`);
	await run('--overlay', './kept');
	t.deepEqual(fs.readdirSync(path.join(directory, 'kept'), {recursive: true}).sort(), ['upper', 'upper/made']);
	t.deepEqual(remains(directory), []);
});

test('--overlay DIR is not left behind by a container that never was', async t => {
	const {directory, run} = world(failed('"message":"m","exitCode":125'));
	await run('--overlay', './kept');
	t.false(fs.existsSync(path.join(directory, 'kept')));
});

test('--cidfile has the id, and must be new', async t => {
	const {directory, run} = world(`cat cid; ${exited('"code":0')}`);
	const {stdout} = await run('--cidfile', 'cid');
	t.regex(stdout, /^[0-9a-f]{64}$/);
	t.is(fs.readFileSync(path.join(directory, 'cid'), 'utf8'), stdout, 'kept');
	const again = await run('--cidfile', 'cid');
	t.is(again.exitCode, 125);
	t.regex(again.stderr, /^minicontainer: --cidfile cid: the file exists\nhint: /);
	t.is(fs.readFileSync(path.join(directory, 'cid'), 'utf8'), stdout, 'untouched');
	t.deepEqual(remains(directory), []);
});

test('a container that never was leaves no --cidfile and no --pidfile', async t => {
	const {directory, run} = world(`echo 5 >pid; ${failed('"message":"m","exitCode":125')}`);
	await run('--cidfile', 'cid', '--pidfile', 'pid');
	t.false(fs.existsSync(path.join(directory, 'cid')));
	t.false(fs.existsSync(path.join(directory, 'pid')));
});

test('a name is taken as long as the container runs', async t => {
	const {directory, start} = world(`echo up; read line; ${exited('"code":0')}`);
	const first = start(['--name', 'n', '-i', 'command'], {stdin: 'pipe'});
	await new Promise(resolve => first.stdout?.once('data', resolve));
	const second = await start(['--name', 'n', 'command']);
	t.is(second.exitCode, 125);
	t.regex(second.stderr, /^minicontainer: the name n is in use by container [0-9a-f]{12}\nhint: /);
	first.stdin?.end('\n');
	t.is((await first).exitCode, 0);
	t.deepEqual(remains(directory), []);
});

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGWINCH', 'SIGCONT'] as const) {
	test(`${signal} reaches the helper, once`, async t => {
		const name = signal.slice(3);
		const {directory, start} = world(
			`trap 'n=$((n+1))' ${name}; echo up; while [ -z "$n" ]; do sleep 0.05; done; sleep 0.2; echo $n; ${exited('"code":0')}`,
		);
		const child = start(['command']);
		await new Promise(resolve => child.stdout?.once('data', resolve));
		child.kill(signal);
		const {stdout, exitCode} = await child;
		t.is(stdout, 'up\n1');
		t.is(exitCode, 0);
		t.deepEqual(remains(directory), []);
	});
}

test('what a killed run has left, the next one removes', async t => {
	const {directory, start} = world(
		`echo up; touch "$MINICONTAINER_ROOT"/lib/overlay/*/upper/x; read line; ${exited('"code":0')}`,
	);
	const killed = start(['--name', 'n', '-i', 'command'], {stdin: 'pipe'});
	await new Promise(resolve => killed.stdout?.once('data', resolve));
	killed.kill('SIGKILL');
	await killed;
	t.not(remains(directory).length, 0);
	t.is((await start(['--name', 'n', '-i', 'command'], {input: '\n'})).exitCode, 0);
	t.deepEqual(remains(directory), []);
});

test('a plan makes nothing', async t => {
	const {directory, rootfs} = world('exit 1');
	const env = {MC_INIT: '/nowhere', MINICONTAINER_ROOT: path.join(directory, 'state')};
	const {exitCode} = await execa(process.execPath, [cli, 'plan', '--rootfs', rootfs, '--overlay', 'disk', 'x'], {env});
	t.is(exitCode, 0);
	t.deepEqual(fs.readdirSync(directory).sort(), ['helper', 'rootfs']);
});
