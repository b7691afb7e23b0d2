import {removeGroupsOf} from '../host/cgroup.js';
import type {Places} from '../host/paths.js';
import {abandoned, discard, stateDir} from '../host/store.js';

/** Removes what killed runs have left. What cannot be removed (yet: a container may still be dying) is left again. */
export function sweep(at: Places): void {
	for (const container of abandoned(at)) {
		try {
			removeGroupsOf(`${stateDir(at, container)}/spec.json`);
			discard(at, container);
		} catch {
			// Not what the user asked for; a later run tries again.
		}
	}
}
