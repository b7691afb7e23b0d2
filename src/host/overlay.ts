import {chmodSync, chownSync, lstatSync, mkdirSync, rmdirSync, statSync, unlinkSync} from 'node:fs';
import {makePrivate} from './paths.js';
import {errnoOf, failure} from './reason.js';
import {removeAsContainer} from './remove.js';

/**
 * Makes `upper` and `work` in a directory; those of an earlier run (`--overlay DIR`) are kept. The upper directory's
 * own mode and owner become those of the container's `/`: so they are the root file system's.
 */
export function makeLayers(directory: string, rootfs: string): void {
	try {
		makeDirectory(directory);
		if (makeDirectory(`${directory}/upper`)) {
			const {mode, uid, gid} = lstatSync(rootfs);
			chmodSync(`${directory}/upper`, mode & 0o7777);
			if (process.geteuid?.() === 0 && (uid !== 0 || gid !== 0)) {
				chownSync(`${directory}/upper`, uid, gid);
			}
		}

		makeDirectory(`${directory}/work`);
	} catch (cause) {
		throw failure(`cannot make the overlay's directory ${directory}`, cause);
	}
}

/** @returns false if it was there */
function makeDirectory(directory: string): boolean {
	try {
		mkdirSync(directory, 0o700);
		return true;
	} catch (cause) {
		if (errnoOf(cause) === 'ENOENT') {
			makePrivate(directory);
			return true;
		}

		if (errnoOf(cause) === 'EEXIST' && statSync(directory).isDirectory()) {
			return false;
		}

		throw cause;
	}
}

/** Takes away what overlayfs keeps for itself, so that the user's directory holds the changes and nothing else. */
export function removeWork(directory: string): void {
	for (const name of ['work/work', 'work']) {
		removeDirectory(`${directory}/${name}`);
	}
}

/**
 * Removes layers that hold nothing, such as those of a container that never started.
 *
 * @returns whether they did
 */
export function removeEmpty(directory: string): boolean {
	removeWork(directory);
	return [`${directory}/upper`, directory].map(removeDirectory).every(Boolean);
}

/**
 * Removes a container's layers, whoever they belong to.
 *
 * @param spec path of the container's spec, which says what ids it had
 */
export function removeLayers(directory: string, spec: string): void {
	// Most containers change nothing: four system calls instead of a process.
	if (removeEmpty(directory)) {
		return;
	}

	removeMountPoints(`${directory}/upper/etc`);
	if (!removeEmpty(directory)) {
		removeAsContainer(directory, spec);
	}
}

/** What the helper has made to mount the container's own files on: all that is there of many a container, too. */
function removeMountPoints(etc: string): void {
	// A link would lead to the host's.
	if (isDirectory(etc)) {
		for (const name of ['resolv.conf', 'hosts', 'hostname']) {
			removeIfFile(`${etc}/${name}`);
		}

		removeDirectory(etc);
	}
}

function isDirectory(path: string): boolean {
	try {
		return lstatSync(path).isDirectory();
	} catch {
		return false;
	}
}

function removeIfFile(file: string): void {
	try {
		unlinkSync(file);
	} catch {
		// Whatever it is, rm(1) is there for it.
	}
}

/** @returns whether it is gone */
function removeDirectory(directory: string): boolean {
	try {
		rmdirSync(directory);
		return true;
	} catch (cause) {
		return errnoOf(cause) === 'ENOENT';
	}
}
