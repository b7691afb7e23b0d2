import {basename} from 'node:path/posix';
import {Failure} from '../spec/failure.js';
import {type Files, type IdMapping, type NamespaceType, type Process, type Spec, WIRE_VERSION} from '../spec/types.js';
import {namespaceFiles} from './entry.js';

/** No more than what copying needs, whatever the container itself may do. */
const COPYING = ['CAP_CHOWN', 'CAP_DAC_OVERRIDE', 'CAP_FOWNER', 'CAP_FSETID'];
/** The attributes in which overlayfs says what it hides, `trusted.…`, are only shown to it. */
const COMPARING = ['CAP_DAC_OVERRIDE', 'CAP_SYS_ADMIN'];

/** 0, where the container has it; of a map with one id, that. */
const firstId = (map: readonly IdMapping[] | undefined): number =>
	!map || map.some(({containerID}) => containerID === 0) ? 0 : (map[0]?.containerID ?? 0);

const processFor = ({uidMappings, gidMappings}: Spec['linux'], capabilities: readonly string[]): Process => ({
	args: ['-'],
	env: [],
	cwd: '/',
	user: {uid: firstId(uidMappings), gid: firstId(gidMappings), umask: 0},
	capabilities: {
		bounding: [...capabilities],
		effective: [...capabilities],
		permitted: [...capabilities],
		inheritable: [],
		ambient: [],
	},
});

/** What becomes of a container's spec when only its files matter: no processes, no network, no limits. */
const common = ({ociVersion, linux, minicontainer}: Spec, capabilities: readonly string[], files: Files) => ({
	ociVersion,
	process: processFor(linux, capabilities),
	mounts: [] as Spec['mounts'],
	minicontainer: {
		version: minicontainer.version,
		id: minicontainer.id,
		...(minicontainer.setgroups && {setgroups: minicontainer.setgroups}),
		files,
	},
});

/**
 * In a container that runs: its files as it sees them, volumes too. Its process namespace is not entered, so that
 * nothing in there can trace who copies.
 */
export const planInRunning = (container: Spec, target: {pid: number; startTime: number}, files: Files): Spec => {
	const wanted = (['user', 'mount'] as const).filter(name =>
		container.linux.namespaces.some(({type}) => type === name),
	);
	const spec = common(container, COPYING, files);
	return {
		...spec,
		linux: {namespaces: wanted.map(type => ({type, path: `/proc/${target.pid}/ns/${namespaceFiles[type]}`}))},
		minicontainer: {...spec.minicontainer, target: {pid: target.pid, startTime: target.startTime}},
	};
};

const ownNamespaces = ({linux}: Spec): Spec['linux'] => {
	const {namespaces, uidMappings, gidMappings} = linux;
	const types: NamespaceType[] = [
		'mount',
		...(namespaces.some(({type}) => type === 'user') ? (['user'] as const) : []),
	];
	return {
		namespaces: types.map(type => ({type})),
		...(uidMappings && {uidMappings}),
		...(gidMappings && {gidMappings}),
	};
};

/**
 * In one that does not run: its root file system, without volumes.
 *
 * @throws Failure when there is nothing left of its changes
 */
export const planInStopped = (container: Spec, files: Files): Spec => {
	const {root, minicontainer} = container;
	const {rootfs} = minicontainer;
	if (rootfs?.overlay?.tmpfs) {
		throw new Failure('it does not run, and its changes were kept in memory (--overlay tmpfs): they are gone');
	}

	const spec = common(container, COPYING, files);
	return {
		...spec,
		...(root && {root}),
		linux: ownNamespaces(container),
		minicontainer: {...spec.minicontainer, ...(rootfs && {rootfs})},
	};
};

/** The caller's side of copying: the directory is the root of who copies, so that nothing outside of it is reached. */
export const planOnHost = (directory: string, {euid, egid}: {euid: number; egid: number}, files: Files): Spec => {
	const maps = {
		uidMappings: [{containerID: 0, hostID: euid, size: 1}],
		gidMappings: [{containerID: 0, hostID: egid, size: 1}],
	};
	const types: NamespaceType[] = euid === 0 ? ['mount'] : ['mount', 'user'];
	return {
		ociVersion: '1.2.0',
		process: processFor({namespaces: []}, COPYING),
		root: {path: directory},
		mounts: [],
		linux: {namespaces: types.map(type => ({type})), ...(euid !== 0 && maps)},
		minicontainer: {version: WIRE_VERSION, id: 'host', ...(euid !== 0 && {setgroups: 'deny' as const}), files},
	};
};

/** Without its user namespace. */
const asOnDisk = ({linux, minicontainer, ...rest}: Spec): Spec => {
	const {uidMappings: _uid, gidMappings: _gid, namespaces, ...others} = linux;
	const {setgroups: _, ...extension} = minicontainer;
	const kept = namespaces.filter(({type}) => type !== 'user');
	return {...rest, linux: {...others, namespaces: kept}, minicontainer: extension};
};

/**
 * What the container changed: its lower layers are the root, where its upper layer has a directory of its own.
 *
 * @throws Failure where there is no upper layer to look at
 */
export const planDiff = (container: Spec): Spec => {
	const {root, minicontainer} = container;
	const {overlay} = minicontainer.rootfs ?? {};
	if (!overlay || !root) {
		throw new Failure('it has no overlay: it changes its root file system itself (--overlay none)');
	}

	const {upper, work: _, ...layers} = overlay;
	if (upper === undefined) {
		throw new Failure('its changes are kept in memory (--overlay tmpfs), where nobody else sees them');
	}

	// A name that no root file system has.
	const place = `/${minicontainer.id}.${basename(upper)}`;
	// Of layers that are id-mapped, what is on disk is compared, which only root outside may look at.
	const looked = minicontainer.rootfs?.idmap ? asOnDisk(container) : container;
	const spec = common(looked, COMPARING, {diff: place});
	return {
		...spec,
		root: {path: root.path},
		mounts: [{destination: place, type: 'bind', source: upper, options: ['bind', 'ro']}],
		linux: ownNamespaces(looked),
		minicontainer: {...spec.minicontainer, rootfs: {overlay: {...layers, tmpfs: {}}}},
	};
};
