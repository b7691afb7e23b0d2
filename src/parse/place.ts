import {Failure, quoted} from '../spec/failure.js';
import {checkPath, cleanPath} from './path.js';

/** Where `cp` takes from, or puts to. */
export type Place = {kind: 'stream'} | HostPlace | ContainerPlace;

export interface HostPlace extends Spelling {
	kind: 'host';
	path: string;
}

export interface ContainerPlace extends Spelling {
	kind: 'container';
	container: string;
	/** From the root, clean. */
	path: string;
}

/** What the end of a path says. */
interface Spelling {
	/** As it was written. */
	text: string;
	/** `DIR/` or `DIR/.`: a directory, or it is wrong. */
	directory: boolean;
	/** `DIR/.`: not the directory itself, but what is in it. */
	contents: boolean;
}

const spelling = (text: string, path: string): Spelling => {
	const contents = /(^|\/)\.\/*$/.test(path) || /^\/+$/.test(path);
	return {text, contents, directory: contents || path.endsWith('/')};
};

/**
 * `CONTAINER:PATH`, a path, or `-`. As docker: a colon in a path is told apart by what stands before it, for no
 * container's name begins with `.` or has a slash in it.
 *
 * @throws Failure
 */
export const parsePlace = (text: string): Place => {
	if (text === '-') return {kind: 'stream'};
	const [, container, path] = /^([^./:][^/:]*):(.*)$/s.exec(text) ?? [];
	if (container === undefined || path === undefined)
		return {kind: 'host', path: checkPath(text), ...spelling(text, text)};
	if (path === '') throw new Failure(`${quoted(text)}: the PATH after the colon is missing`);
	return {kind: 'container', container, path: cleanPath(checkPath(path)), ...spelling(text, path)};
};
