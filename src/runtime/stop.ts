import {stateDirectory} from '../host/paths.js';
import {SIGKILL, sendSignal} from '../host/process.js';
import {readState, type State} from '../host/state.js';
import {changed} from '../host/watch.js';
import {Failure} from '../spec/failure.js';
import {findWhole, type Known} from './lookup.js';
import {thaw} from './pause.js';
import {titleOf} from './title.js';
import {waitForEnd} from './wait.js';

/** Milliseconds; the kernel may take a while to take down a large container. */
const PATIENCE = 30_000;

/**
 * Asks a container to end, and kills it when it has not after a while. One that does not run is left as it is.
 *
 * @param patience milliseconds; default: what the container was made with
 */
export async function stop(root: string | undefined, reference: string, patience?: number): Promise<void> {
	const container = findWhole(stateDirectory(root), reference);
	const {stopSignal, stopTimeout} = container.config;
	if (!(await endBy(container, stopSignal, patience ?? stopTimeout))) {
		await killNow(container);
	}
}

/** @throws Failure when it is still there after that */
export async function killNow(container: Known): Promise<void> {
	if (!(await endBy(container, SIGKILL, PATIENCE))) {
		throw new Failure(`container ${titleOf(container)} was killed, but does not end`);
	}
}

/** Until its command runs it cannot take a signal, but for one; it is about to, or to fail. */
const isNotReady = ({status, pid}: State, signal: number) =>
	status === 'starting' && (signal !== SIGKILL || pid === undefined);

/** @returns whether it has ended */
async function endBy(container: Known, signal: number, patience: number): Promise<boolean> {
	const {directory} = container;
	let state = readState(directory);
	for (const end = Date.now() + PATIENCE; isNotReady(state, signal) && Date.now() < end; ) {
		await changed(directory, 20);
		state = readState(directory);
	}

	const {pid, startTime} = state;
	if (pid !== undefined && startTime !== undefined) {
		sendSignal(pid, startTime, signal);
		// What is stopped takes no signal, in version 1 not even KILL.
		thaw(container);
	}

	return (await waitForEnd(directory, patience)) !== undefined;
}
