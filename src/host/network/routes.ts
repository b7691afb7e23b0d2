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
