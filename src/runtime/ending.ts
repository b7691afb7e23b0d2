import {type Ending, failed} from '../host/shim.js';
import {Failure} from '../spec/failure.js';
import type {Complain} from './complain.js';

/**
 * @returns the command's own exit code, or 128+n when signal n killed it
 * @throws Failure when the command was never started
 */
export function exitCode(ending: Ending, complain: Complain): number {
	if (ending.event === 'error') {
		throw failed(ending);
	}

	if (ending.timeout) {
		complain(new Failure('the container was killed: its time (--timeout) was up'));
	} else if (ending.oom && ending.signal !== undefined) {
		complain(new Failure('the container was killed: it reached its memory limit (--memory)'));
	}

	return ending.signal === undefined ? (ending.code ?? 0) : 128 + ending.signal;
}
