/**
 * Ranges of ids for user namespaces of root's containers: none is two containers', whatever state directory they are in.
 * Each has a link in one directory of the machine's, whose text says for whom it is; making a link is atomic.
 */
import {existsSync, renameSync, symlinkSync, unlinkSync} from 'node:fs';
import type {IdRange} from '../spec/facts.js';
import {Failure} from '../spec/failure.js';
import {isDead, self} from './owner.js';
import {makePrivate} from './paths.js';
import {readLink, readText} from './read.js';
import {errnoOf} from './reason.js';
import {parseRanges} from './subordinate.js';
import {list} from './tree.js';

const PLACE = '/var/lib/minicontainer/ids';
const SIZE = 65536;
/** Where /etc/subuid gives none to `containers`, as podman has it: higher than any tool gives to users. */
const USUAL: IdRange = {start: 2 ** 30, count: 2 ** 30};

/** What both files give; the ranges must be the same, for one number stands for both kinds of ids. */
function pool(): IdRange {
	const [uids, gids] = ['/etc/subuid', '/etc/subgid'].map(file => parseRanges(readText(file), ['containers']));
	const isOne = uids && gids && uids.start === gids.start && uids.count === gids.count;
	return isOne && uids.count >= SIZE ? uids : USUAL;
}

/** One that may be another's, to show what a plan looks like. */
export const exampleRange = (): IdRange => ({start: pool().start, count: SIZE});

/**
 * Takes a range for a container.
 *
 * @param directory the container's, which need not be there yet; as long as it is there the range is its own
 */
export function claimRange(directory: string): IdRange {
	const {start, count} = pool();
	makePrivate(PLACE);
	const taken = new Set(list(PLACE));
	for (let at = start; at + SIZE <= start + count; at += SIZE) {
		const name = String(at);
		if ((!taken.has(name) || free(name)) && take(name, directory)) {
			return {start: at, count: SIZE};
		}
	}

	throw new Failure('there is no range of ids left for another user namespace', {hint: 'minicontainer prune'});
}

function take(name: string, directory: string): boolean {
	try {
		symlinkSync(`${self()} ${directory}`, `${PLACE}/${name}`);
		return true;
	} catch (cause) {
		if (errnoOf(cause) === 'EEXIST') {
			return false;
		}

		throw cause;
	}
}

/** Frees the range of a container that is gone. Moved away first: of two who see that, one has it. */
function free(name: string): boolean {
	const link = `${PLACE}/${name}`;
	const text = readLink(link);
	if (!isStale(text)) {
		return false;
	}

	const aside = `${PLACE}/.${process.pid}`;
	try {
		renameSync(link, aside);
	} catch {
		return false;
	}

	const moved = readLink(aside);
	unlinkSync(aside);
	if (moved !== text) {
		// Somebody was faster, and has it again.
		symlinkSync(moved, link);
		return false;
	}

	return true;
}

function isStale(text: string): boolean {
	const [pid = '', start = '', boot = '', namespace = '', ...directory] = text.split(' ');
	return isDead([pid, start, boot, namespace].join(' ')) && !existsSync(directory.join(' '));
}

/** Gives back what the container has, if it has one. */
export function releaseRange(start: number, directory: string): void {
	const link = `${PLACE}/${start}`;
	if (readLink(link).endsWith(` ${directory}`)) {
		unlinkSync(link);
	}
}
