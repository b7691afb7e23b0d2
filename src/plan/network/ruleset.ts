/**
 * Our table of nftables(8): every rule there is, once, whatever the number of containers. What differs between them are
 * elements of its sets and maps, so that a port is one element, and to publish it one small transaction.
 *
 * Said twice it is the same: what is there is emptied first, in the same transaction. Nothing outside of it is touched.
 */
import type {NetworkFact, PublishedPort} from '../../spec/networkFacts.js';

/** One rule, and what is no longer so without it: test/network takes each out and sees. */
interface Rule {
	rule: string;
	promise: string;
}

interface Chain {
	name: string;
	/** Absent for one that others jump to. */
	hook?: string;
	rules: readonly Rule[];
}

const sets: readonly string[] = [
	'set bridges { type ifname; }',
	'set same { type ifname . ifname; }',
	'set internal { type ifname; }',
	'set subnets4 { type ipv4_addr; flags interval; }',
	'set subnets6 { type ipv6_addr; flags interval; }',
	'map ports4 { type inet_proto . inet_service : ipv4_addr . inet_service; }',
	'map ports6 { type inet_proto . inet_service : ipv6_addr . inet_service; }',
	'map ports4at { type ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service; }',
	'map ports6at { type ipv6_addr . inet_proto . inet_service : ipv6_addr . inet_service; }',
];

export const chains: readonly Chain[] = [
	{
		name: 'early',
		hook: 'type filter hook prerouting priority raw',
		rules: [
			{rule: 'iifname @bridges ip daddr 127.0.0.0/8 drop', promise: 'the host’s 127.0.0.1 is the host’s alone'},
			{
				rule: 'iifname @bridges meta nfproto ipv4 fib saddr . iif oif missing drop',
				promise: 'a container speaks for nobody else',
			},
		],
	},
	{
		name: 'incoming',
		hook: 'type nat hook prerouting priority dstnat',
		rules: [{rule: 'fib daddr type local jump published', promise: 'a published port is reached from outside'}],
	},
	{
		name: 'own',
		hook: 'type nat hook output priority -100',
		rules: [{rule: 'fib daddr type local jump published', promise: 'a published port is reached from the host itself'}],
	},
	{
		name: 'published',
		rules: [
			{
				rule: 'dnat ip to ip daddr . meta l4proto . th dport map @ports4at',
				promise: 'a port is published at one address',
			},
			{rule: 'dnat ip to meta l4proto . th dport map @ports4', promise: 'a port is published at every address'},
			{
				rule: 'dnat ip6 to ip6 daddr . meta l4proto . th dport map @ports6at',
				promise: 'a port is published at one IPv6 address',
			},
			{
				// No way leads from ::1 to elsewhere, as one does from 127.0.0.1: who asks there hears at once that nobody is.
				rule: 'ip6 daddr != ::1 dnat ip6 to meta l4proto . th dport map @ports6',
				promise: 'a port is published at every IPv6 address',
			},
		],
	},
	{
		name: 'leaving',
		hook: 'type nat hook postrouting priority srcnat',
		rules: [
			{rule: 'ip saddr @subnets4 oifname != @bridges masquerade', promise: 'a container reaches out'},
			{rule: 'ip6 saddr @subnets6 oifname != @bridges masquerade', promise: 'a container reaches out by IPv6'},
			{rule: 'ip saddr 127.0.0.0/8 oifname @bridges masquerade', promise: 'a published port is reached from 127.0.0.1'},
			{
				rule: 'ip saddr @subnets4 oifname @bridges ct status dnat masquerade',
				promise: 'a container reaches the ports that its neighbours, and it itself, have published',
			},
			{
				rule: 'ip6 saddr @subnets6 oifname @bridges ct status dnat masquerade',
				promise: 'the same by IPv6',
			},
		],
	},
	{
		name: 'forward',
		hook: 'type filter hook forward priority filter',
		rules: [
			{rule: 'ct state established,related accept', promise: 'answers come through'},
			{rule: 'iifname . oifname @same accept', promise: 'neighbours reach each other where bridges are filtered'},
			{rule: 'iifname @internal drop', promise: 'an internal network has no way out'},
			{rule: 'ct status dnat accept', promise: 'a published port is let through'},
			{rule: 'oifname @bridges drop', promise: 'nothing but published ports is reached from elsewhere'},
		],
	},
	{
		name: 'input',
		hook: 'type filter hook input priority filter',
		rules: [
			{
				rule: 'iifname @internal ct state new meta l4proto { tcp, udp } drop',
				promise: 'an internal network does not reach the host',
			},
		],
	},
];

const chainText = (table: string, {name, hook, rules}: Chain): string[] => [
	`add chain inet ${table} ${name}${hook === undefined ? '' : ` { ${hook}; policy accept; }`}`,
	`flush chain inet ${table} ${name}`,
	...rules.map(({rule}) => `add rule inet ${table} ${name} ${rule}`),
];

/** What is jumped to must be there first. */
const inOrder = [...chains].sort((one, other) => Number(one.hook !== undefined) - Number(other.hook !== undefined));

export const planTable = (table: string): string[] => [
	`add table inet ${table}`,
	...sets.map(text => text.replace(/^(set|map)/, `add $1 inet ${table}`)),
	...inOrder.flatMap(chain => chainText(table, chain)),
];

interface Element {
	set: string;
	/** Without its value, in a map. */
	key: string;
	value?: string;
}

/** What belongs to a network, as long as it has containers. */
export const networkElements = ({
	bridge,
	subnet,
	subnet6,
	internal,
}: Omit<NetworkFact, 'address' | 'mac' | 'present'>): Element[] => [
	{set: 'bridges', key: `"${bridge}"`},
	{set: 'same', key: `"${bridge}" . "${bridge}"`},
	{set: 'subnets4', key: subnet},
	...(subnet6 === undefined ? [] : [{set: 'subnets6', key: subnet6}]),
	...(internal ? [{set: 'internal', key: `"${bridge}"`}] : []),
];

/** A port at all addresses is one at those of both kinds, where the container has both. */
export const portElements = ({address, address6}: NetworkFact, ports: readonly PublishedPort[]): Element[] =>
	ports.flatMap(({protocol, port, hostPort, address: at}) => {
		const to = [
			...(at?.includes(':') ? [] : [{kind: 'ports4', value: `${address} . ${port}`}]),
			...(address6 === undefined || (at !== undefined && !at.includes(':'))
				? []
				: [{kind: 'ports6', value: `${address6} . ${port}`}]),
		];
		return to.map(({kind, value}) => ({
			set: at === undefined ? kind : `${kind}at`,
			key: `${at === undefined ? '' : `${at} . `}${protocol} . ${hostPort}`,
			value,
		}));
	});

export const addElements = (table: string, elements: readonly Element[]): string[] =>
	elements.map(
		({set, key, value}) => `add element inet ${table} ${set} { ${key}${value === undefined ? '' : ` : ${value}`} }`,
	);

export const deleteElements = (table: string, elements: readonly Element[]): string[] =>
	elements.map(({set, key}) => `delete element inet ${table} ${set} { ${key} }`);
