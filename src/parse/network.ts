import {Failure, quoted} from '../spec/failure.js';

/** `none`: a new network namespace with only loopback. */
export type NetworkMode = 'none' | 'host';

/** @throws Failure */
export const parseNetwork = (text: string): NetworkMode => {
	if (text === 'none' || text === 'host') return text;
	throw new Failure(`${quoted(text)} is not a network that is supported: use none or host`);
};
