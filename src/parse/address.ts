import {Failure, quoted} from '../spec/failure.js';

const group = /^[0-9a-f]{1,4}$/i;

/** As it is written: without zeros before it. */
const isByte = (text: string): boolean => String(Number(text)) === text && Number(text) >= 0 && Number(text) < 256;

/** Asked in every run: a regular expression for it would take longer to compile than all of the file. */
export const isIpv4 = (text: string): boolean => {
	const parts = text.split('.');
	return parts.length === 4 && parts.every(isByte);
};

/** RFC 4291, section 2.2; without a zone, which means nothing elsewhere. */
export const isIpv6 = (text: string): boolean => {
	const [head = '', tail, ...more] = text.split('::');
	if (more.length > 0) return false;
	const groups = [head, tail ?? ''].flatMap(part => (part === '' ? [] : part.split(':')));
	const dotted = !text.endsWith('::') && isIpv4(groups.at(-1) ?? '') ? 1 : 0;
	const isSound = groups.slice(0, groups.length - dotted).every(part => group.test(part));
	const count = groups.length + dotted;
	return isSound && (tail === undefined ? count === 8 : count < 8);
};

export const isAddress = (text: string): boolean => isIpv4(text) || isIpv6(text);

/** Whether it leads back to the machine that it is used on. */
export const isLoopback = (address: string): boolean => address.startsWith('127.') || /^[0:]+:0*1$/.test(address);

/** @throws Failure */
export const parseAddress = (text: string): string => {
	if (isAddress(text)) return text;
	throw new Failure(`${quoted(text)} is not an IP address`);
};
