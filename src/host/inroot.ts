/**
 * Reads files of a root file system that may be an attacker's work, from outside of it: every component is opened by
 * itself and never followed, links are resolved by hand and stay inside (CVE-2024-9676, CVE-2018-15664), and only a
 * regular file is ever opened for reading, so that no FIFO hangs us and no device is touched.
 */
import {closeSync, constants, fstatSync, openSync, type Stats} from 'node:fs';
import {O_PATH, readBytes, readLink} from './read.js';

const FOLLOWS = O_PATH | constants.O_DIRECTORY;
const NOFOLLOW = O_PATH | constants.O_NOFOLLOW;
/** path_resolution(7) */
const MOST_LINKS = 40;

/** One directory as overlayfs shows it: descriptors of its layers, top first. */
type Directory = readonly number[];
type Entry = {directory: Directory} | {file: number; stat: Stats; parent: number};

/**
 * @param layers directories on the host, top first; those that do not exist are passed over
 * @param paths inside of them
 * @param limit bytes; of a longer file only the whole lines before it are returned
 * @returns the text of each; '' where there is no regular file that we may read
 */
export function readInRoot(layers: readonly string[], paths: readonly string[], limit: number): string[] {
	const opened: number[] = [];
	try {
		const root = layers.flatMap(layer => open(opened, layer, FOLLOWS) ?? []);
		return paths.map(path => {
			const file = resolve(opened, root, path);
			return file === undefined ? '' : read(file, limit);
		});
	} finally {
		for (const fd of opened) {
			closeSync(fd);
		}
	}
}

function open(opened: number[], path: string, flags: number): number | undefined {
	try {
		const fd = openSync(path, flags);
		opened.push(fd);
		return fd;
	} catch {
		return undefined;
	}
}

/** @returns a descriptor (O_PATH) of a regular file */
function resolve(opened: number[], root: Directory, path: string): number | undefined {
	let chain = [root];
	const names = path.split('/').reverse();
	for (let links = 0; names.length > 0; ) {
		const name = names.pop();
		if (!name || name === '.') {
			continue;
		}

		if (name === '..') {
			// Above the root there is only the root.
			chain = chain.slice(0, Math.max(1, chain.length - 1));
			continue;
		}

		const entry = find(opened, chain.at(-1) ?? root, name);
		if (!entry) {
			return undefined;
		}

		if ('directory' in entry) {
			chain.push(entry.directory);
		} else if (entry.stat.isSymbolicLink() && ++links <= MOST_LINKS) {
			// Nothing, if it has been swapped since: then the path leads elsewhere in the root, and no further.
			const target = readLink(`/proc/self/fd/${entry.parent}/${name}`);
			chain = target.startsWith('/') ? [root] : chain;
			names.push(...target.split('/').reverse());
		} else {
			return entry.stat.isFile() && names.length === 0 ? entry.file : undefined;
		}
	}

	return undefined;
}

/** As overlayfs: directories are merged, anything else hides what lies below. (Opaque directories need getxattr.) */
function find(opened: number[], directory: Directory, name: string): Entry | undefined {
	const merged: number[] = [];
	for (const parent of directory) {
		const file = open(opened, `/proc/self/fd/${parent}/${name}`, NOFOLLOW);
		if (file === undefined) {
			continue;
		}

		const stat = fstatSync(file);
		const isWhiteout = stat.isCharacterDevice() && stat.rdev === 0;
		if (stat.isDirectory()) {
			merged.push(file);
		} else if (isWhiteout || merged.length > 0) {
			break;
		} else {
			return {file, stat, parent};
		}
	}

	return merged.length > 0 ? {directory: merged} : undefined;
}

/** Reopened by descriptor: it is the file that was looked at, whatever its name leads to by now. */
function read(file: number, limit: number): string {
	try {
		const bytes = readBytes(`/proc/self/fd/${file}`, limit);
		const text = bytes.toString('utf8');
		return bytes.length === limit ? text.slice(0, text.lastIndexOf('\n') + 1) : text;
	} catch {
		return '';
	}
}
