import {Failure, quoted} from '../spec/failure.js';

/** IPv4 or IPv6, by the number of its bits. */
export type Bits = 32 | 128;

export interface Address {
	value: bigint;
	bits: Bits;
}

export interface Subnet {
	base: bigint;
	prefix: number;
	bits: Bits;
}

const readV4 = (text: string): bigint | undefined => {
	const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1);
	if (!parts || parts.some(part => Number(part) > 255 || (part.length > 1 && part.startsWith('0')))) return undefined;
	return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n);
};

const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));

const readV6 = (text: string): bigint | undefined => {
	const [head = '', tail, ...more] = text.split('::');
	const [before, after] = [groups(head), groups(tail ?? '')];
	const missing = 8 - before.length - after.length;
	if (more.length > 0 || (tail === undefined ? missing !== 0 : missing < 1)) return undefined;
	const all = [...before, ...Array<string>(missing).fill('0'), ...after];
	if (!all.every(group => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
	return all.reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n);
};

const read = (text: string): Address | undefined => {
	const four = readV4(text);
	const value = four ?? readV6(text);
	return value === undefined ? undefined : {value, bits: four === undefined ? 128 : 32};
};

/** @throws Failure */
export const readAddress = (text: string): Address => {
	const address = read(text);
	if (address) return address;
	throw new Failure(`${quoted(text)} is not an IP address`);
};

/** RFC 5952: the longest run of zeros, if longer than one, is left out. */
const formatV6 = (value: bigint): string => {
	const text = Array.from({length: 8}, (_, index) => ((value >> BigInt(16 * (7 - index))) & 0xffffn).toString(16));
	const runs = text.join(':').match(/\b0(?::0)+\b/g) ?? [];
	const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), '');
	return longest === '' ? text.join(':') : text.join(':').replace(new RegExp(`(^|:)${longest}(:|$)`), '::');
};

export const formatAddress = ({value, bits}: Address): string =>
	bits === 128 ? formatV6(value) : [24n, 16n, 8n, 0n].map(shift => ((value >> shift) & 0xffn).toString()).join('.');

export const formatSubnet = ({base, prefix, bits}: Subnet): string => `${formatAddress({value: base, bits})}/${prefix}`;

const size = ({prefix, bits}: Subnet): bigint => 1n << BigInt(bits - prefix);

/** @throws Failure for one that is none, or whose address has bits beyond the prefix: the mistake would be anyone's guess */
export const parseSubnet = (text: string): Subnet => {
	const [, head = '', digits = ''] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
	const address = read(head);
	const prefix = Number(digits);
	if (!address || digits === '' || prefix > address.bits)
		throw new Failure(`${quoted(text)} is not a subnet, such as 10.1.0.0/16 or fd00:1::/64`);
	const subnet = {base: address.value, prefix, bits: address.bits};
	if (address.value % size(subnet) !== 0n)
		throw new Failure(`${quoted(text)} is not a subnet: ${head} lies inside of it, not at its start`);
	return subnet;
};

export const contains = (subnet: Subnet, {value, bits}: Address): boolean =>
	bits === subnet.bits && value >= subnet.base && value < subnet.base + size(subnet);

export const overlap = (one: Subnet, other: Subnet): boolean =>
	one.bits === other.bits && one.base < other.base + size(other) && other.base < one.base + size(one);

/** @returns undefined where there is no such one, or it is the last of an IPv4 subnet, which is everybody's */
export const nth = (subnet: Subnet, index: bigint): Address | undefined => {
	const last = size(subnet) - (subnet.bits === 32 ? 1n : 0n);
	return index < last ? {value: subnet.base + index, bits: subnet.bits} : undefined;
};
