import {fstatSync} from 'node:fs';
import {Failure} from '../spec/failure.js';
import {readText} from './read.js';

/**
 * A job in the background must leave its terminal alone. The kernel sees to that, but not for the helper, which has a
 * session of its own: so we stop as if we had read from the terminal ourselves, until `fg`.
 */
export function waitForForeground(): void {
	for (let attempt = 0; isInBackground(); attempt++) {
		// Whoever has no shell to continue it is not stopped either (setpgid(2), "orphaned process group").
		if (attempt === 10) {
			throw new Failure('-it needs the terminal, and this is a job in the background');
		}

		process.kill(0, 'SIGTTIN');
	}
}

/** Whether stdin is our controlling terminal, and another process group is in its foreground: proc_pid_stat(5). */
function isInBackground(): boolean {
	const stat = readText('/proc/self/stat');
	const [, , group, , terminal, foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	return terminal !== '0' && Number(terminal) === fstatSync(0).rdev && foreground !== group;
}
