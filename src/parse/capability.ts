import {Failure, quoted} from '../spec/failure.js';
import {CAPABILITIES} from '../spec/names.js';

/** `CAP_CHOWN` …, or `ALL` of them. */
export const parseCapability = (text: string): string => {
	const name = text.toUpperCase().replace(/^CAP_/, '');
	if (name === 'ALL') return name;
	const full = `CAP_${name}`;
	if (CAPABILITIES.includes(full)) return full;
	throw new Failure(`${quoted(text)} is not a capability: use a name of capabilities(7), such as NET_ADMIN, or ALL`);
};
