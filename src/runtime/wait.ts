import {stateDirectory} from '../host/paths.js';
import {isUp, openStory, readState, type State} from '../host/state.js';
import {changed} from '../host/watch.js';
import {find} from './lookup.js';

/**
 * Waits until a container does not run.
 *
 * @param milliseconds at most
 * @returns how it is then; undefined when it still runs
 */
export async function waitForEnd(
	directory: string,
	milliseconds = Number.POSITIVE_INFINITY,
): Promise<State | undefined> {
	for (const end = Date.now() + milliseconds; ; ) {
		const state = readState(directory);
		if (!isUp(state)) {
			return state;
		}

		const left = end - Date.now();
		if (left <= 0) {
			return undefined;
		}

		await changed(directory, Math.min(left, 250));
	}
}

/** @returns the exit code of the container's command; of one that never ran, 0 */
export async function wait(root: string | undefined, reference: string): Promise<number> {
	const {directory} = find(stateDirectory(root), reference);
	// Of one that is removed when it ends this is the last to tell how.
	const story = openStory(directory);
	try {
		const state = await waitForEnd(directory);
		return state?.exitCode ?? story.exitCode();
	} finally {
		story.close();
	}
}
