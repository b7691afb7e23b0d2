import {Failure, quoted} from '../spec/failure.js';
import {MOUNT_OPTIONS} from '../spec/names.js';
import type {OciMount} from '../spec/ociTypes.js';

const BINDS = ['bind', 'rbind'];

/** runtime-spec: with one of these options the type counts for nothing. */
export const isBind = ({type, options = []}: Pick<OciMount, 'type' | 'options'>): boolean =>
	type === 'bind' || options.some(option => BINDS.includes(option));

/**
 * Nothing comes of these: they are the default (`norelatime` and `nostrictatime` take away what was not given), or
 * speak of mount(8) alone.
 */
const idle = new Set([
	...['defaults', 'remount', 'silent', 'loud', 'iversion', 'noiversion', 'acl', 'noacl'],
	...['norelatime', 'rnorelatime', 'nostrictatime', 'rnostrictatime'],
]);

/** Of the whole file system, not of a mount: a bind can't change them. */
const ofSuperblock = new Set(['sync', 'async', 'dirsync', 'mand', 'nomand', 'lazytime', 'nolazytime']);

/** Known to the specification, and not done here. */
const refused = new Set(['loop']);

export const bindOptions = (options: readonly string[]): string[] => {
	// What is no option of a mount would be data for a file system, and there is none.
	const kept = options.filter(option => MOUNT_OPTIONS.includes(option));
	return kept.some(option => BINDS.includes(option)) ? kept : ['bind', ...kept];
};

export const planOptions = (mount: OciMount): string[] => {
	const options = (mount.options ?? [])
		.flatMap(option => option.split(','))
		.filter(option => option !== '' && !idle.has(option));
	const wrong = options.find(option => refused.has(option));
	if (wrong) throw new Failure(`mount ${quoted(mount.destination)}: option ${quoted(wrong)} is not supported`);
	return isBind(mount) ? bindOptions(options.filter(option => !ofSuperblock.has(option))) : options;
};
