import type {TopEntry} from '../spec/facts.js';
import {Failure} from '../spec/failure.js';
import type {Link, Mount} from '../spec/types.js';
import type {Wanted} from './defaults.js';
import {hostPath} from './paths.js';

/** These the container has of its own. */
const OWN = ['proc', 'sys', 'dev'];

const entries = (wanted: Wanted): readonly TopEntry[] =>
	wanted.overlay.kind === 'none' ? [] : (wanted.top ?? []).filter(({name}) => !OWN.includes(name));

/**
 * Without root, a root file system with mounts below it can't be overlaid whole: mounts of another user namespace are
 * locked together (mount_namespaces(7)). So each directory at its top that has none below gets an overlay of its own.
 *
 * @returns undefined where the whole can be overlaid
 */
export const planParts = (wanted: Wanted): string[] | undefined => {
	const directories = entries(wanted).filter(({kind}) => kind === 'directory');
	if (directories.length === 0) return undefined;
	if (wanted.overlay.kind === 'dir') {
		throw new Failure('the root file system has mounts below it: without root, changes to it cannot be kept', {
			hint: 'use --overlay tmpfs, which keeps them in memory',
		});
	}
	return directories.map(({name}) => `/${name}`);
};

/** What can't be overlaid can at least be seen: files, and directories with mounts below them. */
export const planPartMounts = (wanted: Wanted): Mount[] =>
	entries(wanted)
		.filter(({kind}) => kind === 'busy' || kind === 'file')
		.map(({name}) => ({
			destination: `/${name}`,
			type: 'bind',
			source: hostPath(wanted, `${wanted.rootfs}/${name}`),
			options: ['rbind', 'rprivate', 'rnosuid', 'rnodev', 'rro'],
		}));

export const planPartLinks = (wanted: Wanted): Link[] =>
	entries(wanted).flatMap(entry => (entry.kind === 'link' ? [{path: `/${entry.name}`, target: entry.target}] : []));
