/** Reading without readFileSync, which takes half a millisecond when it is first called; a run has some twenty. */
import {accessSync, closeSync, constants, existsSync, openSync, readlinkSync, readSync} from 'node:fs';

/** asm-generic/fcntl.h: a place in the file system, without opening what is there. Not among Node's constants. */
export const O_PATH = 0o10000000;
/** More than most files of /proc have. */
const CHUNK = 8192;

/** @returns '' for what cannot be read */
export function readText(path: string): string {
	try {
		return readBytes(path, Number.POSITIVE_INFINITY).toString('utf8');
	} catch {
		return '';
	}
}

/** For all small files, one after another: a buffer for each would take longer to make than to fill. */
let scratch: Buffer | undefined;

/**
 * A file of our own or of a process, of which there may be many: with as few system calls as it takes.
 *
 * @returns '' for what cannot be read
 */
export function readSmall(path: string): string {
	scratch ??= Buffer.allocUnsafeSlow(CHUNK);
	try {
		const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
		try {
			const length = readSync(fd, scratch, 0, CHUNK, null);
			// Less than was asked for is all there is, of regular files and of what the kernel tells in one piece.
			return length < CHUNK ? scratch.toString('utf8', 0, length) : readText(path);
		} finally {
			closeSync(fd);
		}
	} catch {
		return '';
	}
}

/** As {@link readSmall}, where there often is none: to find that out by an exception takes longer. */
export const readIfThere = (path: string): string => (existsSync(path) ? readSmall(path) : '');

/**
 * @param limit bytes; no more is read
 * @param chunk bytes to begin with, where the size is known to be large
 */
export function readBytes(path: string, limit: number, chunk = CHUNK): Buffer {
	const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
	try {
		return readDescriptor(fd, limit, chunk);
	} finally {
		closeSync(fd);
	}
}

/** From where it stands to its end. The size is not asked for: files of /proc have none. */
export function readDescriptor(fd: number, limit: number, chunk: number): Buffer {
	let buffer = Buffer.allocUnsafe(Math.min(chunk, limit));
	for (let length = 0; ; ) {
		const n = readSync(fd, buffer, length, buffer.length - length, null);
		length += n;
		if (n === 0 || length === limit) {
			return buffer.subarray(0, length);
		}

		if (length === buffer.length) {
			buffer = Buffer.concat([buffer], Math.min(length * 2, limit));
		}
	}
}

/** @returns '' where there is no link */
export function readLink(path: string): string {
	try {
		return readlinkSync(path);
	} catch {
		return '';
	}
}

/** A path of mountinfo, which writes space, tab, newline and backslash as octal (proc(5)). */
export const unescaped = (path: string): string =>
	path.replace(/\\([0-7]{3})/g, (_, code) => String.fromCharCode(parseInt(code, 8)));

export function isExecutable(file: string): boolean {
	try {
		accessSync(file, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}
