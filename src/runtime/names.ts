/**
 * Keeps true what containers on one network know of each other. Each has its /etc/hosts in its state directory; it is
 * written in place, for the container has that very file mounted.
 */
import {closeSync, constants, fchmodSync, ftruncateSync, openSync} from 'node:fs';
import {readConfig} from '../host/config.js';
import {writeFromStart} from '../host/files.js';
import {alone} from '../host/network/leases.js';
import {members, networkNames} from '../host/network/places.js';
import {readIfThere} from '../host/read.js';
import {errnoOf} from '../host/reason.js';
import {containerDir} from '../host/store.js';
import {hostsWith, type Neighbour} from '../plan/names.js';

/** What make.ts has written down of a container on a bridge. */
export interface Names {
	/** What its /etc/hosts says by itself; absent: it is not ours. */
	hosts?: string | undefined;
	names: string[];
}

const namesFile = (at: string, id: string) => `${containerDir(at, id)}/names.json`;
const hostsFile = (at: string, id: string) => `${containerDir(at, id)}/hosts`;

/** @returns undefined for a container without any, or one that has just gone */
function readNames(at: string, id: string): Names | undefined {
	try {
		return JSON.parse(readIfThere(namesFile(at, id)));
	} catch {
		return undefined;
	}
}

/** By container: who else is on its networks. */
function neighbours(at: string): Map<string, Neighbour[]> {
	const found = new Map<string, Neighbour[]>();
	for (const network of networkNames(at)) {
		const all = members(at, network).map(({id, addresses}) => ({
			...{id, addresses},
			names: [readConfig(at, id)?.name ?? '', ...(readNames(at, id)?.names ?? [])],
		}));
		for (const {id} of all) {
			found.set(id, [...(found.get(id) ?? []), ...all.filter(other => other.id !== id)]);
		}
	}

	return found;
}

/** What must be written: by container. */
function outdated(at: string): [id: string, text: string][] {
	return [...neighbours(at)].flatMap(([id, others]): [string, string][] => {
		const {hosts} = readNames(at, id) ?? {};
		const text = hosts === undefined ? '' : hostsWith(hosts, others);
		// One that is not there yet is made by the helper, where there is nothing to add.
		const known = readIfThere(hostsFile(at, id)) || hosts;
		return hosts === undefined || known === text ? [] : [[id, text]];
	});
}

/** After a container has come, has another name, or has gone. */
export async function tellNames(at: string): Promise<void> {
	if (outdated(at).length === 0) {
		return;
	}

	// By who sees the last of what has happened.
	await alone(at, () => {
		for (const [id, text] of outdated(at)) {
			write(hostsFile(at, id), text);
		}
	});
}

function write(file: string, text: string): void {
	try {
		const fd = openSync(file, constants.O_WRONLY | constants.O_CREAT | constants.O_NOFOLLOW, 0o644);
		try {
			writeFromStart(fd, text);
			fchmodSync(fd, 0o644);
			ftruncateSync(fd, Buffer.byteLength(text));
		} finally {
			closeSync(fd);
		}
	} catch (cause) {
		// The container has just gone.
		if (errnoOf(cause) !== 'ENOENT') {
			throw cause;
		}
	}
}
