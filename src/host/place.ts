/** The caller's side of `cp`: which directory becomes the root of who copies, so that no link leads out of it. */
import {lstatSync, realpathSync, type Stats, statSync} from 'node:fs';
import {basename, dirname} from 'node:path';
import {Failure, quoted} from '../spec/failure.js';
import {absolute} from './paths.js';
import {failure} from './reason.js';

export interface HostPath {
	/** A directory without links in its path. */
	root: string;
	/** In it: itself, or a name. */
	path: string;
	/** What the path is called, `.` for the root. */
	name: string;
	isDirectory: boolean;
}

/**
 * @param follow take what a link leads to
 * @param directory it must be a directory
 * @throws Failure when there is nothing, or no directory
 */
export function findSource(text: string, follow: boolean, directory: boolean): HostPath {
	const path = absolute(text);
	const stat = look(path, follow || directory ? statSync : lstatSync);
	if (!stat) {
		throw new Failure(`${quoted(text)}: no such file or directory`);
	}

	if (directory && !stat.isDirectory()) {
		throw new Failure(`${quoted(text)}: not a directory`);
	}

	return {...locate(path, stat.isDirectory(), follow), name: basename(path) || '.'};
}

/**
 * A link to a directory is followed, for it was named; one to anything else gives way, for a copy before this one may
 * have brought it, and who made it would choose what is overwritten.
 *
 * @param directory it must be a directory, or is to become one
 * @throws Failure where nothing can be put
 */
export function findDestination(text: string, directory: boolean): HostPath {
	const path = absolute(text);
	const stat = look(path, statSync);
	if (directory && stat && !stat.isDirectory()) {
		throw new Failure(`${quoted(text)}: not a directory`);
	}

	if (!stat && !look(dirname(path), statSync)?.isDirectory()) {
		throw new Failure(`${quoted(text)}: there is no directory ${quoted(dirname(path))}`);
	}

	return {...locate(path, stat?.isDirectory() ?? false, false), name: basename(path) || '.'};
}

/** @param follow the last component, too */
function locate(path: string, isDirectory: boolean, follow: boolean): Omit<HostPath, 'name'> {
	const real = follow || isDirectory ? resolve(path) : `${resolve(dirname(path))}/${basename(path)}`;
	return isDirectory
		? {root: real, path: '/', isDirectory}
		: {root: dirname(real), path: `/${basename(real)}`, isDirectory};
}

function resolve(path: string): string {
	try {
		return realpathSync.native(path);
	} catch (cause) {
		throw failure(path, cause);
	}
}

/** @returns undefined where there is nothing */
function look(path: string, by: (path: string, options: {throwIfNoEntry: false}) => Stats | undefined) {
	try {
		return by(path, {throwIfNoEntry: false});
	} catch (cause) {
		throw failure(path, cause);
	}
}
