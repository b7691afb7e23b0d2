/** podman with our runtime in runc's place, as root. */
import test, {type ExecutionContext} from 'ava';
import {until} from '../helpers/box.js';
import {runtime, World} from './world.js';

const world = new World();

/** This kind of machine may raise no limits, which podman would. */
const limits = ['--ulimit', 'nofile=1024:1024', '--ulimit', 'nproc=1000:1000'];
const general = ['--cgroup-manager', 'cgroupfs', '--runtime', runtime, '--storage-driver', 'overlay'];
const place = ['--network', 'none', '--cgroup-parent', `/${world.name}`];

const podman = (...args: string[]) => world.run('podman', [...general, ...args]);
const run = (...args: string[]) => podman('run', '--rm', ...place, ...limits, ...args);

async function ok(t: ExecutionContext, ...args: string[]): Promise<string> {
	const {code, stdout, stderr} = await podman(...args);
	t.is(code, 0, `${args.join(' ')}: ${stderr}`);
	return stdout;
}

/** A container in the background that has said READY. */
async function started(t: ExecutionContext, flags: readonly string[], script: string): Promise<string> {
	const id = (await ok(t, 'run', '-d', ...place, ...limits, ...flags, 'box', 'sh', '-c', script)).trim();
	await until(async () => (await podman('logs', id)).stdout.includes('READY'), 'READY');
	return id;
}

const waiting = 'trap "echo bye; exit 3" TERM; echo READY; while :; do sleep 0.1; done';

test.before(async () => {
	await world.ready();
	const {code, stderr} = await world.run('podman', [...general, 'import', '-q', world.image, 'box']);
	if (code !== 0) {
		throw new Error(stderr);
	}
});
test.after.always(() => world.end());

test.serial('podman knows us as its runtime', async t => {
	t.is((await ok(t, 'info', '--format', '{{.Host.OCIRuntime.Path}}')).trim(), runtime);
});

test.serial('output, error output and exit code are the command’s', async t => {
	const {code, stdout, stderr} = await run('box', 'sh', '-c', 'echo out; echo err >&2; exit 7');
	t.deepEqual([code, stdout, stderr], [7, 'out\n', 'err\n']);
});

test.serial('a command that is not there: 127; one that cannot be executed: 126', async t => {
	t.is((await run('box', 'nosuch')).code, 127);
	t.is((await run('box', '/etc/passwd')).code, 126);
});

test.serial('-i passes standard input on', async t => {
	const {stdout} = await world.run('podman', [...general, 'run', '--rm', '-i', ...place, ...limits, 'box', 'cat'], {
		stdin: 'pipe',
		input: 'x'.repeat(300_000),
	});
	t.is(stdout.length, 300_000);
});

test.serial('-t gives a terminal of the container’s own', async t => {
	const {code, stdout} = await run('-t', 'box', 'sh', '-c', 'tty; test -t 0 && test -t 1 && echo terminal');
	t.is(code, 0);
	t.regex(stdout, /\/dev\/(pts\/0|console)\s+terminal/);
});

test.serial('who and where: user, groups, working directory, environment, host name', async t => {
	const flags = ['-u', '1000:1000', '-w', '/tmp', '-e', 'A=b c', '--hostname', 'inside', '--group-add', '5000'];
	const {stdout, stderr} = await run(...flags, 'box', 'sh', '-c', 'id -u; id -g; id -G; pwd; echo "$A"; hostname');
	t.is(stdout, '1000\n1000\n1000 5000\n/tmp\nb c\ninside\n', stderr);
});

test.serial('volumes, a temporary file system, a read-only root', async t => {
	const flags = ['-v', '/usr:/mnt:ro', '--tmpfs', '/scratch', '--read-only'];
	const script = 'test -d /mnt/bin && ! touch /mnt/x && touch /scratch/x && ! touch /x && echo fine';
	t.regex((await run(...flags, 'box', 'sh', '-c', script)).stdout, /^fine$/m);
});

test.serial('capabilities and no-new-privileges', async t => {
	const flags = ['--cap-drop', 'all', '--cap-add', 'CHOWN', '--security-opt', 'no-new-privileges'];
	const {stdout} = await run(...flags, 'box', 'grep', '-E', 'CapEff|CapBnd|NoNewPrivs', '/proc/self/status');
	t.regex(stdout, /CapBnd:\t0000000000000001\n/);
	t.regex(stdout, /CapEff:\t0000000000000001\n/);
	t.regex(stdout, /NoNewPrivs:\t1\n/);
});

test.serial('logs, exec with its flags and exit code, top', async t => {
	const id = await started(t, [], waiting);
	const script = 'echo "$A"; pwd; id -u; exit 5';
	const {code, stdout} = await podman('exec', '-e', 'A=x', '-w', '/tmp', '-u', '1000', id, 'sh', '-c', script);
	t.deepEqual([code, stdout], [5, 'x\n/tmp\n1000\n']);
	t.is((await podman('exec', id, 'nosuch')).code, 127);
	t.regex(await ok(t, 'exec', '-t', id, 'tty'), /\/dev\/pts\/0/);
	t.regex(await ok(t, 'top', id, 'pid', 'args'), /sleep|sh -c/);
	await ok(t, 'rm', '-f', '-t', '0', id);
});

test.serial('exec -d goes on in the container', async t => {
	const id = await started(t, [], waiting);
	await ok(t, 'exec', '-d', id, 'sh', '-c', 'echo here >/tmp/detached');
	await until(async () => (await podman('exec', id, 'cat', '/tmp/detached')).stdout === 'here\n', 'the file');
	await ok(t, 'rm', '-f', '-t', '0', id);
});

test.serial('stop: by SIGTERM, with the command’s exit code; start again', async t => {
	const id = await started(t, [], waiting);
	await ok(t, 'stop', '-t', '60', id);
	t.is((await ok(t, 'inspect', '--format', '{{.State.ExitCode}} {{.State.Status}}', id)).trim(), '3 exited');
	await ok(t, 'start', id);
	t.is((await ok(t, 'inspect', '--format', '{{.State.Status}}', id)).trim(), 'running');
	await ok(t, 'kill', '-s', 'KILL', id);
	t.is((await ok(t, 'wait', id)).trim(), '137');
	await ok(t, 'rm', id);
});

test.serial('pause and unpause', async t => {
	const id = await started(t, [], waiting);
	await ok(t, 'pause', id);
	t.is((await ok(t, 'inspect', '--format', '{{.State.Status}}', id)).trim(), 'paused');
	await ok(t, 'unpause', id);
	await ok(t, 'exec', id, 'true');
	await ok(t, 'rm', '-f', '-t', '0', id);
});

test.serial('limits reach the control groups', async t => {
	const flags = ['--memory', '64m', '--pids-limit', '50', '--cpus', '0.5', '--cpuset-cpus', '0'];
	const script = `cd /sys/fs/cgroup && cat memory/memory.limit_in_bytes pids/pids.max cpu/cpu.cfs_quota_us cpuset/cpuset.cpus`;
	const {stdout, stderr} = await run(...flags, 'box', 'sh', '-c', script);
	t.is(stdout, '67108864\n50\n50000\n0\n', stderr);
});

test.serial('what takes more memory than it may is killed', async t => {
	const {code} = await run('--memory', '16m', '--memory-swap', '16m', 'box', 'sh', '-c', 'exec tail /dev/zero');
	t.is(code, 137);
});

test.serial('a health check runs, and tells', async t => {
	const id = await started(t, ['--health-cmd', 'test -e /healthy', '--health-interval', 'disable'], waiting);
	t.not((await podman('healthcheck', 'run', id)).code, 0);
	await ok(t, 'exec', id, 'touch', '/healthy');
	await ok(t, 'healthcheck', 'run', id);
	await ok(t, 'rm', '-f', '-t', '0', id);
});

test.serial('a pod shares its namespaces', async t => {
	const infra = ['--infra-image', 'box', '--infra-command', '/bin/sleep 100000'];
	const pod = [
		'pod',
		'create',
		'--name',
		'p',
		'--hostname',
		'podhost',
		'--network',
		'none',
		'--cgroup-parent',
		`/${world.name}`,
	];
	await ok(t, ...pod, ...infra);
	const inPod = (...args: string[]) => podman('run', '--rm', '--pod', 'p', ...limits, 'box', ...args);
	const ns = 'hostname; for kind in net ipc uts; do readlink /proc/self/ns/$kind; done';
	const [first, second] = [await inPod('sh', '-c', ns), await inPod('sh', '-c', ns)];
	t.is(first.code, 0, first.stderr);
	t.regex(first.stdout, /^podhost\nnet:/);
	t.is(first.stdout, second.stdout);
	await ok(t, 'pod', 'rm', '-f', '-t', '0', 'p');
});

test.serial('many at once', async t => {
	const all = await Promise.all(Array.from({length: 6}, (_, n) => run('box', 'echo', `${n}`)));
	t.deepEqual(
		all.map(({code, stdout}) => [code, stdout]),
		all.map((_, n) => [0, `${n}\n`]),
	);
});
