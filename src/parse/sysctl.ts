import {Failure, quoted} from '../spec/failure.js';

export interface Sysctl {
	name: string;
	value: string;
}

/** Dots between words: no slash and no `..`, which would lead to another file of /proc. */
const name = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)+$/;
/** No `+` and `=`: CVE-2022-0811 carried a second setting in the value of the first. */
const value = /^[A-Za-z0-9_.,:-][A-Za-z0-9_.,: \t-]*$/;

/** @throws Failure */
export const checkSysctl = (sysctl: Sysctl): Sysctl => {
	if (!name.test(sysctl.name))
		throw new Failure(`${quoted(sysctl.name)} is not the name of a sysctl: use words with dots between them`);
	if (!value.test(sysctl.value))
		throw new Failure(`${quoted(sysctl.value)} is not a value for a sysctl: use letters, digits, '.', ',', ':', '-'`);
	return sysctl;
};

/**
 * `NAME=VALUE`, e.g. `net.ipv4.ip_forward=1`.
 *
 * @throws Failure
 */
export const parseSysctl = (text: string): Sysctl => {
	const equals = text.indexOf('=');
	if (equals < 0) throw new Failure(`${quoted(text)} is not a sysctl: use NAME=VALUE`);
	return checkSysctl({name: text.slice(0, equals), value: text.slice(equals + 1)});
};
