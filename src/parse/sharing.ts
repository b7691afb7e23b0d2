import {Failure, quoted} from '../spec/failure.js';

/** Whose pid, ipc or uts namespace: a new one, or the host's. */
export type Sharing = 'private' | 'host';

/**
 * The value of `--pid`, `--ipc` and `--uts`.
 *
 * @throws Failure
 */
export const parseSharing = (text: string): Sharing => {
	if (text === 'private' || text === 'host') return text;
	throw new Failure(`${quoted(text)} is not supported: use host or private`);
};
