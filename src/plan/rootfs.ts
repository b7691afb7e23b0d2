import {join} from 'node:path/posix';
import {isWithin} from '../parse/path.js';
import {Failure, quoted} from '../spec/failure.js';
import type {Extension, Overlay, Root} from '../spec/types.js';
import type {Wanted} from './defaults.js';
import {planParts} from './parts.js';
import {hostPath} from './paths.js';

/** Where on disk the changes go. */
const layerDirectory = (wanted: Wanted): string | undefined => {
	const {overlay, overlayDir} = wanted;
	if (overlay.kind === 'dir') return hostPath(wanted, overlay.path);
	if (overlay.kind !== 'disk') return undefined;
	if (overlayDir === '') throw new Failure("an overlay on disk needs a directory: the fact 'overlayDir' is missing");
	return hostPath(wanted, overlayDir);
};

/** The user's own directory must not be what it lies over; `--rootfs /` has every directory in it. */
const checkDirectory = (root: string, directory: string, {upper = '', work = ''}: Overlay): void => {
	const place = `the overlay's directory ${quoted(directory)}`;
	if (root !== '/' && isWithin(directory, root))
		throw new Failure(`${place} lies in the root file system ${quoted(root)}, which is never changed`);
	if (isWithin(root, upper) || isWithin(root, work))
		throw new Failure(`the root file system ${quoted(root)} lies in ${place}`);
};

const planOverlay = (wanted: Wanted, root: string): Overlay | undefined => {
	const {overlay, mapped} = wanted;
	if (overlay.kind === 'none') return undefined;
	const common: Overlay = {lower: [root], ...(mapped && {userxattr: true})};
	const parts = planParts(wanted);
	if (parts) return {...common, tmpfs: overlay.kind === 'tmpfs' && overlay.size ? {size: overlay.size} : {}, parts};
	if (overlay.kind === 'tmpfs') return {...common, tmpfs: overlay.size ? {size: overlay.size} : {}};
	const directory = layerDirectory(wanted) ?? '';
	const planned: Overlay = {...common, upper: join(directory, 'upper'), work: join(directory, 'work')};
	if (overlay.kind === 'dir') checkDirectory(root, directory, planned);
	return isWithin(directory, root) ? {...planned, stacked: true} : planned;
};

const rootOptions = ({rootless, privileged}: Wanted): string[] => {
	if (rootless) return ['nosuid', 'nodev'];
	return privileged ? [] : ['nodev'];
};

/**
 * The root mount takes no device nodes, which an image may bring along; without root no setuid programs either: they
 * would only ever change between ids of the caller.
 */
export const planRootfs = (wanted: Wanted): {root: Root; rootfs: NonNullable<Extension['rootfs']>} => {
	const path = hostPath(wanted, wanted.rootfs);
	const overlay = planOverlay(wanted, path);
	return {
		root: {path, readonly: wanted.readOnly},
		rootfs: {
			...(overlay && {overlay}),
			options: rootOptions(wanted),
			...(wanted.mapped && !wanted.rootless && {idmap: true}),
		},
	};
};
