/** What the kernel says of its network: of the network namespace that we are in. */
import {existsSync} from 'node:fs';
import {readText} from '../read.js';

interface Route {
	link: string;
	/** `10.1.0.0/16` */
	subnet: string;
}

/** Of a word as the kernel keeps it, in the order of a little-endian machine; all that we run on are. */
const fourOf = (hex: string): string =>
	(hex.match(/../g) ?? [])
		.reverse()
		.map(byte => parseInt(byte, 16))
		.join('.');
const ones = (hex: string): number => [...parseInt(hex, 16).toString(2)].filter(bit => bit === '1').length;

/** Subnets that a route leads to, the default's apart. */
function fourRoutes(): Route[] {
	const lines = readText('/proc/self/net/route').split('\n').slice(1).filter(Boolean);
	const routes = lines.map(line => line.split('\t'));
	return routes.map(([link = '', destination = '', , , , , , mask = '']) => ({
		link,
		subnet: `${fourOf(destination)}/${ones(mask)}`,
	}));
}

function sixRoutes(): Route[] {
	const lines = readText('/proc/self/net/ipv6_route').split('\n').filter(Boolean);
	return lines.map(line => {
		const words = line.split(/\s+/);
		const groups = words[0]?.match(/.{4}/g) ?? [];
		return {link: words.at(-1) ?? '', subnet: `${groups.join(':')}/${parseInt(words[1] ?? '0', 16)}`};
	});
}

/** Loopback's and link-local ones are no subnet of anybody's. */
const isOfSomebody = ({link, subnet}: Route): boolean =>
	link !== 'lo' && !subnet.endsWith('/0') && !/^(fe80|ff00):/.test(subnet);

export const routes = (): Route[] => [...fourRoutes(), ...sixRoutes()].filter(isOfSomebody);

const isOn = (name: string): boolean => readText(`/proc/sys/net/${name}`).trim() === '1';

export const forwarding = () => ({ipv4: isOn('ipv4/ip_forward'), ipv6: isOn('ipv6/conf/all/forwarding')});

export const hasIpv6 = (): boolean => existsSync('/proc/sys/net/ipv6');

/** Links that bridge or route for somebody else: who made them needs forwarding, too. */
export function othersForward(ip: string, ours: readonly string[]): boolean {
	const {spawnSync} = process.getBuiltinModule('node:child_process');
	const {stdout} = spawnSync(ip, ['-o', 'link', 'show', 'type', 'bridge'], {encoding: 'utf8', env: {}});
	const links = stdout.split('\n').flatMap(line => /^\d+: ([^:@]+)/.exec(line)?.[1] ?? []);
	return links.some(link => !ours.includes(link));
}

/** TCP_LISTEN, and of UDP what is bound: the second word is `ADDRESS:PORT` in hex digits, the fourth the state. */
const tables: Readonly<Record<string, readonly [file: string, state: string][]>> = {
	tcp: [
		['tcp', '0A'],
		['tcp6', '0A'],
	],
	udp: [
		['udp', '07'],
		['udp6', '07'],
	],
};

/** @returns numbers of ports on which a program of the host's listens: `PORT` for any address, or `PORT@ADDRESS` in hex */
export function listening(protocol: 'tcp' | 'udp'): Set<string> {
	const found = (tables[protocol] ?? []).flatMap(([file, state]) =>
		readText(`/proc/self/net/${file}`)
			.split('\n')
			.map(line => line.trim().split(/\s+/))
			.filter(words => words[3] === state)
			.map(words => (words[1] ?? ':').split(':')),
	);
	return new Set(
		found.map(([address = '', port = '']) =>
			/^0+$/.test(address) ? String(parseInt(port, 16)) : `${parseInt(port, 16)}@${addressOf(address)}`,
		),
	);
}

const addressOf = (hex: string): string =>
	hex.length === 8
		? fourOf(hex)
		: (hex.match(/.{8}/g) ?? []).map(word => (word.match(/../g) ?? []).reverse().join('')).join('');
