/**
 * What there is of each container on disk. A container is announced before anything of it is made, and the announcement
 * goes last, so that whatever a killed run leaves behind is found and removed by a later one:
 *
 *   run/owners/ID        → `PID STARTTIME BOOT PIDNS NAME`, the journal: a link, since making one is atomic
 *   run/names/NAME       → ID, reserves the name
 *   run/containers/ID/   spec.json and status of the helper's
 *   lib/overlay/ID/      upper and work, the changes to the root file system
 */
import {mkdirSync, readdirSync, rmdirSync, symlinkSync, unlinkSync} from 'node:fs';
import {Failure} from '../spec/failure.js';
import {removeLayers} from './overlay.js';
import {isDead, self} from './owner.js';
import {isPrivate, makePrivate, type Places} from './paths.js';
import {readLink} from './read.js';
import {errnoOf, failure} from './reason.js';

export interface Container {
	id: string;
	/** '' for none. */
	name: string;
}

export const stateDir = (at: Places, {id}: Container) => `${at.run}/containers/${id}`;
export const overlayDir = (at: Places, {id}: Container) => `${at.lib}/overlay/${id}`;
const ownerLink = (at: Places, {id}: Container) => `${at.run}/owners/${id}`;
const nameLink = (at: Places, {name}: Container) => `${at.run}/names/${name}`;

/** @throws Failure when the name is taken, with nothing left behind */
export function claim(at: Places, container: Container): void {
	try {
		announce(at, container);
		if (container.name) {
			reserve(at, container);
		}

		mkdirSync(stateDir(at, container), 0o700);
	} catch (cause) {
		try {
			release(at, container);
		} catch {
			// Why there is nothing to release is what there is to say.
		}

		throw failure(`cannot keep state in ${at.run}`, cause, 'say --root DIR to keep it elsewhere');
	}
}

/** In /tmp another user may have made the directory, or be about to: what is not ours from the first is not used. */
function announce(at: Places, container: Container): void {
	const owner = `${self()} ${container.name}`;
	if (!isPrivate(at.run)) {
		makePlaces(at);
	}

	try {
		symlinkSync(owner, ownerLink(at, container));
	} catch (cause) {
		if (errnoOf(cause) !== 'ENOENT') {
			throw cause;
		}

		makePlaces(at);
		symlinkSync(owner, ownerLink(at, container));
	}
}

function makePlaces(at: Places): void {
	for (const directory of ['', '/owners', '/names', '/containers']) {
		makePrivate(at.run + directory);
	}
}

function reserve(at: Places, container: Container): void {
	try {
		symlinkSync(container.id, nameLink(at, container));
	} catch (cause) {
		if (errnoOf(cause) !== 'EEXIST') {
			throw cause;
		}

		const holder = {...container, id: holderOf(at, container)};
		if (!isDead(readLink(ownerLink(at, holder)))) {
			throw new Failure(`the name ${container.name} is in use by container ${holder.id.slice(0, 12)}`, {
				cause,
				hint: 'choose another name, or wait until that container has ended',
			});
		}

		discard(at, holder);
		symlinkSync(container.id, nameLink(at, container));
	}
}

/** The id of the container that has the name. */
const holderOf = (at: Places, container: Container) => readLink(nameLink(at, container));

/** The names of all files in it: known ones need no walk, which would have to be loaded first. */
const STATE_FILES = ['spec.json', 'status'];

function release(at: Places, container: Container): void {
	const directory = stateDir(at, container);
	for (const name of STATE_FILES) {
		unlessGone(() => unlinkSync(`${directory}/${name}`));
	}

	unlessGone(() => rmdirSync(directory));
	if (container.name && holderOf(at, container) === container.id) {
		unlessGone(() => unlinkSync(nameLink(at, container)));
	}

	unlessGone(() => unlinkSync(ownerLink(at, container)));
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
 * Removes all that there is of a container. Can be done again, and by two at a time. The announcement stays when
 * something else cannot be removed, so that a later run tries again.
 */
export function discard(at: Places, container: Container): void {
	removeLayers(overlayDir(at, container), `${stateDir(at, container)}/spec.json`);
	release(at, container);
}

/** Containers whose run was killed. Costs one look into a directory where there are none. */
export function abandoned(at: Places): Container[] {
	return list(`${at.run}/owners`).flatMap(id => {
		const owner = readLink(ownerLink(at, {id, name: ''}));
		return isDead(owner) ? [{id, name: owner.split(' ')[4] ?? ''}] : [];
	});
}

function list(directory: string): string[] {
	try {
		return readdirSync(directory);
	} catch {
		return [];
	}
}
