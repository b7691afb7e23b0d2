/** Many containers at a time: what one costs, and what they cost those who look at them. */
import {execFileSync, spawn, spawnSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {planExec} from '../../src/plan/exec.js';
import {encode} from '../../src/spec/encode.js';
import {readSpec} from '../../src/spec/read.js';
import {parentOf} from '../helpers/leaks.js';
import {cli, helper} from '../helpers/project.js';
import {type Contender, type World, withoutHybrid} from './contenders.js';

export interface Scale {
	/** Of `ps` with 500 containers, 33 of them running, to that with none. */
	ps: number | undefined;
	/** Of `mc-init run exec-spec` to `crun exec`. */
	exec: number | undefined;
	/** KiB that are a supervisor's own. */
	memory: number;
	/** KiB of conmon's. */
	conmon: number | undefined;
}

/** Milliseconds of the fastest of some runs, each with a turn of its own. */
type Race = (title: string, rounds: number, contenders: readonly Contender[]) => Map<string, {min: number}>;

const ONE_BY_ONE = 200;
const AT_ONCE = 32;
const ALL = 500;

/** Private memory, KiB: smaps_rollup of proc(5). */
const privateKiB = (pid: number): number => sumOfPrivate(fs.readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));

function sumOfPrivate(text: string): number {
	return [...text.matchAll(/^Private_(?:Clean|Dirty):\s+(\d+)/gm)].reduce((sum, [, kib]) => sum + Number(kib), 0);
}

const seconds = (begin: number) => ((performance.now() - begin) / 1000).toFixed(2);

function finished(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
	return new Promise((resolve, reject) => {
		const child = spawn(cli, args, {env, stdio: ['ignore', 'ignore', 'inherit']});
		child.on('close', code => (code === 0 ? resolve() : reject(new Error(`${args.join(' ')}: ${code}`))));
	});
}

export async function measureScale(world: World, race: Race): Promise<Scale> {
	const env = {...process.env, MINICONTAINER_ROOT: path.join(world.work, 'many'), MINICONTAINER_NETWORK: 'none'};
	const empty = path.join(world.work, 'none');
	const mc = (...args: string[]) => execFileSync(cli, args, {env, encoding: 'utf8'}).trim();
	const sleeper = ['run', '-d', '--rootfs', world.rootfs, '/bin/sleep', '10000'];
	try {
		console.log('\nMany containers');
		const first = mc(...sleeper);
		let begin = performance.now();
		const others = Array.from({length: ONE_BY_ONE - 1}, () => mc(...sleeper));

		console.log(`  ${ONE_BY_ONE} in the background, one after another: ${seconds(begin)} s`);
		begin = performance.now();
		await Promise.all(Array.from({length: AT_ONCE}, () => finished(sleeper, env)));
		console.log(`  ${AT_ONCE} at once: ${seconds(begin)} s`);
		for (let count = ONE_BY_ONE + AT_ONCE; count < ALL; count++) {
			mc('create', '--rootfs', world.rootfs, '/bin/true');
		}

		const pid = Number(JSON.parse(mc('inspect', first))[0].state.pid);
		const root = env.MINICONTAINER_ROOT;
		const psOf = (running: number) =>
			race(`ps: ${ALL} containers, ${running} of them running`, 30, [
				{name: 'ps, many', command: [cli, '--root', root, 'ps']},
				{name: 'ps, none', command: [cli, '--root', empty, 'ps']},
			]);
		psOf(ONE_BY_ONE + AT_ONCE);
		mc('kill', ...others);
		const ps = psOf(1 + AT_ONCE);
		const exec = race('exec of `true` by the helper', 100, [ours(world, root, first, pid), crun(world)]);
		const ratio = (times: Map<string, {min: number}>, a: string, b: string) =>
			times.has(a) && times.has(b) ? (times.get(a)?.min ?? 0) / (times.get(b)?.min ?? 1) : undefined;
		return {
			ps: ratio(ps, 'ps, many', 'ps, none'),
			exec: ratio(exec, 'mc-init run exec-spec', 'crun exec'),
			memory: privateKiB(parentOf(pid)),
			conmon: conmon(world),
		};
	} finally {
		const begin = performance.now();
		spawnSync(cli, ['rm', '-f', '--all'], {env, stdio: 'ignore'});
		console.log(`  all of them removed by rm -f --all: ${seconds(begin)} s`);
		spawnSync('crun', [`--root=${world.work}/crun-exec`, 'delete', '-f', 'mc-bench-exec'], {stdio: 'ignore'});
	}
}

/** `minicontainer exec` without Node. */
function ours({work}: World, root: string, id: string, pid: number): Contender {
	const container = readSpec(fs.readFileSync(`${root}/containers/${id}/spec.json`, 'utf8'));
	const stat = fs
		.readFileSync(`/proc/${pid}/stat`, 'utf8')
		.replace(/^.*\) /s, '')
		.split(' ');
	const facts = {pid, startTime: Number(stat[19]), passwd: '', group: '', env: {}};
	const file = path.join(work, 'exec.json');
	fs.writeFileSync(file, encode(planExec(container, {args: ['/bin/true']}, facts)));
	return {name: 'mc-init run exec-spec', command: [helper, 'run', file]};
}

function crun(world: World): Contender {
	const name = 'crun exec';
	const file = world.find('crun');
	if (!file) {
		return {name, command: [], missing: 'not installed'};
	}

	const bundle = fs.mkdtempSync(path.join(world.work, 'crun-exec-'));
	const config = JSON.parse(fs.readFileSync(world.oci, 'utf8'));
	config.process.args = ['/bin/sleep', '10000'];
	fs.writeFileSync(path.join(bundle, 'config.json'), JSON.stringify(config));
	const base = [file, '--cgroup-manager=disabled', `--root=${world.work}/crun-exec`];
	const [command = '', ...args] = [...withoutHybrid, ...base, 'run', '-d', '-b', bundle, 'mc-bench-exec'];
	// Whoever it leaves behind holds what it had: no pipe of ours, or we would wait for that one's end.
	const {status} = spawnSync(command, args, {stdio: 'ignore'});
	return {
		name,
		command: [...base, 'exec', 'mc-bench-exec', '/bin/true'],
		...(status !== 0 && {missing: 'does not run here'}),
	};
}

/** The same for podman: what stays is conmon. In one go, for its storage is mounted where the mounts go with it. */
function conmon({work, rootfs, find}: World): number | undefined {
	const podman = find('podman');
	if (!podman) {
		return undefined;
	}

	const base = ['--root', `${work}/podman`, '--runroot', `${work}/podman-run`, '--cgroup-manager', 'cgroupfs'];
	const limits = ['--network', 'none', '--ulimit', 'nofile=1024:1024', '--ulimit', 'nproc=1000:1000'];
	const pidFile = path.join(work, 'conmon.pid');
	const run = ['run', '-d', '--name', 'mc-bench', '--conmon-pidfile', pidFile, ...limits];
	const script = `podman() { "$podman" ${base.join(' ')} "$@"; }; podman=$1; rootfs=$2; shift 2
		podman "$@" --rootfs "$rootfs" /bin/sleep 10000 >/dev/null 2>&1 && cat /proc/$(cat ${pidFile})/smaps_rollup
		podman rm -f -t 0 mc-bench >/dev/null 2>&1`;
	const [command = '', ...args] = [...withoutHybrid, 'sh', '-c', script, 'sh', podman, rootfs, ...run];
	const {stdout} = spawnSync(command, args, {encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore']});
	return sumOfPrivate(stdout) || undefined;
}
