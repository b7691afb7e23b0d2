/**
 * How fast, how small: MiniContainer and its peers in one interleaved run on the same root file system. Minima count,
 * since whatever else the machine does can only add; medians are shown beside them.
 *   npm run bench -- [ROUNDS of the fast commands] [ROUNDS of the slow ones]
 */
import {execFileSync, spawn, spawnSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {cli, findCommand, helper, isRoot, payload, project} from '../helpers/project.js';
import {type Contender, helperContenders, nodeContenders, withoutHybrid} from './contenders.js';
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
function qualify(contenders: readonly Contender[]): Contender[] {
	return contenders.map(contender => {
		if (contender.missing) {
			return contender;
		}

		const {status, stderr} = timing(1, contender.command);
		const why = String(stderr).trim().split('\n')[0] ?? '';
		return status === 0 ? contender : {...contender, missing: `does not run here: ${why.slice(0, 80)}`};
	});
}

function timing(rounds: number, commands: readonly string[]) {
	const [command, ...args] = [...withoutHybrid, payload('timing'), String(rounds), ...commands];
	return spawnSync(command as string, args, {encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe']});
}

function measure(rounds: number, contenders: readonly Contender[]): Map<string, Times> {
	const commands = contenders.flatMap(({command}, index) => (index ? ['---', ...command] : command));
	const {status, stdout, stderr} = timing(rounds, commands);
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
	const own = times.get(contenders[0]?.name ?? '')?.min ?? Number.NaN;
	console.log(`\n${title.padEnd(58)} ${'min ms'.padStart(9)} ${'median'.padStart(9)} ${'ours/it'.padStart(9)}`);
	for (const {name, missing} of contenders) {
		const {min, median} = times.get(name) ?? {min: Number.NaN, median: Number.NaN};
		const cells = missing ? [`  ${missing}`] : [min.toFixed(2), median.toFixed(2), (own / min).toFixed(2)];
		console.log(`  ${name.padEnd(56)} ${cells.map(cell => cell.padStart(9)).join(' ')}`);
	}
}

function run(title: string, rounds: number, entered: readonly Contender[]): Map<string, Times> {
	const contenders = qualify(entered);
	const times = measure(
		rounds,
		contenders.filter(({missing}) => !missing),
	);
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

function ratio(times: Map<string, Times>, own: string, other: string): number | undefined {
	const [a, b] = [times.get(own)?.min, times.get(other)?.min];
	return a && b ? a / b : undefined;
}

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
			fs.writeFileSync(file, execFileSync(cli, ['plan', '--cgroups', 'disabled', '--rootfs', rootfs, ...args]));
			return file;
		};
		const [spec, oci] = [plan('spec.json', '/bin/true'), plan('config.json', '--oci', '/bin/true')];
		const world = {work, rootfs, spec, oci, find: findCommand};
		const helpers = run('the helper: overlay, namespaces, /dev, masks, `true`', fast, helperContenders(world));
		const whole = run('the command line: `run … true`, whole process', slow, nodeContenders(world));
		const scale = await measureScale(world, run);
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
			{what: 'size of mc-init', value: fs.statSync(helper).size / 1024, limit: 150, unit: 'KB'},
			{
				what: 'memory of mc-init while a container runs (peak)',
				value: await residentKiB(plan('sleep.json', '/bin/sh', '-c', 'echo; sleep 60')),
				limit: 2048,
				unit: 'KiB',
			},
			{what: 'memory of a supervisor of its own', value: scale.memory, limit: 1024, unit: 'KiB'},
			{what: "the same, to podman's conmon", value: scale.conmon && scale.memory / scale.conmon, limit: 1, unit: 'x'},
			{what: 'ps with 500 containers, 33 running / with none', value: scale.ps, limit: 1.5, unit: 'x'},
			{what: 'mc-init run exec-spec / crun exec', value: scale.exec, limit: 0.5, unit: 'x'},
		]);
	} finally {
		fs.rmSync(work, {recursive: true, force: true});
	}
}

await main();
