import {Failure, quoted} from '../spec/failure.js';

/** What a container has where nothing is said. */
export type Profile = 'default' | 'strict';

/**
 * The value of `--profile`.
 *
 * @throws Failure
 */
export const parseProfile = (text: string): Profile => {
	if (text === 'default' || text === 'strict') return text;
	throw new Failure(`${quoted(text)} is not a profile: use default or strict`);
};
