/** dockerd with our runtime beside its own. */
import fs from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {until} from '../helpers/box.js';
import {runtime, World} from './world.js';

const world = new World();
const place = ['--runtime', 'ours', '--network', 'none', '--cgroup-parent', `/${world.name}`];
const waiting = 'trap "echo bye; exit 3" TERM; echo READY; while :; do sleep 0.1; done';

const docker = (...args: string[]) => world.run('docker', args, {env: {DOCKER_BUILDKIT: '0'}});
const run = (...args: string[]) => docker('run', '--rm', ...place, ...args);

async function ok(t: ExecutionContext, ...args: string[]): Promise<string> {
	const {code, stdout, stderr} = await docker(...args);
	t.is(code, 0, `${args.join(' ')}: ${stderr}`);
	return stdout.trim();
}

async function started(t: ExecutionContext, flags: readonly string[], script: string): Promise<string> {
	const id = await ok(t, 'run', '-d', ...place, ...flags, 'box', 'sh', '-c', script);
	await until(async () => (await docker('logs', id)).stdout.includes('READY'), 'READY');
	return id;
}

const inspect = (t: ExecutionContext, id: string, what: string) => ok(t, 'inspect', '--format', what, id);

test.before(async () => {
	await world.ready();
	const alone = ['--iptables=false', '--ip6tables=false', '--bridge=none', `--cgroup-parent=/${world.name}`];
	const flags = [
		...alone,
		`--add-runtime=ours=${runtime}`,
		'--default-runtime=ours',
		'--exec-opt',
		'native.cgroupdriver=cgroupfs',
	];
	await world.daemon('dockerd', flags, () => docker('info'));
	const {code, stderr} = await docker('import', world.image, 'box');
	if (code !== 0) {
		throw new Error(stderr);
	}
});
test.after.always(() => world.end());

test.serial('output, error output and exit code are the command’s', async t => {
	const {code, stdout, stderr} = await run('box', 'sh', '-c', 'echo out; echo err >&2; exit 7');
	t.deepEqual([code, stdout, stderr], [7, 'out\n', 'err\n']);
});

test.serial('a command that is not there: 127; one that cannot be executed: 126', async t => {
	t.is((await run('box', 'nosuch')).code, 127);
	t.is((await run('box', '/etc/passwd')).code, 126);
});

test.serial('-i passes standard input on; -t gives a terminal', async t => {
	const args = ['run', '--rm', '-i', ...place, 'box', 'cat'];
	const {stdout} = await world.run('docker', args, {stdin: 'pipe', input: 'x'.repeat(300_000)});
	t.is(stdout.length, 300_000);
	t.regex((await run('-t', 'box', 'sh', '-c', 'tty; stty size')).stdout, /\/dev\/(pts\/0|console)/);
});

test.serial('who and where', async t => {
	const flags = ['-u', '1000:1000', '-w', '/tmp', '-e', 'A=b c', '--hostname', 'inside', '--group-add', '5000'];
	const {stdout, stderr} = await run(...flags, 'box', 'sh', '-c', 'id -u; id -G; pwd; echo "$A"; hostname');
	t.is(stdout, '1000\n1000 5000\n/tmp\nb c\ninside\n', stderr);
});

test.serial('volumes, a temporary file system, a read-only root, --init, sysctls, devices', async t => {
	const flags = [
		'-v',
		'/usr:/mnt:ro',
		'--tmpfs',
		'/scratch',
		'--read-only',
		'--init',
		'--sysctl',
		'net.ipv4.ip_forward=1',
	];
	const checks = ['test -d /mnt/bin', '! touch /mnt/x', 'touch /scratch/x', '! touch /x', 'test -c /dev/full'];
	const script = [...checks, 'cat /proc/sys/net/ipv4/ip_forward', 'cat /proc/1/comm'].join(' && ');
	t.regex((await run(...flags, '--device', '/dev/full', 'box', 'sh', '-c', script)).stdout, /^1\ndocker-init$/m);
});

test.serial('exec: environment, directory, user, exit code, terminal', async t => {
	const id = await started(t, [], waiting);
	const script = 'echo "$A"; pwd; id -u; exit 5';
	const {code, stdout} = await docker('exec', '-e', 'A=x', '-w', '/tmp', '-u', '1000', id, 'sh', '-c', script);
	t.deepEqual([code, stdout], [5, 'x\n/tmp\n1000\n']);
	t.regex(await ok(t, 'exec', '-t', id, 'tty'), /\/dev\/pts\/0/);
	// Which of the two depends on dockerd's reading of the runtime's words.
	t.true([126, 127].includes((await docker('exec', id, 'nosuch')).code ?? 0));
	t.regex(await ok(t, 'top', id), /sh -c/);
	await ok(t, 'rm', '-f', id);
});

test.serial('stop, start, kill', async t => {
	const id = await started(t, [], waiting);
	await ok(t, 'stop', '-t', '60', id);
	t.is(await inspect(t, id, '{{.State.ExitCode}} {{.State.Status}}'), '3 exited');
	await ok(t, 'start', id);
	await ok(t, 'kill', '-s', 'KILL', id);
	await until(async () => (await inspect(t, id, '{{.State.Status}}')) === 'exited', 'its end');
	t.is(await inspect(t, id, '{{.State.ExitCode}}'), '137');
	await ok(t, 'rm', id);
});

test.serial('limits, and their update while it runs', async t => {
	const id = await started(t, ['--memory', '64m', '--pids-limit', '50', '--cpus', '0.5'], waiting);
	const cat = (file: string) => ok(t, 'exec', id, 'cat', `/sys/fs/cgroup/${file}`);
	t.is(await cat('memory/memory.limit_in_bytes'), '67108864');
	t.is(await cat('pids/pids.max'), '50');
	t.is(await cat('cpu/cpu.cfs_quota_us'), '50000');
	await ok(t, 'update', '--memory', '96m', '--memory-swap', '192m', '--cpus', '0.25', id);
	t.is(await cat('memory/memory.limit_in_bytes'), '100663296');
	t.is(await cat('cpu/cpu.cfs_quota_us'), '25000');
	t.regex(await ok(t, 'stats', '--no-stream', '--format', '{{.PIDs}}', id), /^\d+$/);
	await ok(t, 'rm', '-f', id);
});

test.serial('what takes more memory than it may is killed, and said to be', async t => {
	const id = await ok(t, 'create', ...place, '--memory', '16m', '--memory-swap', '16m', 'box', 'tail', '/dev/zero');
	await docker('start', '-a', id);
	t.is(await inspect(t, id, '{{.State.ExitCode}} {{.State.OOMKilled}}'), '137 true');
	await ok(t, 'rm', id);
});

test.serial('pause and unpause', async t => {
	const id = await started(t, [], waiting);
	await ok(t, 'pause', id);
	t.is(await inspect(t, id, '{{.State.Status}}'), 'paused');
	await ok(t, 'unpause', id);
	await ok(t, 'exec', id, 'true');
	await ok(t, 'rm', '-f', id);
});

test.serial('the restart policy starts it again', async t => {
	const id = await ok(t, 'run', '-d', ...place, '--restart', 'on-failure:2', 'box', 'sh', '-c', 'echo again; exit 1');
	await until(async () => (await inspect(t, id, '{{.RestartCount}} {{.State.Status}}')) === '2 exited', 'two restarts');
	t.is(await ok(t, 'logs', id), 'again\nagain\nagain');
	await ok(t, 'rm', id);
});

test.serial('build: RUN goes through us, for we are the default', async t => {
	const dir = path.join(world.dir, 'build');
	fs.mkdirSync(dir);
	fs.writeFileSync(path.join(dir, 'Dockerfile'), 'FROM box\nRUN echo built >/made && chmod 600 /made\nCMD cat /made\n');
	await ok(t, 'build', '-q', '--network', 'none', '-t', 'built', dir);
	t.is((await run('built')).stdout, 'built\n');
});
