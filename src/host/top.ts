/** What lies directly below a directory that other file systems are mounted in. */
import {lstatSync, readdirSync, readlinkSync} from 'node:fs';
import type {TopEntry} from '../spec/facts.js';
import {readText, unescaped} from './read.js';

/** Places of mounts strictly below a directory. */
function mountsBelow(directory: string): string[] {
	const prefix = directory === '/' ? '/' : `${directory}/`;
	return readText('/proc/self/mountinfo')
		.split('\n')
		.map(line => unescaped(line.split(' ')[4] ?? ''))
		.filter(place => place.startsWith(prefix) && place !== directory && place !== '/');
}

/** @returns undefined for a directory without mounts below it: that can be overlaid whole */
export function topOf(directory: string): TopEntry[] | undefined {
	const mounts = mountsBelow(directory);
	if (mounts.length === 0) {
		return undefined;
	}

	const prefix = directory === '/' ? '' : directory;
	return readdirSync(directory).map(name => {
		const path = `${prefix}/${name}`;
		const stat = lstatSync(path);
		if (stat.isSymbolicLink()) {
			return {name, kind: 'link', target: readlinkSync(path)};
		}

		if (!stat.isDirectory()) {
			return {name, kind: 'file'};
		}

		return {name, kind: mounts.some(place => place.startsWith(`${path}/`)) ? 'busy' : 'directory'};
	});
}
