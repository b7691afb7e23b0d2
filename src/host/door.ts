import {startTime as startTimeOf} from './owner.js';
import {readSmall} from './read.js';

/**
 * The process by whose entries in /proc a container is entered: its first one. But of `--init` that is the helper, into
 * which only root may look, for it knows the host: then its oldest child, the command.
 *
 * @param isInit whether the container was started with it
 */
export function doorOf(pid: number, startTime: number, isInit: boolean): {pid: number; startTime: number} {
	if (!isInit || process.geteuid?.() === 0) {
		return {pid, startTime};
	}

	const child = Number(readSmall(`/proc/${pid}/task/${pid}/children`).split(' ', 1)[0]);
	const started = child > 0 ? startTimeOf(child) : undefined;
	return started === undefined ? {pid, startTime} : {pid: child, startTime: Number(started)};
}
