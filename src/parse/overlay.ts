import {Failure, quoted} from '../spec/failure.js';
import {checkPath} from './path.js';
import {parseSize} from './size.js';

/** Where changes to the root file system go. */
export type OverlayRequest =
	| {kind: 'disk'}
	/** `size` in bytes. */
	| {kind: 'tmpfs'; size?: number | undefined}
	/** `path/upper` keeps the changes, `path/work` is overlayfs's own. */
	| {kind: 'dir'; path: string}
	| {kind: 'none'};

/**
 * `disk`, `tmpfs[,size=N]`, `none`, or a directory: with a slash or a leading dot, so that a new keyword can never
 * change the meaning of an old command.
 *
 * @throws Failure
 */
export const parseOverlay = (text: string): OverlayRequest => {
	if (text === 'disk' || text === 'tmpfs' || text === 'none') return {kind: text};
	if (text.startsWith('tmpfs,size=')) return {kind: 'tmpfs', size: parseSize(text.slice('tmpfs,size='.length))};
	if (text.includes('/') || text.startsWith('.')) return {kind: 'dir', path: checkPath(text)};
	throw new Failure(
		`${quoted(text)} is not an overlay: use disk, tmpfs[,size=N], none, or a directory with a slash in it`,
	);
};
