import {Failure, quoted} from '../spec/failure.js';

/** PATH_MAX of limits.h counts the final NUL. */
const LONGEST = 4095;

/** Refuses what no system call can take as a path. */
export const checkPath = (text: string): string => {
	if (text === '') throw new Failure(`'' is not a path: it is empty`);
	if (text.includes('\0')) throw new Failure(`${quoted(text)} is not a path: it has a NUL character`);
	if (text.length > LONGEST)
		throw new Failure(`${quoted(text)} is not a path: it is longer than ${LONGEST} characters`);
	return text;
};

/** `/a//b/./../c/` is `/a/c`: as text, links are not followed. The path must be absolute. */
export const cleanPath = (path: string): string => {
	const parts: string[] = [];
	for (const part of path.split('/')) {
		if (part === '..') parts.pop();
		else if (part !== '' && part !== '.') parts.push(part);
	}
	return `/${parts.join('/')}`;
};

/**
 * An absolute path in the container.
 *
 * @returns the path without `.`, `..` and superfluous slashes
 * @throws Failure
 */
export const parsePath = (text: string): string => {
	if (!checkPath(text).startsWith('/')) throw new Failure(`${quoted(text)} is not an absolute path: start it with /`);
	return cleanPath(text);
};

/** Whether PATH is ROOT or lies below it; both clean. */
export const isWithin = (path: string, root: string): boolean =>
	path === root || path.startsWith(root === '/' ? '/' : `${root}/`);
