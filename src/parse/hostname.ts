import {Failure, quoted} from '../spec/failure.js';

/** RFC 1123, section 2.1, and the underscore that many hosts have. */
const label = /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?$/;
/** __NEW_UTS_LEN of linux/utsname.h */
const LONGEST = 64;

/**
 * A host name, dots allowed. No white space above all: host names end up in /etc/hosts, in prompts and in logs, and a
 * newline would start a second line there.
 *
 * @throws Failure
 */
export const parseHostname = (text: string): string => {
	if (text.length <= LONGEST && text.split('.').every(part => label.test(part))) return text;
	throw new Failure(
		`${quoted(text)} is not a host name: use letters, digits, '-' and '.', at most ${LONGEST} characters`,
	);
};
