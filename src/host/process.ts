/** The processes of containers, as the host sees them. */
import {readdirSync} from 'node:fs';
import {startTime} from './owner.js';
import {readLink, readText} from './read.js';
import {errnoOf, failure} from './reason.js';

/** signal(7): its number is the same on every architecture. */
export const SIGKILL = 9;

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

export interface ProcessRow {
	/** The host's. */
	uid: number;
	pid: number;
	ppid: number;
	/** Seconds that processors have worked for it. */
	time: number;
	command: string;
}

/** USER_HZ, the same on every architecture that Node runs on (sysconf(3)). */
const TICKS = 100;

/** @returns undefined for one that is gone */
export function processRow(pid: number): ProcessRow | undefined {
	const stat = readText(`/proc/${pid}/stat`);
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	const uid = /^Uid:\t(\d+)/m.exec(readText(`/proc/${pid}/status`))?.[1];
	if (uid === undefined) {
		return undefined;
	}

	const words = readText(`/proc/${pid}/cmdline`).replace(/\0$/, '').replaceAll('\0', ' ');
	const name = `[${stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'))}]`;
	const time = (Number(fields[11]) + Number(fields[12])) / TICKS;
	return {uid: Number(uid), pid, ppid: Number(fields[1]), time, command: words || name};
}

/** The processes that see the same mounts: those of a container, where no control group tells. */
export function processesLike(pid: number): string[] {
	const own = readLink(`/proc/${pid}/ns/mnt`);
	return readdirSync('/proc').filter(
		name => /^\d+$/.test(name) && own !== '' && readLink(`/proc/${name}/ns/mnt`) === own,
	);
}
