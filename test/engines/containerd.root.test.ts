/** containerd with our runtime in runc's place: by ctr, and through its CRI plugin as Kubernetes' kubelet calls it. */
import fs from 'node:fs';
import path from 'node:path';
import {promisify} from 'node:util';
import {credentials, loadPackageDefinition, type ServiceClientConstructor} from '@grpc/grpc-js';
import {loadSync} from '@grpc/proto-loader';
import test, {type ExecutionContext} from 'ava';
import {until} from '../helpers/box.js';
import {writeArchive} from './archive.js';
import {runtime, World} from './world.js';

const world = new World();
const socket = path.join(world.dir, 'containerd.sock');
const image = 'docker.io/library/box:1';

const config = `
version = 2
[grpc]
address = "${socket}"
[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "${image}"
disable_apparmor = true
restrict_oom_score_adj = true
[plugins."io.containerd.grpc.v1.cri".containerd]
default_runtime_name = "ours"
snapshotter = "overlayfs"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.ours]
runtime_type = "io.containerd.runc.v2"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.ours.options]
BinaryName = "${runtime}"
SystemdCgroup = false
`;

const ctr = (...args: string[]) => world.run('ctr', ['--address', socket, '-n', 'k8s.io', ...args]);
const place = ['--runc-binary', runtime, '--runtime', 'io.containerd.runc.v2', '--cgroup', `/${world.name}/ctr`];
const run = (id: string, ...args: string[]) => ctr('run', '--rm', ...place, image, id, ...args);

async function ok(t: ExecutionContext, ...args: string[]): Promise<string> {
	const {code, stdout, stderr} = await ctr(...args);
	t.is(code, 0, `${args.join(' ')}: ${stderr}`);
	return stdout;
}

// biome-ignore lint/suspicious/noExplicitAny: what cri.proto says
type Call = (request: object) => Promise<any>;
const calls = new Map<string, Call>();
let close = () => {};

const call = (name: string, request: object) => (calls.get(name) as Call)(request);

test.before(async () => {
	await world.ready();
	const file = path.join(world.dir, 'config.toml');
	fs.writeFileSync(file, config);
	await world.daemon('containerd', ['--config', file], () => ctr('version'));
	const {code, stderr} = await ctr('images', 'import', await writeArchive(world.dir, world.image, 'box:1'));
	if (code !== 0) {
		throw new Error(stderr);
	}

	const definition = loadSync(new URL('cri.proto', import.meta.url).pathname, {
		keepCase: true,
		longs: Number,
		defaults: true,
	});
	// biome-ignore lint/suspicious/noExplicitAny: a package by its name
	const Service: ServiceClientConstructor = (loadPackageDefinition(definition) as any).runtime.v1.RuntimeService;
	const client = new Service(`unix:${socket}`, credentials.createInsecure());
	close = () => client.close();
	for (const name of Object.keys(Service.service)) {
		const method = client[name] as (...args: unknown[]) => void;
		calls.set(name, promisify(method.bind(client)) as Call);
	}
});
test.after.always(async () => {
	close();
	await world.end();
});

test.serial('ctr run: output and exit code', async t => {
	const {code, stdout} = await run('c1', 'sh', '-c', 'echo out; exit 7');
	t.deepEqual([code, stdout], [7, 'out\n']);
	t.not((await run('c2', 'nosuch')).code, 0);
});

test.serial('ctr run with limits, environment, directory, mounts, read-only', async t => {
	const mount = 'type=bind,src=/usr,dst=/mnt,options=rbind:ro';
	const flags = ['--env', 'A=b', '--cwd', '/tmp', '--mount', mount, '--read-only', '--memory-limit', '67108864'];
	const script =
		'echo "$A"; pwd; test -d /mnt/bin && ! touch /mnt/x 2>/dev/null && ! touch /x 2>/dev/null && echo fine';
	const {stdout, stderr} = await ctr('run', '--rm', ...place, ...flags, image, 'c3', 'sh', '-c', script);
	t.is(stdout, 'b\n/tmp\nfine\n', stderr);
});

test.serial('ctr: in the background, exec, pause, resume, kill, delete', async t => {
	await ok(t, 'run', '-d', ...place, image, 'c4', 'sh', '-c', 'trap "exit 3" TERM; while :; do sleep 0.1; done');
	const {code, stdout} = await ctr('task', 'exec', '--exec-id', 'e', 'c4', 'sh', '-c', 'echo in; exit 5');
	t.deepEqual([code, stdout], [5, 'in\n']);
	await ok(t, 'task', 'pause', 'c4');
	t.regex(await ok(t, 'task', 'ls'), /c4 .*PAUSED/);
	await ok(t, 'task', 'resume', 'c4');
	t.regex(await ok(t, 'task', 'ps', 'c4'), /^\d+/m);
	t.regex(await ok(t, 'task', 'metrics', 'c4'), /memory/);
	await ok(t, 'task', 'kill', '-s', 'KILL', 'c4');
	await until(async () => /c4 .*STOPPED/.test((await ctr('task', 'ls')).stdout), 'its end');
	await ok(t, 'task', 'delete', 'c4');
	await ok(t, 'container', 'delete', 'c4');
});

/** On the host's network: another needs CNI plugins. */
const sandbox = (name: string) => ({
	metadata: {name, uid: name, namespace: 'test', attempt: 0},
	log_directory: world.dir,
	linux: {cgroup_parent: `/${world.name}`, security_context: {namespace_options: {network: 2, pid: 1, ipc: 0}}},
});

test.serial('CRI: a pod, a container in it, exec, update, stop', async t => {
	t.is((await call('Version', {version: 'v1'})).runtime_name, 'containerd');
	const pod = await call('RunPodSandbox', {config: sandbox('p1'), runtime_handler: 'ours'});
	const container = await call('CreateContainer', {
		...pod,
		sandbox_config: sandbox('p1'),
		config: {
			metadata: {name: 'c', attempt: 0},
			image: {image},
			command: ['sh', '-c', 'trap "exit 3" TERM; echo READY; while :; do sleep 0.1; done'],
			working_dir: '/tmp',
			envs: [{key: 'A', value: 'b'}],
			log_path: 'c.log',
			linux: {
				resources: {memory_limit_in_bytes: 67_108_864},
				security_context: {namespace_options: {network: 2, pid: 1, ipc: 0}},
			},
		},
	});
	await call('StartContainer', container);
	await until(() => fs.readFileSync(path.join(world.dir, 'c.log'), 'utf8').includes('READY'), 'READY');
	const exec = (...cmd: string[]) => call('ExecSync', {...container, cmd, timeout: 60});
	const answer = await exec('sh', '-c', 'echo "$A"; pwd; echo err >&2; exit 5');
	t.deepEqual([answer.exit_code, String(answer.stdout), String(answer.stderr)], [5, 'b\n/tmp\n', 'err\n']);
	const limit = async () => String((await exec('cat', '/sys/fs/cgroup/memory/memory.limit_in_bytes')).stdout);
	t.is(await limit(), '67108864\n');
	await call('UpdateContainerResources', {...container, linux: {memory_limit_in_bytes: 100_663_296}});
	t.is(await limit(), '100663296\n');
	await call('StopContainer', {...container, timeout: 60});
	const {status} = await call('ContainerStatus', container);
	t.deepEqual([status.state, status.exit_code], [2, 3]);
	await call('RemoveContainer', container);
	await call('StopPodSandbox', pod);
	await call('RemovePodSandbox', pod);
});

test.serial('CRI: two containers of a pod share its namespaces; one that cannot start says why', async t => {
	const pod = await call('RunPodSandbox', {config: sandbox('p2'), runtime_handler: 'ours'});
	const make = (name: string, ...command: string[]) =>
		call('CreateContainer', {
			...pod,
			sandbox_config: sandbox('p2'),
			config: {
				metadata: {name, attempt: 0},
				image: {image},
				command,
				log_path: `${name}.log`,
				linux: {security_context: {namespace_options: {network: 2, pid: 1, ipc: 0}}},
			},
		});
	const pair = [await make('a', 'sleep', '100000'), await make('b', 'sleep', '100000')];
	const seen: string[] = [];
	for (const container of pair) {
		await call('StartContainer', container);
		const answer = await call('ExecSync', {...container, cmd: ['readlink', '/proc/self/ns/ipc'], timeout: 60});
		seen.push(String(answer.stdout));
	}

	t.regex(seen[0] ?? '', /^ipc:/);
	t.is(seen[0], seen[1]);
	const missing = await make('missing', '/nosuch');
	await t.throwsAsync(call('StartContainer', missing), {message: /nosuch/});
	await call('StopPodSandbox', pod);
	await call('RemovePodSandbox', pod);
});
