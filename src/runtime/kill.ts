import {stateDirectory} from '../host/paths.js';
import {sendSignal} from '../host/process.js';
import {Failure} from '../spec/failure.js';
import {findRunning} from './lookup.js';
import {titleOf} from './title.js';

/** @param signal a number */
export function kill(root: string | undefined, reference: string, signal: number): void {
	const {config, state} = findRunning(stateDirectory(root), reference);
	if (!sendSignal(state.pid, state.startTime, signal)) {
		throw new Failure(`container ${titleOf(config)} is not running`);
	}
}
