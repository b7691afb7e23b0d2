/** What control groups there are, and which of them the caller may have children in. On the way of every run: few files. */
import {accessSync, constants, existsSync, rmdirSync} from 'node:fs';
import type {CgroupFacts} from '../spec/facts.js';
import {readText, unescaped} from './read.js';
import {errnoOf, failure} from './reason.js';

interface CgroupMount {
	version: 1 | 2;
	/** What of the hierarchy is mounted. */
	root: string;
	place: string;
	/** Controllers of version 1, among other words. */
	options: readonly string[];
}

/** plan/groups.ts has the same: a hierarchy with none of these is not looked at. */
const V1_CONTROLLERS = ['cpu', 'cpuacct', 'cpuset', 'memory', 'devices', 'freezer', 'blkio', 'pids'];
/** Looked at for engines, which may ask something of them. */
const V1_OTHERS = ['hugetlb', 'net_cls', 'net_prio', 'rdma'];
const V2_CONTROLLERS = ['cpuset', 'cpu', 'io', 'memory', 'pids'];

/** @param mountinfo text of /proc/PID/mountinfo, proc(5) */
export function cgroupMounts(mountinfo: string): CgroupMount[] {
	const lines = mountinfo.matchAll(/^\S+ \S+ \S+ (\S+) (\S+) .* - cgroup(2?) \S+ (\S+)$/gm);
	return [...lines].map(([, root = '', place = '', version, options = '']) => ({
		...{version: version ? 2 : 1, root: unescaped(root), place: unescaped(place), options: options.split(',')},
	}));
}

/**
 * Control groups in which the caller may make others.
 *
 * @param whole version 2 too where version 1 has all that ours need, for a controller that may be there only
 */
export function cgroupFacts(euid: number, whole = false): CgroupFacts {
	const mounts = cgroupMounts(readText('/proc/self/mountinfo'));
	const unified = mounts.find(({version}) => version === 2);
	return euid === 0 ? rootsFacts(mounts, unified, whole) : usersFacts(mounts, unified);
}

function rootsFacts(mounts: readonly CgroupMount[], unified?: CgroupMount, whole?: boolean): CgroupFacts {
	const v1 = hierarchies(mounts, whole ? [...V1_CONTROLLERS, ...V1_OTHERS] : V1_CONTROLLERS);
	const isComplete = V1_CONTROLLERS.every(name => Object.hasOwn(v1, name));
	const v2 = unified && (whole || !isComplete) && canMakeIn(unified.place) ? delegation(unified.place) : undefined;
	return {v1, ...(v2 && {v2}), ...details(v1, v2)};
}

/** Version 1 is never a user's: its delegation is not safe (cgroups(7)). */
function usersFacts(mounts: readonly CgroupMount[], unified?: CgroupMount): CgroupFacts {
	const own = unified && ownGroup(unified);
	if (!own) {
		return {v1: {}};
	}

	const v2 = ancestors(unified.place, own)
		.filter(canMakeIn)
		.map(delegation)
		.find(({controllers}) => controllers.some(name => V2_CONTROLLERS.includes(name)));
	const isAlone = !mounts.some(
		({version, options}) => version === 1 && V1_CONTROLLERS.some(name => options.includes(name)),
	);
	return v2 ? {v1: {}, v2, ...details({}, v2)} : {v1: {}, ...(isAlone && {own})};
}

function hierarchies(mounts: readonly CgroupMount[], controllers: readonly string[]): Record<string, string> {
	const found: Record<string, string> = {};
	for (const {version, place, options} of mounts) {
		const names = version === 1 ? controllers.filter(name => options.includes(name) && !(name in found)) : [];
		if (names.length > 0 && canWrite(place)) {
			for (const name of names) {
				found[name] = place;
			}
		}
	}

	return found;
}

/** A process may only be moved by who may write to the group above both places, cgroup-v2.rst; so that is asked, too. */
function canMakeIn(directory: string): boolean {
	return canWrite(directory) && canWrite(`${directory}/cgroup.procs`);
}

function canWrite(file: string): boolean {
	try {
		accessSync(file, constants.W_OK);
		return true;
	} catch {
		return false;
	}
}

/** Where there are processes in a group itself, it can't be told to give more controllers to its children (but the root). */
function delegation(directory: string): NonNullable<CgroupFacts['v2']> {
	const enabled = words(`${directory}/cgroup.subtree_control`);
	const isRoot = !existsSync(`${directory}/cgroup.type`);
	const isFree =
		isRoot || (readText(`${directory}/cgroup.procs`) === '' && canWrite(`${directory}/cgroup.subtree_control`));
	const controllers = isFree ? words(`${directory}/cgroup.controllers`) : enabled;
	const ioWeight = existsSync(`${directory}/io.weight`) || existsSync(`${directory}/io.cost.qos`);
	return {directory, controllers, enabled, ioWeight};
}

function words(file: string): string[] {
	return readText(file)
		.split(/\s+/)
		.filter(word => word);
}

/** The directory of the caller's group; undefined where it is not below what is mounted. */
function ownGroup({root, place}: CgroupMount): string | undefined {
	const path = /^0::(\/.*)$/m.exec(readText('/proc/self/cgroup'))?.[1] ?? '';
	const prefix = root === '/' ? '' : root;
	return path.startsWith(`${prefix}/`) && !path.includes('/..')
		? `${place}${path.slice(prefix.length)}`.replace(/\/$/, '')
		: undefined;
}

/** From the mount point down to the group. */
function ancestors(place: string, own: string): string[] {
	const names = own.slice(place.length).split('/');
	return names.map((_, index) => place + names.slice(0, index + 1).join('/'));
}

function details(v1: Readonly<Record<string, string>>, v2: CgroupFacts['v2']): Pick<CgroupFacts, 'cpuset' | 'swap'> {
	const cpuset = v1.cpuset ?? v2?.directory;
	const read = (name: string) => readText(`${cpuset}/cpuset.${name}`).trim();
	const [cpus, mems] = v1.cpuset ? [read('cpus'), read('mems')] : [read('cpus.effective'), read('mems.effective')];
	return {...(cpus && mems && {cpuset: {cpus, mems}}), swap: countsSwap(v1.memory)};
}

/** The root of version 2 has no file to tell. */
function countsSwap(memory: string | undefined): boolean {
	return memory === undefined
		? existsSync('/proc/swaps') && !/\bswapaccount=0\b/.test(readText('/proc/cmdline'))
		: existsSync(`${memory}/memory.memsw.limit_in_bytes`);
}

/** A helper that was killed leaves its container dying, and a group is busy until the last process is reaped. */
const TRIES = 100;
const PAUSE_MS = 5;

/**
 * Removes the groups of a container whose helper could not, and their parents unless others use them.
 *
 * @param directories as the spec has them, parents first
 * @throws when there are still processes
 */
export function removeGroups(directories: readonly string[]): void {
	for (const directory of directories.toReversed()) {
		const isShared = directories.some(other => other.startsWith(`${directory}/`));
		for (let tries = isShared ? 1 : TRIES; !removed(directory, tries === 1 && !isShared) && --tries > 0; ) {
			Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
		}
	}
}

function removed(directory: string, isLastTry: boolean): boolean {
	try {
		rmdirSync(directory);
		return true;
	} catch (cause) {
		if (errnoOf(cause) === 'ENOENT') {
			return true;
		}

		if (errnoOf(cause) !== 'EBUSY' || isLastTry) {
			throw failure(`cannot remove ${directory}`, cause);
		}

		return false;
	}
}
