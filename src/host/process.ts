/** The processes of containers, as the host sees them. */
import {startTime} from './owner.js';
import {errnoOf, failure} from './reason.js';

/**
 * Sends a signal, unless the number has gone to another process by then.
 *
 * @returns false when the process is gone
 */
export function sendSignal(pid: number, start: number, signal: number): boolean {
	try {
		return startTime(pid) === String(start) && process.kill(pid, signal);
	} catch (cause) {
		if (errnoOf(cause) === 'ESRCH') {
			return false;
		}

		throw failure(`cannot signal process ${pid}`, cause);
	}
}
