/** From wishes and facts to the texts that ip and nft get. */
import test from 'ava';
import {
	checkAddress,
	chooseAddress,
	chooseSubnet,
	chooseSubnet6,
	gatewayOf,
	macOf,
} from '../../src/plan/network/addresses.js';
import {planBridges} from '../../src/plan/network/bridge.js';
import {planTeardown} from '../../src/plan/network/teardown.js';
import type {BridgeFacts, NetworkFact} from '../../src/spec/networkFacts.js';

const tools = {ip: '/sbin/ip', nft: '/usr/sbin/nft', tee: '/usr/bin/tee'};
const first: NetworkFact = {
	...{name: 'bridge', bridge: 'minicontainer0', subnet: '10.144.0.0/16', gateway: '10.144.0.1', internal: false},
	...{address: '10.144.0.2', mac: '02:6d:0a:90:00:02', present: true},
};
const base: BridgeFacts = {
	...{table: 'minicontainer', networks: [first], ports: [], tools, link: '0123456789a', ipv6: true},
	forwarding: {ipv4: true, ipv6: false},
};

/** A line for each program: its last name and arguments, where and how, and its input. */
const shown = (facts: BridgeFacts, list: 'attach' | 'detach' = 'attach') =>
	(planBridges(facts)[list] ?? []).map(program => {
		const {args, input = ''} = program;
		const how = ['inside', 'optional', 'meanwhile'].filter(key => key in program);
		const words = args
			.join(' ')
			.replaceAll(/\/proc\/sys\/net\//g, '')
			.replace(/^\S+\//, '');
		return [words, ...how.map(word => `(${word})`), ...input.trimEnd().split('\n')].join('\n');
	});

const elements = [
	'add element inet minicontainer bridges { "minicontainer0" }',
	'add element inet minicontainer same { "minicontainer0" . "minicontainer0" }',
	'add element inet minicontainer subnets4 { 10.144.0.0/16 }',
];
const noAdvertisements = 'tee ipv6/conf/all/accept_ra ipv6/conf/default/accept_ra\n(inside)\n0';
const link = [
	'ip -batch -',
	'link add mc0123456789a0 up master minicontainer0 type veth peer name eth0 address 02:6d:0a:90:00:02 netns /proc/self/fd/3',
	'link set mc0123456789a0 type bridge_slave hairpin on',
];
const inside = [
	'ip -batch -',
	'(inside)',
	'link set eth0 up',
	'address add 10.144.0.2/16 dev eth0',
	'route add default via 10.144.0.1',
];

test('where all is there: one small text for nft, two for ip', t => {
	t.deepEqual(shown(base), [
		['nft -f -', '(meanwhile)', ...elements].join('\n'),
		noAdvertisements,
		link.join('\n'),
		inside.join('\n'),
	]);
	t.deepEqual(shown(base, 'detach'), []);
	t.is(planBridges(base).attach[0]?.otherwise?.endsWith(`${elements.join('\n')}\n`), true);
});

test('the first container brings the bridge', t => {
	const facts = {...base, networks: [{...first, present: false}], forwarding: {ipv4: false, ipv6: false}};
	t.deepEqual(shown(facts).slice(1), [
		'ip link add minicontainer0 address 02:6d:0a:90:00:01 type bridge\n(optional)\n',
		'tee ipv4/ip_forward ipv4/conf/minicontainer0/route_localnet ipv6/conf/minicontainer0/disable_ipv6\n1',
		'tee ipv6/conf/minicontainer0/accept_ra\n0',
		noAdvertisements,
		[
			'ip -batch -',
			'address replace 10.144.0.1/16 dev minicontainer0',
			'link set minicontainer0 up',
			...link.slice(1),
		].join('\n'),
		inside.join('\n'),
	]);
});

test('without IPv6 in the kernel none of its settings is touched', t => {
	const facts = {...base, ipv6: false, networks: [{...first, present: false}]};
	t.false(JSON.stringify(planBridges(facts)).includes('/proc/sys/net/ipv6'));
});

const six = {...first, subnet6: 'fd00:1::/64', gateway6: 'fd00:1::1', address6: 'fd00:1::2'};
const ports: [title: string, network: NetworkFact, port: BridgeFacts['ports'][number], add: string[]][] = [
	['a port', first, {protocol: 'tcp', port: 80, hostPort: 8080}, ['ports4 { tcp . 8080 : 10.144.0.2 . 80 }']],
	['of udp', first, {protocol: 'udp', port: 53, hostPort: 5353}, ['ports4 { udp . 5353 : 10.144.0.2 . 53 }']],
	[
		'at one address',
		six,
		{protocol: 'tcp', port: 80, hostPort: 8080, address: '127.0.0.1'},
		['ports4at { 127.0.0.1 . tcp . 8080 : 10.144.0.2 . 80 }'],
	],
	[
		'with both kinds of addresses',
		six,
		{protocol: 'tcp', port: 80, hostPort: 8080},
		['ports4 { tcp . 8080 : 10.144.0.2 . 80 }', 'ports6 { tcp . 8080 : fd00:1::2 . 80 }'],
	],
	[
		'at one IPv6 address',
		six,
		{protocol: 'tcp', port: 80, hostPort: 8080, address: '2001:db8::1'},
		['ports6at { 2001:db8::1 . tcp . 8080 : fd00:1::2 . 80 }'],
	],
];

for (const [title, network, port, add] of ports) {
	test(`published: ${title}`, t => {
		const facts = {...base, networks: [network], ports: [port]};
		const lines = (shown(facts)[0] ?? '').split('\n').filter(line => line.includes('element inet minicontainer ports'));
		t.deepEqual(
			lines,
			add.map(text => `add element inet minicontainer ${text}`),
		);
		const taken = add.map(text => `delete element inet minicontainer ${text.replace(/ : .* \}/, ' }')}`);
		t.deepEqual(shown(facts, 'detach'), [['nft -f -', ...taken].join('\n')]);
	});
}

test('several networks: a link each, and the way out through the first that has one', t => {
	const inner = {
		...first,
		name: 'inner',
		bridge: 'mc-1',
		subnet: '10.145.0.0/16',
		gateway: '10.145.0.1',
		address: '10.145.0.2',
		internal: true,
	};
	const text = shown({...base, networks: [inner, first]}).join('\n');
	t.regex(text, /add element inet minicontainer internal \{ "mc-1" \}/);
	t.regex(
		text,
		/link add mc0123456789a0 up master mc-1 .* name eth0 [\s\S]*link add mc0123456789a1 up master minicontainer0 .* name eth1 /,
	);
	t.deepEqual(text.match(/route add .*/g), ['route add default via 10.144.0.1']);
});

test('what is taken down after the last container', t => {
	const gates = [
		{tool: '/usr/sbin/iptables-nft', chain: 'DOCKER-USER', bridge: 'minicontainer0'},
		{tool: '/x', chain: 'FORWARD', bridge: 'other'},
	];
	const text = (last: boolean) =>
		planTeardown({table: 't', tools, network: first, last, restore: last ? ['ipv4/ip_forward'] : [], gates}).map(
			({args, input = ''}) => [args.join(' '), input].join(' | '),
		);
	t.deepEqual(text(true), [
		'/sbin/ip link delete minicontainer0 | ',
		'/usr/sbin/nft -f - | delete table inet t\n',
		'/usr/sbin/iptables-nft -w -D DOCKER-USER -i minicontainer0 -j ACCEPT | ',
		'/usr/sbin/iptables-nft -w -D DOCKER-USER -o minicontainer0 -j ACCEPT | ',
		'/usr/bin/tee /proc/sys/net/ipv4/ip_forward | 0\n',
	]);
	t.regex(text(false)[1] ?? '', /delete element inet t bridges \{ "minicontainer0" \}\n/);
});

test('subnets keep clear of routes', t => {
	t.is(chooseSubnet([]), '10.144.0.0/16');
	t.is(chooseSubnet(['10.144.3.0/24', '10.145.0.0/16', '172.17.0.0/16']), '10.146.0.0/16');
	t.is(chooseSubnet(['10.0.0.0/8']), '172.18.0.0/16');
	t.is(chooseSubnet(['10.0.0.0/8', '172.16.0.0/12']), '192.168.100.0/24');
	t.throws(() => chooseSubnet(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16']), {message: /no subnet is left/});
	const one = chooseSubnet6('x', []);
	t.regex(one, /^fd[0-9a-f:]+::\/64$/);
	t.not(chooseSubnet6('x', [one]), one);
	t.is(gatewayOf(one), one.replace('/64', '1'));
});

test('addresses: the first that is free, never the network’s own or everybody’s', t => {
	const choose = (taken: string[]) => chooseAddress('n', '10.0.0.0/30', '10.0.0.1', new Set(taken));
	t.is(choose([]), '10.0.0.2');
	t.throws(() => choose(['10.0.0.2']), {message: /network n has no free address left/});
	t.is(chooseAddress('n', '10.0.0.0/24', '10.0.0.254', new Set(['10.0.0.1'])), '10.0.0.2');
	t.is(checkAddress('n', '10.0.0.0/24', '10.0.0.1', '10.0.0.9'), '10.0.0.9');
	for (const bad of ['10.0.1.9', '10.0.0.0', '10.0.0.255', '10.0.0.1', 'fd00::1']) {
		t.throws(() => checkAddress('n', '10.0.0.0/24', '10.0.0.1', bad), {message: /^--ip /}, bad);
	}

	t.is(macOf('10.144.0.2'), '02:6d:0a:90:00:02');
});
