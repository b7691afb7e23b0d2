/** What a container has outside of its directory: its helper takes it away, unless that was killed. */
import {readFileSync, rmdirSync} from 'node:fs';
import {dirname} from 'node:path';
import type {Spec} from '../spec/types.js';
import {removeWork} from './overlay.js';

/**
 * Removes the container's own control groups, as far as they are there and empty, and what overlayfs keeps for itself in
 * the user's `--overlay DIR`.
 *
 * @param directory the container's, with its spec
 */
export function removeRemains(directory: string): void {
	const {cgroup, rootfs} = readExtension(`${directory}/spec.json`);
	for (const group of [...(cgroup?.create ?? [])].reverse()) {
		try {
			rmdirSync(group);
		} catch {
			// Gone, or in use: by another container, or by a process of this one that is still dying.
		}
	}

	const upper = rootfs?.overlay?.upper;
	if (upper && !upper.startsWith(`${directory}/`)) {
		removeWork(dirname(upper));
	}
}

function readExtension(specFile: string): Partial<Spec['minicontainer']> {
	try {
		const {minicontainer}: Spec = JSON.parse(readFileSync(specFile, 'utf8'));
		return minicontainer ?? {};
	} catch {
		return {};
	}
}
