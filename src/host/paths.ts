import {chmodSync, lstatSync, mkdirSync, statSync} from 'node:fs';
import {dirname, resolve} from 'node:path';
import {Failure} from '../spec/failure.js';
import {readLink} from './read.js';
import {errnoOf, failure} from './reason.js';

/**
 * Where containers are kept: theirs are directories, names and journals below it (store.ts). One place for all, so that
 * what a killed run left is found after a reboot, too.
 *
 * @param root what `--root` says, else MINICONTAINER_ROOT; relative to the working directory
 */
export function stateDirectory(root: string | undefined, env: NodeJS.ProcessEnv = process.env): string {
	const chosen = root ?? env.MINICONTAINER_ROOT;
	if (chosen) {
		return absolute(chosen);
	}

	return process.geteuid?.() === 0 ? '/var/lib/minicontainer' : `${home(env)}/.local/share/minicontainer`;
}

function home(env: NodeJS.ProcessEnv): string {
	if (env.HOME?.startsWith('/')) {
		return env.HOME;
	}

	throw new Failure('HOME is not set to an absolute path', {hint: 'set HOME, or say --root DIR'});
}

/**
 * Node's own `recursive` tries for ever where a parent is there and nothing can be made in it, with ENOENT: in /proc.
 *
 * @param parentIsThere what failed then is not tried again
 */
function makeParents(directory: string, parentIsThere = false): void {
	try {
		mkdirSync(directory, 0o700);
	} catch (cause) {
		const parent = dirname(directory);
		if (errnoOf(cause) === 'ENOENT' && !parentIsThere && parent !== directory) {
			makeParents(parent);
			makeParents(directory, true);
		} else if (errnoOf(cause) !== 'EEXIST' || !statSync(directory).isDirectory()) {
			throw cause;
		}
	}
}

/** Makes a directory that nobody else can look into, and its parents; then {@link isPrivate} holds. */
export function makePrivate(directory: string): void {
	try {
		makeParents(directory);
	} catch (cause) {
		throw failure(`cannot make ${directory}`, cause);
	}

	isPrivate(directory);
}

/**
 * Our own directory, closed to others; in /tmp someone else may have been faster, and would then tell us what to remove.
 *
 * @returns false where there is none yet
 * @throws Failure when it is not ours
 */
export function isPrivate(directory: string): boolean {
	const stat = lstatSync(directory, {throwIfNoEntry: false});
	if (!stat) {
		return false;
	}

	if (!stat.isDirectory() || stat.uid !== process.geteuid?.()) {
		throw new Failure(`${directory} is not a directory of your own`, {hint: 'say --root DIR to use another one'});
	}

	if (stat.mode & 0o077) {
		chmodSync(directory, 0o700);
	}

	return true;
}

/**
 * The caller's working directory. Of one that is gone, where process.cwd() fails, a path at which nothing is: what is
 * absolute works there, too.
 */
export const workingDirectory = () => readLink('/proc/self/cwd');

/**
 * @returns the path from the root
 * @throws Failure for a relative one, when there is nothing for it to be relative to
 */
export function absolute(path: string): string {
	const directory = workingDirectory();
	if (!path.startsWith('/') && directory.endsWith(' (deleted)')) {
		throw new Failure(`${path}: the working directory is gone`);
	}

	return resolve(directory, path);
}
