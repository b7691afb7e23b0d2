import {SIGKILL, sendSignal} from '../host/process.js';
import {readState} from '../host/state.js';
import {abandoned, containerDir, discard} from '../host/store.js';

/**
 * Removes what killed runs have left. What cannot be removed (yet: a container may still be dying) is left again.
 */
export function sweep(at: string): void {
	for (const container of abandoned(at)) {
		try {
			const {status, pid, startTime} = readState(containerDir(at, container.id));
			if (pid !== undefined && startTime !== undefined) {
				// Its run was killed after it had started, and before it was handed over.
				sendSignal(pid, startTime, SIGKILL);
			} else if (status !== 'starting') {
				discard(at, container);
			}
		} catch {
			// Not what the user asked for; a later run tries again.
		}
	}
}
