import {readLink, readSmall, readText} from './read.js';

/**
 * Who made something, precisely enough that neither a reused pid nor a reboot nor another pid namespace (a run inside
 * a container that shares our directory) is mistaken for it: `PID STARTTIME BOOT PIDNS`, one word each.
 */
export const self = (): string => owner(process.pid);

/** @param start of a process that may be gone by now: as it was told then */
export const owner = (pid: number, start = startTime(pid)): string => `${pid} ${start} ${bootId()} ${pidNamespace()}`;

/** Whether the process is gone for certain; what cannot be told, and what we cannot read, counts as alive. */
export function isDead(owner: string): boolean {
	const [pid = '', start, boot, namespace] = owner.split(' ');
	if (!/^\d+$/.test(pid) || !namespace) {
		return false;
	}

	if (boot !== bootId()) {
		return true;
	}

	return namespace === pidNamespace() && start !== startTime(Number(pid));
}

/**
 * Clock ticks after boot, field 22 of proc_pid_stat(5); counted from behind the name, which may hold anything. What is
 * dead and left to init is gone, though init may take its time.
 */
export function startTime(pid: number): string | undefined {
	const stat = readSmall(`/proc/${pid}/stat`);
	const [state, parent, ...more] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	return state === 'Z' && parent === '1' ? undefined : more[17];
}

let boot: string | undefined;
let namespace: string | undefined;

/** Another one after every boot. */
export function bootId(): string {
	boot ??= readText('/proc/sys/kernel/random/boot_id').trim();
	return boot;
}

function pidNamespace(): string {
	namespace ??= readLink('/proc/self/ns/pid');
	return namespace;
}
