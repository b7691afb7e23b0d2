import {
	closeSync,
	constants,
	openSync,
	readFileSync,
	readlinkSync,
	realpathSync,
	unlinkSync,
	writeFileSync,
	writeSync,
} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import {Failure} from '../spec/failure.js';
import {absolute} from './paths.js';
import {O_PATH} from './read.js';
import {errnoOf, failure} from './reason.js';

/**
 * @param flag for messages
 * @returns the absolute path without symbolic links
 * @throws Failure unless it is a directory
 */
export function realDirectory(directory: string, flag: string): string {
	try {
		const fd = openSync(directory, O_PATH | constants.O_DIRECTORY);
		const real = readlinkSync(`/proc/self/fd/${fd}`);
		closeSync(fd);
		return real;
	} catch (cause) {
		throw failure(`${flag} ${directory}`, cause);
	}
}

/** Absolute and without symbolic links as far as there is something; the rest is to be made. */
export function realPath(file: string): string {
	const path = absolute(file);
	try {
		return realpathSync.native(path);
	} catch (cause) {
		if (errnoOf(cause) !== 'ENOENT' || path === '/') {
			throw failure(path, cause);
		}

		return join(realPath(dirname(path)), basename(path));
	}
}

/** @param flag for messages */
export function readText(file: string, flag: string): string {
	try {
		return new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(readFileSync(file));
	} catch (cause) {
		throw cause instanceof TypeError
			? new Failure(`${flag} ${file}: not UTF-8 text`, {cause})
			: failure(`${flag} ${file}`, cause);
	}
}

/**
 * Writes a file that must not be there, as docker's --cidfile demands: two containers never share one.
 *
 * @param flag for messages
 */
export function writeNew(file: string, text: string, flag: string): void {
	try {
		writeFileSync(file, text, {flag: 'wx', mode: 0o644});
	} catch (cause) {
		if (errnoOf(cause) === 'EEXIST') {
			throw new Failure(`${flag} ${file}: the file exists`, {hint: 'remove it, if its container has ended'});
		}

		throw failure(`${flag} ${file}`, cause);
	}
}

/** Removes it, if it is there. */
export function removeFile(file: string): void {
	try {
		unlinkSync(file);
	} catch (cause) {
		if (errnoOf(cause) !== 'ENOENT') {
			throw cause;
		}
	}
}

/** The descriptor stands at the beginning afterwards: pwrite(2) does not move it. */
export function writeFromStart(fd: number, text: string): void {
	const bytes = Buffer.from(text);
	for (let at = 0; at < bytes.length; ) {
		at += writeSync(fd, bytes, at, bytes.length - at, at);
	}
}
