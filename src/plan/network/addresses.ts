/** Which subnets and addresses are free: functions of those that are taken. */
import {
	type Address,
	contains,
	formatAddress,
	formatSubnet,
	nth,
	overlap,
	parseSubnet,
	readAddress,
} from '../../parse/subnet.js';
import {Failure} from '../../spec/failure.js';

/** 64 bits of FNV-1a, as hex digits. Names are told apart by it, nothing is kept from anyone. */
export const hash = (text: string): string => {
	let sum = 0xcbf29ce484222325n;
	for (const byte of new TextEncoder().encode(text))
		sum = ((sum ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
	return sum.toString(16).padStart(16, '0');
};

const range = (from: number, to: number) => Array.from({length: to - from + 1}, (_, index) => from + index);

/** Not docker's first choice (172.17) nor podman's (10.88), so that whoever comes second has no need to look. */
const candidates = (): string[] => [
	...range(144, 191).map(n => `10.${n}.0.0/16`),
	...range(18, 31).map(n => `172.${n}.0.0/16`),
	...range(100, 199).map(n => `192.168.${n}.0/24`),
];

/** RFC 4193: a prefix that nobody else has, by chance. */
const ownPrefix = (seed: string): string => {
	const digits = hash(seed).slice(0, 14);
	const groups = [`fd${digits.slice(0, 2)}`, digits.slice(2, 6), digits.slice(6, 10), digits.slice(10, 14)];
	return formatSubnet({base: readAddress(`${groups.join(':')}::`).value, prefix: 64, bits: 128});
};

/**
 * @param taken subnets of the host's routes and of other networks
 * @throws Failure
 */
export const chooseSubnet = (taken: readonly string[]): string => {
	const others = taken.map(parseSubnet);
	const free = candidates().find(text => !others.some(other => overlap(parseSubnet(text), other)));
	if (free) return free;
	throw new Failure('no subnet is left that no route of this host leads to', {hint: 'choose one with --subnet'});
};

export const chooseSubnet6 = (seed: string, taken: readonly string[]): string => {
	const others = taken.map(parseSubnet);
	for (let attempt = 0; ; attempt++) {
		const text = ownPrefix(`${seed} ${attempt}`);
		if (!others.some(other => overlap(parseSubnet(text), other))) return text;
	}
};

/** The first address of a subnet. */
export const gatewayOf = (subnet: string): string => formatAddress(nth(parseSubnet(subnet), 1n) as Address);

/** As many as a search may look at. */
const MOST = 1n << 16n;

/**
 * The first that is free.
 *
 * @param taken addresses, as text
 * @throws Failure where there is none
 */
export const chooseAddress = (network: string, subnet: string, gateway: string, taken: ReadonlySet<string>): string => {
	const parsed = parseSubnet(subnet);
	for (let index = 1n; index < MOST; index++) {
		const address = nth(parsed, index);
		if (!address) break;
		const text = formatAddress(address);
		if (text !== gateway && !taken.has(text)) return text;
	}
	throw new Failure(`network ${network} has no free address left: ${subnet} is full`);
};

/** @throws Failure for an address that a container cannot have there */
export const checkAddress = (network: string, subnet: string, gateway: string, text: string): string => {
	const address = readAddress(text);
	const parsed = parseSubnet(subnet);
	const {base} = parsed;
	const isLast = parsed.bits === 32 && !nth(parsed, address.value - base);
	if (!contains(parsed, address))
		throw new Failure(`--ip ${text} is not in ${subnet}, the subnet of network ${network}`);
	const own = formatAddress(address);
	if (address.value === base || isLast || own === gateway)
		throw new Failure(`--ip ${text}: no container can have this address of network ${network}`);
	return own;
};

/** Of the address, so that neighbours who remember the one need not forget the other: locally administered, unicast. */
export const macOf = (address: string): string => {
	const digits = readAddress(address).value.toString(16).padStart(8, '0').slice(-8);
	return ['02', '6d', ...(digits.match(/../g) ?? [])].join(':');
};
