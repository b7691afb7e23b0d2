import {stateDirectory} from '../host/paths.js';
import {SIGKILL, sendSignal} from '../host/process.js';
import {Failure} from '../spec/failure.js';
import {findRunning} from './lookup.js';
import {thaw} from './pause.js';
import {titleOf} from './title.js';

/** @param signal a number; of a paused container only KILL is taken at once */
export function kill(root: string | undefined, reference: string, signal: number): void {
	const container = findRunning(stateDirectory(root), reference);
	const {pid, startTime} = container.state;
	if (!sendSignal(pid, startTime, signal)) {
		throw new Failure(`container ${titleOf(container)} is not running`);
	}

	if (signal === SIGKILL) {
		thaw(container);
	}
}
