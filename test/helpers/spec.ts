import fs from 'node:fs';
import type {Mount, NamespaceType, Spec} from '../../src/spec/types.js';
import {isRoot} from './project.js';

const caps = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'SETGID', 'SETUID'].map(name => `CAP_${name}`);

/** Nodes that a user namespace may not make are the host's, bound one by one. */
const nodes = ['null', 'zero', 'full', 'random', 'urandom', 'tty'];
const minors: Record<string, [number, number]> = {
	null: [1, 3],
	zero: [1, 5],
	full: [1, 7],
	random: [1, 8],
	urandom: [1, 9],
	tty: [5, 0],
};

function mounts(): Mount[] {
	const plain = ['nosuid', 'noexec', 'nodev'];
	return [
		{destination: '/proc', type: 'proc', source: 'proc', options: plain},
		{destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'noexec', 'mode=755', 'size=1m']},
		...(isRoot ? [] : nodes.map(bound)),
		{
			destination: '/dev/pts',
			type: 'devpts',
			source: 'devpts',
			options: ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620', ...(isRoot ? ['gid=5'] : [])],
		},
		{destination: '/dev/shm', type: 'tmpfs', source: 'shm', options: [...plain, 'mode=1777', 'size=64m']},
		{destination: '/dev/mqueue', type: 'mqueue', source: 'mqueue', options: plain},
		{destination: '/sys', type: 'sysfs', source: 'sysfs', options: [...plain, 'ro']},
	];
}

function bound(name: string): Mount {
	return {destination: `/dev/${name}`, type: 'bind', source: `/dev/${name}`, options: ['bind', 'nosuid', 'noexec']};
}

/**
 * A whole container, written by hand as a person would who knows only src/spec/types.ts: the place that each helper
 * test starts from, to change one thing.
 */
export function baseSpec(rootfs: string, args: string[]): Spec {
	const ids = [{containerID: 0, hostID: process.geteuid?.() ?? 0, size: 1}];
	const gids = [{containerID: 0, hostID: process.getegid?.() ?? 0, size: 1}];
	const namespaces: NamespaceType[] = [
		'pid',
		'network',
		'mount',
		'ipc',
		'uts',
		'cgroup',
		...(isRoot ? [] : (['user'] as const)),
	];
	return {
		ociVersion: '1.2.0',
		process: {
			args,
			cwd: '/',
			env: ['PATH=/bin', 'HOME=/root'],
			user: {uid: 0, gid: 0, umask: 0o022},
			capabilities: {bounding: caps, effective: caps, permitted: caps},
			noNewPrivileges: true,
		},
		root: {path: rootfs},
		hostname: 'base',
		mounts: mounts(),
		linux: {
			namespaces: namespaces.map(type => ({type})),
			...(isRoot ? {devices: nodes.map(device)} : {uidMappings: ids, gidMappings: gids}),
			maskedPaths: ['/proc/kcore', '/sys/firmware'],
			readonlyPaths: ['/proc/sys'],
		},
		minicontainer: {
			version: 1,
			id: 'base',
			rootfs: {overlay: {lower: [rootfs], tmpfs: {}, ...(isRoot ? {} : {userxattr: true})}},
			loopback: true,
			newKeyring: true,
			...(isRoot ? {} : {setgroups: 'deny'}),
			links: [
				{path: '/dev/ptmx', target: 'pts/ptmx'},
				{path: '/dev/fd', target: '/proc/self/fd'},
			],
			stdin: 'null',
		},
	};
}

function device(name: string) {
	const [major, minor] = minors[name] as [number, number];
	return {type: 'c' as const, path: `/dev/${name}`, major, minor, fileMode: 0o666, uid: 0, gid: 0};
}

const KINDS: [NamespaceType, string][] = [
	['user', 'user'],
	['pid', 'pid'],
	['network', 'net'],
	['mount', 'mnt'],
	['ipc', 'ipc'],
	['uts', 'uts'],
	['cgroup', 'cgroup'],
];

/** proc_pid_stat(5): field 22, counted after the name, which may hold spaces. */
export const startTime = (pid: number): number =>
	Number(
		fs
			.readFileSync(`/proc/${pid}/stat`, 'utf8')
			.replace(/^.*\) /s, '')
			.split(' ')[19],
	);

/** What `exec` is to the helper: no root of its own, all namespaces by path. */
export function execSpec(rootfs: string, pid: number, args: string[]): Spec {
	const {root: _root, hostname: _hostname, ...base} = baseSpec(rootfs, args);
	return {
		...base,
		mounts: [],
		linux: {
			namespaces: KINDS.filter(([type]) => type !== 'user' || !isRoot).map(([type, name]) => ({
				type,
				path: `/proc/${pid}/ns/${name}`,
			})),
		},
		minicontainer: {
			version: 1,
			id: 'exec',
			...(isRoot ? {} : {setgroups: 'deny'}),
			target: {pid, startTime: startTime(pid)},
		},
	};
}
