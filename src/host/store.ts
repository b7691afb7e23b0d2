/**
 * What there is of each container on disk, below one directory:
 *
 *   owners/ID        → `PID STARTTIME BOOT PIDNS NAME`, the journal: a link, since making one is atomic
 *   names/NAME/ID    reserves the name: directories, of which only an empty one can be taken by another (rename(2)),
 *                    and of which nobody can take away another's by mistake
 *   containers/ID/   config.json   what it is (config.ts); written last, so that it is whole or not there
 *                    spec.json, status, exit.json, log, control   of its runs (state.ts; the helper's)
 *                    overlay/upper and work, the changes to the root file system
 *
 * A container is announced in the journal before anything of it is made, and the announcement goes last, so that
 * whatever a killed run leaves behind is found and removed by a later one. A container that is kept has no owner.
 */
import {mkdirSync, readdirSync, renameSync, symlinkSync} from 'node:fs';
import {Failure} from '../spec/failure.js';
import {removeFile} from './files.js';
import {removeLayers} from './overlay.js';
import {isDead, owner, self} from './owner.js';
import {isPrivate, makePrivate} from './paths.js';
import {SIGKILL, sendSignal} from './process.js';
import {readLink} from './read.js';
import {errnoOf, failure} from './reason.js';
import {removeRemains} from './remains.js';
import type {Process} from './shim.js';
import {readState} from './state.js';
import {list, makeDirectory, removeDirectory, removeTree} from './tree.js';

export interface Container {
	id: string;
	/** '' for none. */
	name: string;
}

export const containerDir = (at: string, id: string) => `${at}/containers/${id}`;
export const overlayDir = (at: string, id: string) => `${containerDir(at, id)}/overlay`;
const ownerLink = (at: string, id: string) => `${at}/owners/${id}`;
const nameDir = (at: string, name: string) => `${at}/names/${name}`;

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
	// The owners' last: whoever finds it there finds the others, too.
	for (const directory of ['', '/names', '/containers', '/owners']) {
		makePrivate(at + directory);
	}
}

/** From now on the container is not removed when who made it ends. */
export const keep = (at: string, id: string): void => removeFile(ownerLink(at, id));

/** From now on the container is removed when its own first process has ended. */
export function handOver(at: string, {id, name}: Container, {pid, startTime}: Process): void {
	const link = ownerLink(at, `.${id}`);
	removeFile(link);
	symlinkSync(`${owner(pid, startTime)} ${name}`, link);
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
	const own = nameDir(at, `.${id}`);
	makeDirectory(own);
	makeDirectory(`${own}/${id}`);
	try {
		for (let attempt = 0; !take(own, nameDir(at, name)); attempt++) {
			evict(at, {id: idOf(at, name), name}, attempt < 100);
		}
	} catch (cause) {
		removeNames(at, `.${id}`, id);
		throw cause;
	}
}

/** @returns false when somebody has it */
function take(own: string, directory: string): boolean {
	try {
		renameSync(own, directory);
		return true;
	} catch (cause) {
		if (errnoOf(cause) !== 'ENOTEMPTY' && errnoOf(cause) !== 'EEXIST') {
			throw cause;
		}

		return false;
	}
}

/**
 * @param again whether it may be given back just now
 * @throws Failure for who is alive, or kept; what is left of a run that was killed is removed
 */
function evict(at: string, holder: Container, again: boolean): void {
	if (holder.id === '' && again) {
		return;
	}

	if (holder.id === '' || ownerOf(at, holder.id) === '' ? exists(at, holder.id) : !isAbandoned(at, holder.id)) {
		throw new Failure(`the name ${holder.name} is in use by container ${holder.id.slice(0, 12)}`, {
			hint: `choose another name, or remove that container: minicontainer rm ${holder.name}`,
		});
	}

	discard(at, holder);
}

/** Who is dead cannot keep it or hand it over any more; but may have done so while we looked. */
function isAbandoned(at: string, id: string): boolean {
	const who = ownerOf(at, id);
	return isDead(who) && ownerOf(at, id) === who;
}

/** Whether there is anything of it. */
export const exists = (at: string, id: string): boolean => list(containerDir(at, id)).length > 0;

/** Gives a name back. */
export function releaseName(at: string, {id, name}: Container): void {
	if (name) {
		removeNames(at, name, id);
	}
}

function removeNames(at: string, name: string, id: string): void {
	removeDirectory(`${nameDir(at, name)}/${id}`);
	removeDirectory(nameDir(at, name));
}

/** The id of the container that has the name; '' where there is none. */
export const idOf = (at: string, name: string): string => list(nameDir(at, name))[0] ?? '';

/** Gives back names of containers that are gone: a rename that was killed may have left a second one. */
export function releaseStaleNames(at: string): void {
	for (const name of list(`${at}/names`)) {
		const id = idOf(at, name);
		if (ownerOf(at, id) === '' && !exists(at, id)) {
			removeNames(at, name, id);
		}
	}
}

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
	const {id} = container;
	removeTree(containerDir(at, id));
	releaseName(at, container);
	removeNames(at, `.${id}`, id);
	removeFile(ownerLink(at, `.${id}`));
	removeFile(ownerLink(at, id));
}

/**
 * Removes all files of a container that does not run. Can be done again, and by two at a time. Its name and the
 * announcement go last, so that when something else cannot be removed it can be tried again.
 */
export function removeFiles(at: string, container: Container): void {
	removeLayers(overlayDir(at, container.id), `${containerDir(at, container.id)}/spec.json`);
	release(at, container);
}

/**
 * As {@link removeFiles}, and what a killed helper may have left besides. A container of whose maker nothing is heard any
 * more does not live on unseen.
 */
export function discard(at: string, container: Container): void {
	const {pid, startTime} = readState(containerDir(at, container.id));
	if (pid !== undefined && startTime !== undefined) {
		sendSignal(pid, startTime, SIGKILL);
	}

	removeRemains(containerDir(at, container.id));
	removeFiles(at, container);
}

/** Containers whose owner was killed. Costs one look into a directory where there are none. */
export function abandoned(at: string): Container[] {
	const ids = list(`${at}/owners`).filter(id => !id.startsWith('.'));
	return ids.flatMap(id => {
		return isAbandoned(at, id) ? [{id, name: ownerOf(at, id).split(' ')[4] ?? ''}] : [];
	});
}
