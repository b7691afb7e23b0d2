/** Getting at a container's files, whether it runs or not. */
import {doorOf} from '../host/door.js';
import {withLock} from '../host/lock.js';
import {isUp, readState} from '../host/state.js';
import {ownerOf} from '../host/store.js';
import {planInRunning, planInStopped} from '../plan/files.js';
import {Failure} from '../spec/failure.js';
import type {Files, Spec} from '../spec/types.js';
import {findWhole} from './lookup.js';
import {specOf} from './spec.js';
import {titleOf} from './title.js';

/** What is to be done, and a directory for the files of who does it. */
type Action<Result> = (spec: Spec, directory: string) => Promise<Result>;

/**
 * Does something with a container's files; while it does not run it is kept from being started or removed meanwhile.
 *
 * @throws Failure when there are no files to be got at
 */
export function withFiles<Result>(
	at: string,
	reference: string,
	files: Files,
	action: Action<Result>,
): Promise<Result> {
	const container = findWhole(at, reference);
	const {directory} = container;
	const {status, pid, startTime} = readState(directory);
	// Not while it starts: its root may not be its own yet.
	if (status === 'running' && pid !== undefined && startTime !== undefined) {
		const spec = specOf(container);
		return action(planInRunning(spec, doorOf(pid, startTime, spec.minicontainer.init ?? false), files), directory);
	}

	return withLock(directory, titleOf(container), () => {
		if (isUp(readState(directory)) || ownerOf(at, container.id) !== '') {
			throw new Failure(`container ${titleOf(container)} is being started or removed: try again`);
		}

		return action(planInStopped(specOf(container), files), directory);
	});
}
