import fs from 'node:fs';
import path from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';

/** What the host looked like before a container; to be compared with how it looks after. */
export interface Snapshot {
	mounts: Set<string>;
	cgroups: Set<string>;
	orphans: Set<string>;
}

export function snapshot(): Snapshot {
	return {mounts: new Set(mountPoints([])), cgroups: new Set(cgroups()), orphans: new Set(orphans())};
}

/**
 * What is left of a container: mounts, processes that bear one of the marks (in their environment, arguments or
 * mounts), cgroups. Waits a little for what the kernel takes down after a process has been waited for.
 */
export async function leaks(before: Snapshot, marks: readonly string[]): Promise<string[]> {
	let found: string[] = [];
	for (let attempt = 0; attempt < 200; attempt++) {
		found = [
			...mountPoints(marks)
				.filter(mount => !before.mounts.has(mount))
				.map(mount => `mount ${mount}`),
			...cgroups()
				.filter(cgroup => !before.cgroups.has(cgroup) && !isOthers(cgroup, marks))
				.map(cgroup => `cgroup ${cgroup}`),
			...marked(marks).map(name => `process ${name}`),
			...orphans()
				.filter(pid => !before.orphans.has(pid))
				.map(pid => `container without a parent ${describe(pid)}`),
		];
		if (found.length === 0) {
			break;
		}

		await delay(25);
	}

	return found;
}

/** Container engines, debootstrap and the tests of another file mount below these, and may be at it while we look. */
const foreign = /^\/(var\/lib|run|home\/[^/]+\/\.local)\/.*(containers|runc|crun|docker)|\/\.cache\/debian-|\/mc-box-/;

function mountPoints(marks: readonly string[]): string[] {
	return read('/proc/self/mountinfo')
		.split('\n')
		.map(line => line.split(' ')[4] ?? '')
		.filter(point => point && (!foreign.test(point) || marks.some(mark => point.includes(mark))));
}

/** Directories of ours: the parent in each hierarchy or delegated sub-tree, and the containers' in it. */
function cgroups(): string[] {
	return ['', ...list('/sys/fs/cgroup'), ...ownGroups()].flatMap(place => {
		const parent = path.join('/sys/fs/cgroup', place, 'minicontainer');
		return [parent, ...directories(parent)].filter(directory => fs.existsSync(directory));
	});
}

/** Our group of version 2 and those above it: one of them may have been delegated to us. */
function ownGroups(): string[] {
	const names = /^0::\/(.+)$/m.exec(read('/proc/self/cgroup'))?.[1]?.split('/') ?? [];
	return names.map((_, index) => names.slice(0, index + 1).join('/')).slice(1);
}

/** The tests of another file run containers meanwhile: a group that has processes, none of them ours, is theirs. */
function isOthers(cgroup: string, marks: readonly string[]): boolean {
	const inside = directories(cgroup);
	if (inside.length > 0) {
		return inside.every(child => isOthers(child, marks));
	}

	const pids = read(path.join(cgroup, 'cgroup.procs'))
		.split('\n')
		.filter(pid => pid);
	return pids.length > 0 && !pids.some(pid => marks.some(mark => evidence(pid).some(text => text.includes(mark))));
}

function directories(parent: string): string[] {
	try {
		return fs
			.readdirSync(parent, {withFileTypes: true})
			.filter(entry => entry.isDirectory())
			.map(entry => path.join(parent, entry.name));
	} catch {
		return [];
	}
}

/** Waits for a process to end. Whether whoever is its parent by now has reaped it is another matter. */
export async function gone(pid: number): Promise<void> {
	for (let attempt = 0; attempt < 800; attempt++) {
		const status = read(`/proc/${pid}/status`);
		if (!status || /^State:\tZ/m.test(status)) {
			return;
		}

		await delay(25);
	}

	throw new Error(`process ${describe(String(pid))} is still there`);
}

/** As process.kill, but never a whole process group, the tests' own among them, for a number that was not there. */
export function kill(pid: number, signal: NodeJS.Signals): void {
	if (!(pid > 1)) {
		throw new Error(`${pid} is no process of a container`);
	}

	process.kill(pid, signal);
}

/** Ends what a failed test has started and left. */
export function killMarked(mark: string): void {
	for (const pid of bearers(mark)) {
		process.kill(pid, 'SIGKILL');
	}
}

/** Processes, other than this one, that have a mark in their environment. */
export const bearers = (mark: string): number[] =>
	list('/proc')
		.filter(name => /^\d+$/.test(name) && Number(name) !== process.pid)
		.filter(pid => read(`/proc/${pid}/environ`).includes(mark))
		.map(Number);

/** Of a container's first process: its supervisor. */
export const parentOf = (pid: number): number =>
	Number(/^PPid:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);

/** Processes, other than this one, that bear a mark. */
export function marked(marks: readonly string[]): string[] {
	return list('/proc')
		.filter(pid => /^\d+$/.test(pid) && Number(pid) !== process.pid)
		.filter(pid => marks.some(mark => evidence(pid).some(text => text.includes(mark))))
		.map(describe);
}

/** First processes of containers (PID 1 in a namespace of their own) whose supervisor is gone. */
function orphans(): string[] {
	return list('/proc').filter(pid => {
		const status = /^\d+$/.test(pid) ? read(`/proc/${pid}/status`) : '';
		return /^NSpid:\t\d+\t1$/m.test(status) && /^PPid:\t1$/m.test(status) && !/^State:\tZ/m.test(status);
	});
}

function describe(pid: string): string {
	const state = read(`/proc/${pid}/stat`).split(' ')[2];
	return `${pid} ${read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')} (${state})`;
}

function evidence(pid: string): string[] {
	return ['environ', 'cmdline', 'mountinfo'].map(file => read(`/proc/${pid}/${file}`));
}

function list(directory: string): string[] {
	try {
		return fs.readdirSync(directory);
	} catch {
		return [];
	}
}

function read(file: string): string {
	try {
		return fs.readFileSync(file, 'utf8');
	} catch {
		return '';
	}
}
