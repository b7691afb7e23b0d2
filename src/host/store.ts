/**
 * What there is of each container on disk, below one directory:
 *
 *   owners/ID        → `PID STARTTIME BOOT PIDNS NAME`, the journal: a link, since making one is atomic
 *   names/NAME       → ID, reserves the name
 *   containers/ID/   config.json   what it is (config.ts); written last, so that it is whole or not there
 *                    spec.json, status, exit.json, log, control   of its runs (state.ts; the helper's)
 *                    overlay/upper and work, the changes to the root file system
 *
 * A container is announced in the journal before anything of it is made, and the announcement goes last, so that
 * whatever a killed run leaves behind is found and removed by a later one. A container that is kept has no owner.
 */
import {lstatSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, symlinkSync, unlinkSync} from 'node:fs';
import {Failure} from '../spec/failure.js';
import {removeLayers} from './overlay.js';
import {isDead, owner, self} from './owner.js';
import {isPrivate, makePrivate} from './paths.js';
import {readLink} from './read.js';
import {errnoOf, failure} from './reason.js';
import {removeRemains} from './remains.js';

export interface Container {
	id: string;
	/** '' for none. */
	name: string;
}

export const containerDir = (at: string, id: string) => `${at}/containers/${id}`;
export const overlayDir = (at: string, id: string) => `${containerDir(at, id)}/overlay`;
const ownerLink = (at: string, id: string) => `${at}/owners/${id}`;
const nameLink = (at: string, name: string) => `${at}/names/${name}`;

/** @throws Failure when the name is taken, with nothing left behind */
export function claim(at: string, container: Container): void {
	try {
		announce(at, container);
		if (container.name) {
			reserve(at, container);
		}

		mkdirSync(containerDir(at, container.id), 0o700);
	} catch (cause) {
		try {
			release(at, container);
		} catch {
			// Why there is nothing to release is what there is to say.
		}

		throw failure(`cannot keep state in ${at}`, cause, 'say --root DIR to keep it elsewhere');
	}
}

/** In /tmp another user may have made the directory, or be about to: what is not ours from the first is not used. */
function announce(at: string, {id, name}: Container): void {
	const who = `${self()} ${name}`;
	if (!isPrivate(at)) {
		makePlaces(at);
	}

	try {
		symlinkSync(who, ownerLink(at, id));
	} catch (cause) {
		if (errnoOf(cause) !== 'ENOENT') {
			throw cause;
		}

		makePlaces(at);
		symlinkSync(who, ownerLink(at, id));
	}
}

function makePlaces(at: string): void {
	for (const directory of ['', '/owners', '/names', '/containers']) {
		makePrivate(at + directory);
	}
}

/** From now on the container is not removed when who made it ends. */
export function keep(at: string, id: string): void {
	unlinkSync(ownerLink(at, id));
}

/** From now on the container is removed when process PID, its own first one, has ended. */
export function handOver(at: string, {id, name}: Container, pid: number): void {
	const link = ownerLink(at, `.${id}`);
	unlessGone(() => unlinkSync(link));
	symlinkSync(`${owner(pid)} ${name}`, link);
	renameSync(link, ownerLink(at, id));
}

/** Who removes the container, or '' for one that is kept. */
export const ownerOf = (at: string, id: string): string => readLink(ownerLink(at, id));

/**
 * Takes a name, from a dead run if need be.
 *
 * @throws Failure when another container has it
 */
export function reserve(at: string, container: Container): void {
	const {id, name} = container;
	try {
		symlinkSync(id, nameLink(at, name));
	} catch (cause) {
		if (errnoOf(cause) !== 'EEXIST') {
			throw cause;
		}

		const holder = {id: idOf(at, name), name};
		if (isInUse(at, holder.id)) {
			throw new Failure(`the name ${name} is in use by container ${holder.id.slice(0, 12)}`, {
				cause,
				hint: `choose another name, or remove that container: minicontainer rm ${name}`,
			});
		}

		discard(at, holder);
		symlinkSync(id, nameLink(at, name));
	}
}

/** Kept, or somebody's who may be alive; a link to what is neither is left of a run that was killed. */
function isInUse(at: string, id: string): boolean {
	const who = ownerOf(at, id);
	return who === '' ? id === '' || exists(at, id) : !isDead(who);
}

/** Whether there is anything of it. */
export const exists = (at: string, id: string): boolean => list(containerDir(at, id)).length > 0;

/** Gives a name back. */
export function releaseName(at: string, {id, name}: Container): void {
	if (name && idOf(at, name) === id) {
		unlessGone(() => unlinkSync(nameLink(at, name)));
	}
}

/** The id of the container that has the name; '' where there is none. */
export const idOf = (at: string, name: string): string => readLink(nameLink(at, name));

/** The ids of all containers, those in the making too. */
export function allIds(at: string): string[] {
	try {
		return readdirSync(`${at}/containers`, {withFileTypes: true}).flatMap(entry =>
			entry.isDirectory() ? [entry.name] : [],
		);
	} catch {
		return [];
	}
}

function release(at: string, container: Container): void {
	removeDirectory(containerDir(at, container.id));
	releaseName(at, container);
	unlessGone(() => unlinkSync(ownerLink(at, container.id)));
}

/** With its files. A command that waits for the container's lock may put a link there meanwhile, and then gives up. */
function removeDirectory(directory: string): void {
	// What somebody put there instead is not gone into: a link would lead to files of others.
	if (!lstatSync(directory, {throwIfNoEntry: false})?.isDirectory()) {
		unlessGone(() => unlinkSync(directory));
		return;
	}

	for (let attempt = 0; ; attempt++) {
		for (const name of list(directory)) {
			unlessGone(() => removeEntry(`${directory}/${name}`));
		}

		try {
			unlessGone(() => rmdirSync(directory));
			return;
		} catch (cause) {
			if (errnoOf(cause) !== 'ENOTEMPTY' || attempt === 100) {
				throw cause;
			}
		}
	}
}

function removeEntry(path: string): void {
	try {
		unlinkSync(path);
	} catch (cause) {
		if (errnoOf(cause) !== 'EISDIR') {
			throw cause;
		}

		rmSync(path, {recursive: true, force: true});
	}
}

function unlessGone(remove: () => void): void {
	try {
		remove();
	} catch (cause) {
		if (errnoOf(cause) !== 'ENOENT') {
			throw cause;
		}
	}
}

/**
 * Removes all files of a container that does not run. Can be done again, and by two at a time. Its name and the
 * announcement go last, so that when something else cannot be removed it can be tried again.
 */
export function removeFiles(at: string, container: Container): void {
	removeLayers(overlayDir(at, container.id), `${containerDir(at, container.id)}/spec.json`);
	release(at, container);
}

/** As {@link removeFiles}, and what a killed helper may have left besides. */
export function discard(at: string, container: Container): void {
	removeRemains(containerDir(at, container.id));
	removeFiles(at, container);
}

/** Containers whose owner was killed. Costs one look into a directory where there are none. */
export function abandoned(at: string): Container[] {
	return list(`${at}/owners`).flatMap(id => {
		const who = ownerOf(at, id);
		return isDead(who) ? [{id, name: who.split(' ')[4] ?? ''}] : [];
	});
}

function list(directory: string): string[] {
	try {
		return readdirSync(directory);
	} catch {
		return [];
	}
}
