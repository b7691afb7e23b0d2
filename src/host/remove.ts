/** Removing what a container has made: not on the way of a run that changed nothing, so the module is loaded late. */
import {readFileSync} from 'node:fs';
import {Failure} from '../spec/failure.js';
import {type IdMapping, type Spec, WIRE_VERSION} from '../spec/types.js';
import {findHelper} from './shim.js';

/**
 * `rm -rf`, which goes by descriptors (a container may have nested directories deeper than PATH_MAX). What belongs to
 * subordinate ids, or to ourselves with mode 0, only root of the container's user namespace may remove: so there.
 */
export function removeAsContainer(directory: string, specFile: string): void {
	const {spawnSync} = process.getBuiltinModule('node:child_process');
	const result = spawnSync('rm', ['-rf', '--', directory], {stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8'});
	if (result.status === 0) {
		return;
	}

	const maps = readMaps(specFile);
	const again = maps ? removeInside(directory, maps) : result;
	if (again.status !== 0) {
		const why = again.error?.message ?? again.stderr.trim().split('\n')[0];
		throw new Failure(`cannot remove ${directory}: ${why}`);
	}
}

interface Maps {
	uidMappings: IdMapping[];
	gidMappings: IdMapping[];
	setgroups: Spec['minicontainer']['setgroups'];
}

/** @returns undefined for a container that had no user namespace, or never got so far */
function readMaps(specFile: string): Maps | undefined {
	try {
		const {linux, minicontainer}: Spec = JSON.parse(readFileSync(specFile, 'utf8'));
		const {uidMappings, gidMappings = []} = linux;
		return uidMappings && {uidMappings, gidMappings, setgroups: minicontainer.setgroups};
	} catch {
		return undefined;
	}
}

/** The host's own `rm` and the host's own root, only that ids are mapped as they were in the container. */
function removeInside(directory: string, {uidMappings, gidMappings, setgroups}: Maps) {
	// A map of one id that is not 0 (`--user 1000`) is turned into one of root: the same files, and capabilities.
	const asRoot = (map: IdMapping[]) => map.map(line => (map.length === 1 ? {...line, containerID: 0} : line));
	const spec = {
		ociVersion: '1.2.0',
		process: {
			args: ['rm', '-rf', '--', directory],
			cwd: '/',
			env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
			user: {uid: 0, gid: 0},
		},
		root: {path: '/'},
		mounts: [],
		linux: {
			namespaces: [{type: 'user'}, {type: 'mount'}],
			uidMappings: asRoot(uidMappings),
			gidMappings: asRoot(gidMappings),
		},
		minicontainer: {version: WIRE_VERSION, id: 'remove', ...(setgroups && {setgroups})},
	};
	const {spawnSync} = process.getBuiltinModule('node:child_process');
	return spawnSync(findHelper(), ['run', '-'], {input: JSON.stringify(spec), encoding: 'utf8'});
}
