/** What a container has outside of its directory: its helper takes it away, unless that was killed. */
import {readFileSync} from 'node:fs';
import {dirname} from 'node:path';
import type {Spec} from '../spec/types.js';
import {removeGroups} from './cgroup.js';
import {releaseRange} from './idRange.js';
import {removeWork} from './overlay.js';
import {detachDead} from './programs.js';

/**
 * Removes the container's own control groups, what connects it to a network, and what overlayfs keeps for itself in the user's `--overlay DIR`.
 *
 * @param directory the container's, with its spec
 * @throws Failure when the groups still have processes
 */
export function removeRemains(directory: string): void {
	const {uidMappings, cgroup, rootfs} = readExtension(`${directory}/spec.json`);
	if (rootfs?.idmap) {
		releaseRange(uidMappings?.[0]?.hostID ?? 0, directory);
	}

	detachDead(directory);
	removeGroups(cgroup?.create ?? []);
	const upper = rootfs?.overlay?.upper;
	if (upper && !upper.startsWith(`${directory}/`)) {
		removeWork(dirname(upper));
	}
}

function readExtension(specFile: string): Partial<Spec['minicontainer'] & Spec['linux']> {
	try {
		const {minicontainer, linux}: Spec = JSON.parse(readFileSync(specFile, 'utf8'));
		return {...linux, ...minicontainer};
	} catch {
		return {};
	}
}
