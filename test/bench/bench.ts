/**
 * How fast, how small: MiniContainer and its peers in one interleaved run on the same root file system. Minima count,
 * since whatever else the machine does can only add; medians are shown beside them.
 *   npm run bench -- [ROUNDS of the fast commands] [ROUNDS of the slow ones] [few: without 500 containers]
 */
import {execFileSync, spawn, spawnSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {cli, findCommand, helper, isRoot, payload, project} from '../helpers/project.js';
import {type Contender, filterContenders, helperContenders, nodeContenders, withoutHybrid} from './contenders.js';
import {inNetwork, lifeContenders, lifeOf, networkContenders} from './peers.js';
import {measureScale} from './scale.js';

interface Times {
	min: number;
	median: number;
}

interface Target {
	what: string;
	value: number | undefined;
	limit: number;
	unit: string;
}

/** Everyone runs once before the race: whoever cannot, does not take part; the others have warm caches. */
function qualify(contenders: readonly Contender[], wrapper: readonly string[]): Contender[] {
	return contenders.map(contender => {
		if (contender.missing) {
			return contender;
		}

		const {status, stderr} = timing(1, contender.command, wrapper);
		const why = String(stderr).trim().split('\n')[0] ?? '';
		return status === 0 ? contender : {...contender, missing: `does not run here: ${why.slice(0, 80)}`};
	});
}

/** Errors go to a file, for what a runtime leaves behind would hold a pipe open. */
function timing(rounds: number, commands: readonly string[], wrapper: readonly string[]) {
	const [command, ...args] = [...wrapper, payload('timing'), String(rounds), ...commands];
	const file = path.join(os.tmpdir(), `mc-bench-errors.${process.pid}`);
	const errors = fs.openSync(file, 'w+');
	try {
		const {status, stdout} = spawnSync(command as string, args, {encoding: 'utf8', stdio: ['ignore', 'pipe', errors]});
		return {status, stdout, stderr: fs.readFileSync(file, 'utf8')};
	} finally {
		fs.closeSync(errors);
		fs.rmSync(file);
	}
}

function measure(rounds: number, contenders: readonly Contender[], wrapper: readonly string[]): Map<string, Times> {
	const commands = contenders.flatMap(({command}, index) => (index ? ['---', ...command] : command));
	const {status, stdout, stderr} = timing(rounds, commands, wrapper);
	if (status !== 0) {
		throw new Error(stderr);
	}

	return new Map(
		stdout
			.trim()
			.split('\n')
			.map((line, index) => [(contenders[index] as Contender).name, summary(line)]),
	);
}

function summary(line: string): Times {
	const times = line
		.split(' ')
		.map(Number)
		.sort((a, b) => a - b);
	return {min: (times[0] ?? 0) / 1000, median: (times[Math.floor(times.length / 2)] ?? 0) / 1000};
}

function print(title: string, contenders: readonly Contender[], times: Map<string, Times>): void {
	console.log(`\n${title.padEnd(58)} ${'min ms'.padStart(9)} ${'median'.padStart(9)} ${'ours/it'.padStart(9)}`);
	for (const {name, missing, against = contenders[0]?.name ?? ''} of contenders.filter(({hidden}) => !hidden)) {
		const own = times.get(against)?.min ?? Number.NaN;
		const {min, median} = times.get(name) ?? {min: Number.NaN, median: Number.NaN};
		const cells = missing
			? [`  ${missing}`]
			: [min.toFixed(2), median.toFixed(2), Number.isNaN(own) ? '-' : (own / min).toFixed(2)];
		console.log(`  ${name.padEnd(56)} ${cells.map(cell => cell.padStart(9)).join(' ')}`);
	}
}

function run(
	title: string,
	rounds: number,
	entered: readonly Contender[],
	wrapper: readonly string[] = withoutHybrid,
): Map<string, Times> {
	const contenders = qualify(entered, wrapper);
	const racing = contenders.filter(({missing}) => !missing);
	const times = racing.length > 0 ? measure(rounds, racing, wrapper) : new Map<string, Times>();
	print(`${title}, ${rounds} rounds`, contenders, times);
	return times;
}

/** What the supervisor and, before it becomes the command, the container's first process hold: their peak, in KiB. */
async function residentKiB(spec: string): Promise<number> {
	const child = spawn(helper, ['run', spec], {stdio: ['ignore', 'pipe', 'inherit']});
	await new Promise(resolve => child.stdout.once('data', resolve));
	const status = fs.readFileSync(`/proc/${child.pid}/status`, 'utf8');
	child.kill('SIGTERM');
	await new Promise(resolve => child.once('close', resolve));
	return Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1]);
}

const quotient = (a: number | undefined, b: number | undefined): number | undefined => (a && b ? a / b : undefined);

const ratio = (times: Map<string, Times>, own: string, other: string): number | undefined =>
	quotient(times.get(own)?.min, times.get(other)?.min);

function judge(targets: readonly Target[]): void {
	console.log('\nTargets');
	for (const {what, value, limit, unit} of targets) {
		const verdict = value === undefined ? 'not measured' : value <= limit ? 'met' : 'MISSED';
		const figure = value === undefined ? '-' : value.toFixed(unit === 'x' ? 2 : 0);
		console.log(`  ${what.padEnd(56)} ${figure.padStart(9)} ${`<= ${limit} ${unit}`.padStart(12)}  ${verdict}`);
	}
}

async function main(): Promise<void> {
	const [fast, slow] = [Number(process.argv[2] ?? 100), Number(process.argv[3] ?? 40)];
	const work = fs.mkdtempSync(path.join(os.tmpdir(), 'mc-bench-'));
	fs.chmodSync(work, 0o755);
	try {
		console.log(
			`${os.cpus().length} × ${os.cpus()[0]?.model.trim()}, Linux ${os.release()}, Node ${process.version}, as ${isRoot ? 'root' : 'a user'}`,
		);
		const rootfs = path.join(work, 'rootfs');
		execFileSync(path.join(project, 'fixtures/rootfs.sh'), ['busybox', rootfs]);
		const plan = (name: string, ...args: string[]) => {
			const file = path.join(work, name);
			const flags = ['--cgroups', 'disabled', '--network', 'none', '--rootfs', rootfs];
			fs.writeFileSync(file, execFileSync(cli, ['plan', ...flags, ...args]));
			return file;
		};
		const unconfined = ['--security-opt', 'seccomp=unconfined'];
		const world = {
			...{work, rootfs, find: findCommand},
			spec: plan('spec.json', ...unconfined, '/bin/true'),
			oci: plan('config.json', '--oci', ...unconfined, '/bin/true'),
			filtered: {spec: plan('filtered.json', '/bin/true'), oci: plan('filtered-config.json', '--oci', '/bin/true')},
		};
		const helpers = run('the helper: overlay, namespaces, /dev, masks, `true`', fast, helperContenders(world));
		const whole = run('the command line: `run … true`, whole process', slow, nodeContenders(world));
		const filters = run('the same with the default system call filter', fast, filterContenders(world));
		const lives = run('OCI: the life of a container, verb by verb', slow, lifeContenders(world));
		for (const name of ['minicontainer-oci', 'runc', 'crun']) {
			console.log(
				`  ${`all of them: ${name}`.padEnd(56)} ${lifeOf(lives, name)?.toFixed(2).padStart(9) ?? '        -'}`,
			);
		}

		const networks = run(
			'a network and a published port, whole process',
			...([Math.ceil(slow / 4), networkContenders(world), inNetwork(world)] as const),
		);
		const scale = process.argv[4] === 'few' ? undefined : await measureScale(world, run);
		judge([
			{
				what: 'mc-init / crun --cgroup-manager=disabled',
				value: ratio(helpers, 'mc-init run', 'crun --cgroup-manager=disabled run'),
				limit: 0.4,
				unit: 'x',
			},
			{what: 'mc-init / bwrap', value: ratio(helpers, 'mc-init run', 'bwrap'), limit: 0.8, unit: 'x'},
			{
				what: 'minicontainer run / node -e 0',
				value: ratio(whole, 'minicontainer run', 'node -e 0'),
				limit: 1.7,
				unit: 'x',
			},
			{
				what: 'minicontainer run / podman run --rootfs',
				value: ratio(whole, 'minicontainer run', 'podman run --rootfs'),
				limit: 0.4,
				unit: 'x',
			},
			{
				what: "minicontainer-oci's whole life / runc's",
				value: quotient(lifeOf(lives, 'minicontainer-oci'), lifeOf(lives, 'runc')),
				limit: 1,
				unit: 'x',
			},
			{
				what: 'run --network bridge -p / podman',
				value: ratio(
					...([
						networks,
						'minicontainer run --network bridge -p',
						'podman run --network podman -p (netavark)',
					] as const),
				),
				limit: 0.4,
				unit: 'x',
			},
			{
				what: 'the same / docker',
				value: ratio(
					...([networks, 'minicontainer run --network bridge -p', 'docker run -p (its daemon runs already)'] as const),
				),
				limit: 1,
				unit: 'x',
			},
			{
				what: 'mc-init with the default filter / without',
				value: ratio(filters, 'mc-init run', 'mc-init run, without'),
				limit: 1.25,
				unit: 'x',
			},
			{what: 'size of mc-init', value: fs.statSync(helper).size / 1024, limit: 150, unit: 'KB'},
			{
				what: 'memory of mc-init while a container runs (peak)',
				value: await residentKiB(plan('sleep.json', '/bin/sh', '-c', 'echo; sleep 60')),
				limit: 2048,
				unit: 'KiB',
			},
			{what: 'memory of a supervisor of its own', value: scale?.memory, limit: 1024, unit: 'KiB'},
			{what: "the same, to podman's conmon", value: quotient(scale?.memory, scale?.conmon), limit: 1, unit: 'x'},
			{what: 'ps with 500 containers, 33 running / with none', value: scale?.ps, limit: 1.5, unit: 'x'},
			{what: 'mc-init run exec-spec / crun exec', value: scale?.exec, limit: 0.5, unit: 'x'},
		]);
	} finally {
		fs.rmSync(work, {recursive: true, force: true});
	}
}

await main();
