import {abandoned, discard} from '../host/store.js';

/** Removes what killed runs have left. What cannot be removed (yet: a container may still be dying) is left again. */
export function sweep(at: string): void {
	for (const container of abandoned(at)) {
		try {
			discard(at, container);
		} catch {
			// Not what the user asked for; a later run tries again.
		}
	}
}
