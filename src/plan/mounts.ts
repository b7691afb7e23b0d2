import type {BindMount, MountRequest, TmpfsMount} from '../parse/mount.js';
import {parsePath} from '../parse/path.js';
import type {Mount} from '../spec/types.js';
import {planCgroupMount} from './cgroup.js';
import type {Wanted} from './defaults.js';
import {planDeviceMounts} from './devices.js';
import {hasGroup, type IdMaps} from './idmaps.js';
import {planPartMounts} from './parts.js';
import {hostPath} from './paths.js';

/** The group `tty` of every distribution. */
const TTY_GID = 5;

const octal = (mode: number): string => `mode=${mode.toString(8).padStart(4, '0')}`;

/** The host's own, with all that is mounted below it. */
const fromHost = (path: string, options: readonly string[]): Mount => ({
	destination: path,
	type: 'bind',
	source: path,
	options: ['rbind', 'rprivate', ...options],
});

/** A namespace's file system can only be mounted by who owns the namespace: mount_namespaces(7). */
const planProc = ({mapped, pid, procOptions}: Wanted): Mount =>
	mapped && pid === 'host'
		? fromHost('/proc', ['rnosuid', 'rnoexec', 'rnodev'])
		: {destination: '/proc', type: 'proc', source: 'proc', options: ['nosuid', 'noexec', 'nodev', ...procOptions]};

const planSys = ({mapped, network, privileged}: Wanted): Mount =>
	mapped && network !== 'new'
		? fromHost('/sys', ['rro', 'rnosuid', 'rnoexec', 'rnodev'])
		: {
				...{destination: '/sys', type: 'sysfs', source: 'sysfs'},
				options: ['nosuid', 'noexec', 'nodev', ...(privileged ? [] : ['ro'])],
			};

const planShm = ({ipc, shmSize}: Wanted): Mount =>
	ipc === 'host'
		? fromHost('/dev/shm', ['nosuid', 'noexec', 'nodev'])
		: {
				destination: '/dev/shm',
				type: 'tmpfs',
				source: 'shm',
				options: ['nosuid', 'noexec', 'nodev', 'mode=1777', `size=${shmSize}`],
			};

const planMqueue = ({ipc, mapped, mqueue}: Wanted): Mount[] => {
	if (ipc === 'private' || !mapped)
		return [{destination: '/dev/mqueue', type: 'mqueue', source: 'mqueue', options: ['nosuid', 'noexec', 'nodev']}];
	return mqueue ? [fromHost('/dev/mqueue', ['nosuid', 'noexec', 'nodev'])] : [];
};

/** Device nodes must work here and only here, so there is no nodev; nothing but nodes is meant to lie here, so 1 MiB. */
const dev: Mount = {
	destination: '/dev',
	type: 'tmpfs',
	source: 'tmpfs',
	options: ['nosuid', 'noexec', 'strictatime', 'mode=0755', 'size=1m'],
};

const planPts = (maps: IdMaps | undefined): Mount => ({
	destination: '/dev/pts',
	type: 'devpts',
	source: 'devpts',
	options: [
		...['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620'],
		...(hasGroup(maps, TTY_GID) ? [`gid=${TTY_GID}`] : []),
	],
});

/**
 * All restrictions reach the submounts: those of `-v /:/host` have device nodes and must not be writable through
 * `:ro` (mount_setattr(2), Linux 5.12; OCI 1.1).
 */
const planBind = (wanted: Wanted, {source, destination, readOnly = false, recursive = true}: BindMount): Mount => ({
	destination: parsePath(destination),
	type: 'bind',
	source: hostPath(wanted, source),
	options: [recursive ? 'rbind' : 'bind', 'rprivate', 'rnodev', ...(readOnly ? ['rro'] : [])],
});

/** What an option of a tmpfs takes away from the defaults; nothing takes away nodev. */
const opposites: Readonly<Record<string, string>> = {exec: 'noexec', suid: 'nosuid'};

const planTmpfs = ({destination, size = 0, mode, readOnly = false, options = []}: TmpfsMount): Mount => {
	const replaced = options.map(option => opposites[option]);
	const flags = ['nosuid', 'noexec', 'nodev'].filter(flag => !replaced.includes(flag) && !options.includes(flag));
	return {
		destination: parsePath(destination),
		type: 'tmpfs',
		source: 'tmpfs',
		options: [
			...flags,
			...options.filter(option => !Object.hasOwn(opposites, option)),
			...(readOnly ? ['ro'] : []),
			...(mode === undefined ? [] : [octal(mode)]),
			...(size > 0 ? [`size=${size}`] : []),
		],
	};
};

const planRequested = (wanted: Wanted, mount: MountRequest): Mount =>
	mount.type === 'bind' ? planBind(wanted, mount) : planTmpfs(mount);

const depth = ({destination}: Mount): number => destination.split('/').length;

/** Parents before what lies in them, whatever the order of the flags; else as they were given. */
const byDepth = (mounts: Mount[]): Mount[] => mounts.sort((a, b) => depth(a) - depth(b));

/** The container's own file systems, then the user's: where one has the place of ours it stands instead. */
export const planMounts = (wanted: Wanted, maps: IdMaps | undefined): Mount[] => {
	const requested = byDepth(wanted.mounts.map(mount => planRequested(wanted, mount)));
	const taken = new Set(requested.map(mount => mount.destination));
	const own = [
		...planPartMounts(wanted),
		planProc(wanted),
		dev,
		...planDeviceMounts(wanted),
		planPts(maps),
		planShm(wanted),
		...planMqueue(wanted),
		planSys(wanted),
		...planCgroupMount(wanted),
	];
	return [...own.filter(mount => !taken.has(mount.destination)), ...requested];
};
