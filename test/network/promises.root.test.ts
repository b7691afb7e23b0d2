import type {ExecutionContext} from 'ava';
import {chains} from '../../src/plan/network/ruleset.js';
import type {Box} from '../helpers/box.js';
import {HOST, type Lab, labTest, OUTSIDE} from '../helpers/lab.js';
import {payload, slowness} from '../helpers/project.js';

/** A container that serves on its port 80, and where it is. */
interface Server {
	pid: number;
	address: string;
	address6: string;
	gateway: string;
	bridge: string;
}

/** `web` and `near` are on one network, `far` on another, `vault` on one that is internal. */
interface Scene {
	lab: Lab;
	servers: Record<'web' | 'near' | 'far' | 'vault', Server>;
}

type Who = keyof Scene['servers'] | 'host' | 'outside';

const enter = ({lab, servers}: Scene, who: Who): string[] =>
	who === 'host' || who === 'outside' ? lab.at(who) : ['nsenter', `--net=/proc/${servers[who].pid}/ns/net`, '--'];

/** With the host's programs and root's rights: what a container might do at worst. */
const within = ({lab}: Scene, at: string[], ...command: string[]) => lab.call('host', [...at, ...command]);
const shell = (scene: Scene, who: Who, script: string) => within(scene, enter(scene, who), 'sh', '-c', script);

/** Whether there is an answer. What should come is waited for long, what should not only shortly. */
type Probe = (scene: Scene, seconds: number) => Promise<boolean>;
type Named = string | ((scene: Scene) => string);

const asks =
	(who: Who, host: Named, port: number): Probe =>
	async (scene, seconds) => {
		const name = typeof host === 'string' ? host : host(scene);
		const words = ['timeout', String(seconds * slowness), payload('net'), 'ask', 'tcp', name, String(port), 'hello'];
		return (await within(scene, enter(scene, who), ...words)).stdout.endsWith('hello');
	};

const web: Named = ({servers}) => servers.web.address;

interface Promised {
	/** How it is seen. */
	probe: Probe;
	/** What is seen while it is kept. */
	kept: boolean;
}

const reached = (probe: Probe): Promised => ({probe, kept: true});
const unreached = (probe: Probe): Promised => ({probe, kept: false});

/** How many packets from an address that nobody has come to the outside. */
const forged: Probe = async scene => {
	const {gateway} = scene.servers.near;
	await shell(
		scene,
		'near',
		`ip address replace 198.51.100.7/32 dev eth0; ip route replace 192.0.2.2 via ${gateway} dev eth0 src 198.51.100.7
			timeout 1 ${payload('net')} ask udp 192.0.2.2 7999 hello; ip route del 192.0.2.2`,
	);
	const {stdout} = await shell(scene, 'outside', 'nft list chain inet seen input');
	await shell(
		scene,
		'outside',
		'nft reset counters; nft flush chain inet seen input; nft add rule inet seen input ip saddr 198.51.100.7 counter',
	);
	return !stdout.includes('packets 0 ');
};

const promises: Readonly<Record<string, Promised>> = {
	'the host’s 127.0.0.1 is the host’s alone': unreached(asks('far', '127.0.0.9', 7009)),
	'a container speaks for nobody else': unreached(forged),
	'a published port is reached from outside': reached(asks('outside', HOST.four, 8080)),
	'a published port is reached from the host itself': reached(asks('host', HOST.four, 8080)),
	'a port is published at one address': reached(asks('outside', HOST.four, 8081)),
	'a port is published at every address': reached(asks('outside', HOST.four, 8080)),
	'a port is published at one IPv6 address': reached(asks('outside', HOST.six, 8082)),
	'a port is published at every IPv6 address': reached(asks('outside', HOST.six, 8080)),
	'a container reaches out': reached(asks('near', OUTSIDE.four, 7000)),
	'a container reaches out by IPv6': reached(asks('web', OUTSIDE.six, 7000)),
	'a published port is reached from 127.0.0.1': reached(asks('host', '127.0.0.1', 8080)),
	'a container reaches the ports that its neighbours, and it itself, have published': reached(
		asks('web', HOST.four, 8080),
	),
	'the same by IPv6': reached(asks('web', HOST.six, 8080)),
	'answers come through': reached(asks('web', OUTSIDE.four, 7000)),
	'neighbours reach each other where bridges are filtered': reached(asks('near', web, 80)),
	'an internal network has no way out': unreached(asks('vault', OUTSIDE.four, 7000)),
	'a published port is let through': reached(asks('outside', HOST.four, 8080)),
	'nothing but published ports is reached from elsewhere': unreached(asks('outside', web, 80)),
	'an internal network does not reach the host': unreached(asks('vault', ({servers}) => servers.vault.gateway, 7010)),
};

async function serve(t: ExecutionContext, box: Box, ...flags: string[]): Promise<Server> {
	const script = '/bin/net serve tcp 0.0.0.0 80 & /bin/net serve tcp :: 80 & wait';
	const id = await box.detached(t, flags, script);
	await box.says(id, /ready 80[\s\S]*ready 80/);
	const {state, network} = await box.inspect(t, id);
	const {address, address6 = '', gateway, bridge} = network.networks[0];
	return {pid: state.pid, address, address6, gateway, bridge};
}

async function set(t: ExecutionContext, lab: Lab, box: Box): Promise<Scene> {
	await box.ok(t, 'network', 'create', '--ipv6', 'one');
	await box.ok(t, 'network', 'create', 'two');
	await box.ok(t, 'network', 'create', '--internal', 'inner');
	const at = (spec: string) => ['-p', spec];
	const ports = [...at('8080:80'), ...at(`${HOST.four}:8081:80`), ...at(`[${HOST.six}]:8082:80`)];
	const servers = {
		web: await serve(t, box, '--network', 'one', ...ports),
		near: await serve(t, box, '--network', 'one'),
		far: await serve(t, box, '--network', 'two'),
		vault: await serve(t, box, '--network', 'inner'),
	};
	const scene = {lab, servers};
	for (const [side, address, port] of [
		['outside', '0.0.0.0', 7000],
		['outside', '::', 7000],
		['host', '127.0.0.9', 7009],
		['host', '0.0.0.0', 7010],
	] as const) {
		await lab.serve(side, 'tcp', address, port);
	}

	// What who breaks in might do: take the way to 127.0.0.9 through the bridge, and out of a network that has none.
	await shell(
		scene,
		'far',
		`echo 1 >/proc/sys/net/ipv4/conf/eth0/route_localnet; ip route del local 127.0.0.0/8 dev lo table local
		ip route add 127.0.0.9 via ${servers.far.gateway} dev eth0 src ${servers.far.address}`,
	);
	await shell(scene, 'vault', `ip route add default via ${servers.vault.gateway}`);
	await shell(
		scene,
		'outside',
		`ip route add ${servers.web.address} via ${HOST.four}
		nft add table inet seen; nft 'add chain inet seen input { type filter hook input priority 0; }'
		nft add rule inet seen input ip saddr 198.51.100.7 counter`,
	);
	return scene;
}

/** Takes one rule out, and puts it back. */
async function without(
	lab: Lab,
	table: string,
	chain: string,
	index: number,
	action: () => Promise<void>,
): Promise<void> {
	const rules = chains.find(({name}) => name === chain)?.rules ?? [];
	const write = (kept: typeof rules) =>
		lab.run(
			...(['host', 'nft'] as const),
			[`flush chain inet ${table} ${chain}`, ...kept.map(({rule}) => `add rule inet ${table} ${chain} ${rule}`)].join(
				'; ',
			),
		);
	write(rules.filter((_, other) => other !== index));
	try {
		await action();
	} finally {
		write(rules);
	}
}

/** Where the kernel's bridges ask nobody, neighbours reach each other without a rule. */
const isFiltered = (lab: Lab): boolean => {
	try {
		lab.run('host', 'sh', '-c', 'echo 1 >/proc/sys/net/bridge/bridge-nf-call-iptables');
		return true;
	} catch {
		return false;
	}
};

labTest(
	'each promise is kept, and by its rule',
	async (t, lab, box) => {
		const scene = await set(t, lab, box);
		const table = /table inet (minicontainer\S*)/.exec(lab.run('host', 'nft', 'list', 'tables'))?.[1] ?? '';
		const all = chains.flatMap(({name, rules}) => rules.map(({promise}, index) => ({name, promise, index})));
		t.deepEqual(Object.keys(promises).sort(), all.map(({promise}) => promise).sort(), 'a probe for each rule');
		const filtered = isFiltered(lab);
		for (const {name, promise, index} of all.filter(({promise}) => filtered || !promise.startsWith('neighbours'))) {
			const {probe, kept} = promises[promise] as Promised;
			t.is(await probe(scene, kept ? 15 : 1), kept, `kept: ${promise}`);
			await without(lab, table, name, index, async () => {
				t.is(await probe(scene, kept ? 1 : 15), !kept, `broken without its rule: ${promise}`);
			});
		}
	},
	{patience: 150_000},
);
