/** podman with our runtime in runc's place, as a user. Root has to make the world, so this is one of root's tests. */
import fs from 'node:fs';
import test, {type ExecutionContext} from 'ava';
import {until} from '../helpers/box.js';
import {runtime, World} from './world.js';

const user = 'mctest';
const home = '/home/mctest';
const world = new World([home]);

const general = ['--cgroup-manager', 'cgroupfs', '--runtime', runtime, '--storage-driver', 'overlay'];
const flags = ['--network', 'none', '--ulimit', 'nofile=1024:1024', '--ulimit', 'nproc=1000:1000'];
const as = {user, env: {HOME: home, XDG_RUNTIME_DIR: '/run/user/mctest'}};

const podman = (...args: string[]) => world.run('podman', [...general, ...args], as);
const run = (...args: string[]) => podman('run', '--rm', ...flags, ...args);

async function ok(t: ExecutionContext, ...args: string[]): Promise<string> {
	const {code, stdout, stderr} = await podman(...args);
	t.is(code, 0, `${args.join(' ')}: ${stderr}`);
	return stdout.trim();
}

test.before(async () => {
	await world.ready();
	fs.chmodSync(world.image, 0o644);
	const places = `install -d -o ${user} -g ${user} -m 0700 /run/user/mctest && chown ${user}:${user} ${home}`;
	await world.run('sh', ['-c', places]);
	const {code, stderr} = await podman('import', '-q', world.image, 'box');
	if (code !== 0) {
		throw new Error(stderr);
	}
});
test.after.always(() => world.end());

test.serial('output, exit code, standard input', async t => {
	const {code, stdout, stderr} = await run('box', 'sh', '-c', 'echo out; echo err >&2; id -u; exit 7');
	t.deepEqual([code, stdout, stderr], [7, 'out\n0\n', 'err\n']);
	const input = {...as, stdin: 'pipe', input: 'in'} as const;
	t.is((await world.run('podman', [...general, 'run', '--rm', '-i', ...flags, 'box', 'cat'], input)).stdout, 'in');
});

test.serial('not there: 127; a terminal; another user', async t => {
	t.is((await run('box', 'nosuch')).code, 127);
	t.regex((await run('-t', 'box', 'tty')).stdout, /\/dev\/(pts\/0|console)/);
	t.is((await run('-u', '1000', 'box', 'id', '-u')).stdout, '1000\n');
});

test.serial('volumes and a read-only root', async t => {
	const script = 'test -d /mnt/bin && ! touch /mnt/x && touch /scratch/x && ! touch /x && echo fine';
	const result = await run('-v', '/usr:/mnt:ro', '--tmpfs', '/scratch', '--read-only', 'box', 'sh', '-c', script);
	t.regex(result.stdout, /^fine$/m);
});

test.serial('in the background: logs, exec, stop, rm', async t => {
	const script = 'trap "exit 3" TERM; echo READY; while :; do sleep 0.1; done';
	const id = await ok(t, 'run', '-d', ...flags, 'box', 'sh', '-c', script);
	await until(async () => (await podman('logs', id)).stdout.includes('READY'), 'READY');
	const {code, stdout} = await podman('exec', '-e', 'A=x', '-w', '/tmp', id, 'sh', '-c', 'echo "$A"; pwd; exit 5');
	t.deepEqual([code, stdout], [5, 'x\n/tmp\n']);
	await ok(t, 'stop', '-t', '60', id);
	t.is(await ok(t, 'inspect', '--format', '{{.State.ExitCode}}', id), '3');
	await ok(t, 'rm', id);
});

test.serial('--userns keep-id', async t => {
	const {stdout, stderr} = await run(
		'--userns',
		'keep-id',
		'box',
		'sh',
		'-c',
		'id -u; echo x >/tmp/x && stat -c %u /tmp/x',
	);
	const uid = (await world.run('id', ['-u', user])).stdout;
	t.is(stdout, `${uid}${uid}`, stderr);
});
