import {Failure, quoted} from '../spec/failure.js';

/** Ids as digits, or names that are looked up in the container's own files. */
export interface UserRequest {
	user: string;
	group?: string | undefined;
}

/** 4294967295 is (uid_t)-1: "leave it as it is" to setresuid(2). */
const LARGEST = 4294967294;
/** As useradd(8) takes them; a digit first is left out, so that no misspelt number is ever looked up as a name. */
const name = /^[A-Za-z_][A-Za-z0-9_.@-]{0,255}\$?$/;

/** @returns 0..4294967294, or undefined for what is no strictly decimal id */
export const parseId = (text: string): number | undefined =>
	/^(?:0|[1-9]\d{0,9})$/.test(text) && Number(text) <= LARGEST ? Number(text) : undefined;

/**
 * One half of `USER[:GROUP]`. Strict, because each of `4294967296`, `0x0` and `0 ` has made root of someone
 * (CVE-2024-40635, CVE-2016-3697): a number too large for 32 bits wrapped, or was looked up as a name.
 *
 * @throws Failure
 */
export const checkIdOrName = (text: string, what: 'user' | 'group'): string => {
	if (parseId(text) !== undefined || name.test(text)) return text;
	throw new Failure(`${quoted(text)} is not a ${what}: use a name, or an id from 0 to ${LARGEST}`);
};

/**
 * `USER[:GROUP]`, each a name or a number.
 *
 * @throws Failure
 */
export const parseUser = (text: string): UserRequest => {
	const colon = text.indexOf(':');
	if (colon < 0) return {user: checkIdOrName(text, 'user')};
	return {user: checkIdOrName(text.slice(0, colon), 'user'), group: checkIdOrName(text.slice(colon + 1), 'group')};
};
