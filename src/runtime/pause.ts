import {writeSetting} from '../host/gauge.js';
import {stateDirectory} from '../host/paths.js';
import {readText} from '../host/read.js';
import {sleep} from '../host/sleep.js';
import {Failure} from '../spec/failure.js';
import {gauge, gauges} from './gauges.js';
import {findRunning, type Known} from './lookup.js';
import {titleOf} from './title.js';

/** Milliseconds; a process that waits for a disk stops when that is over. */
const PATIENCE = 10_000;

/** Whether its processes are stopped, or about to be. */
export function isPaused(container: Known): boolean {
	const freeze = gauges(container).freeze;
	return freeze?.state.frozen.test(readText(freeze.state.file)) ?? false;
}

/**
 * Stops all processes of a container, without their knowing.
 *
 * @throws Failure when they do not stop; then they go on
 */
export async function pause(root: string | undefined, reference: string): Promise<void> {
	const container = findRunning(stateDirectory(root), reference);
	const {file, on, off, state} = gauge(container, 'freeze', 'paused');
	if (isPaused(container)) {
		throw new Failure(`container ${titleOf(container)} is paused already`);
	}

	for (const end = Date.now() + PATIENCE; !state.frozen.test(readText(state.file)); await sleep(5)) {
		if (Date.now() > end) {
			writeSetting(file, off);
			throw new Failure(`container ${titleOf(container)} cannot be paused: its processes do not stop`);
		}

		// Again and again: version 1 may have missed one that was being made (freezer-subsystem.rst).
		writeSetting(file, on);
	}
}

/** Lets them go on. */
export function unpause(root: string | undefined, reference: string): void {
	const container = findRunning(stateDirectory(root), reference);
	if (!isPaused(container)) {
		throw new Failure(`container ${titleOf(container)} is not paused`);
	}

	thaw(container);
}

/** Lets processes that were stopped go on, if only to take a signal and end. */
export function thaw(container: Known): void {
	const freeze = gauges(container).freeze;
	if (freeze && isPaused(container)) {
		writeSetting(freeze.file, freeze.off);
	}
}
