/** Directories of the store: whatever others do to them at the same time. */
import {lstatSync, mkdirSync, readdirSync, rmdirSync, rmSync} from 'node:fs';
import {Failure} from '../spec/failure.js';
import {removeFile} from './files.js';
import {errnoOf} from './reason.js';

/** What is in it; nothing where it is not to be had. */
export function list(directory: string): string[] {
	try {
		return readdirSync(directory);
	} catch {
		return [];
	}
}

/**
 * With all in it; strangers' directories, too. Locks go last: whoever gets one then finds nothing any more, and a
 * command that waits for one may put a link there meanwhile, and then gives up.
 */
export function removeTree(directory: string): void {
	// What somebody put there instead is not gone into: a link would lead to files of others.
	if (!lstatSync(directory, {throwIfNoEntry: false})?.isDirectory()) {
		removeFile(directory);
		return;
	}

	for (let attempt = 0; ; attempt++) {
		const names = list(directory);
		for (const name of [...names.filter(name => !isLock(name)), ...names.filter(isLock)]) {
			removeEntry(`${directory}/${name}`);
		}

		if (removeDirectory(directory)) {
			return;
		}

		if (attempt === 100) {
			throw new Failure(`cannot remove ${directory}: others keep writing to it`);
		}
	}
}

const isLock = (name: string): boolean => name.startsWith('lock.');

function removeEntry(path: string): void {
	try {
		removeFile(path);
	} catch (cause) {
		if (errnoOf(cause) !== 'EISDIR') {
			throw cause;
		}

		rmSync(path, {recursive: true, force: true});
	}
}

/** Makes it, unless it is there. */
export function makeDirectory(directory: string): void {
	try {
		mkdirSync(directory, 0o700);
	} catch (cause) {
		if (errnoOf(cause) !== 'EEXIST') {
			throw cause;
		}
	}
}

/** @returns false when there is something in it */
export function removeDirectory(directory: string): boolean {
	try {
		rmdirSync(directory);
		return true;
	} catch (cause) {
		if (errnoOf(cause) === 'ENOTEMPTY') {
			return false;
		}

		if (errnoOf(cause) !== 'ENOENT') {
			throw cause;
		}

		return true;
	}
}
