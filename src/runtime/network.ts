/** A container's places on bridged networks: taken before it is planned, given back when it goes. */

import {existsSync} from 'node:fs';
import {randomId} from '../host/facts.js';
import {removeFile} from '../host/files.js';
import {findGates, hasDocker, openGates} from '../host/network/firewall.js';
import {alone, lease, leased, releasePorts, takePort} from '../host/network/leases.js';
import {
	countEntries,
	holderOf,
	isStale,
	leasesDir,
	lockDir,
	mustExist,
	networkDir,
	networkNames,
	networksDir,
	portsDir,
	readNetwork,
	releaseNetworks,
	writeNetwork,
} from '../host/network/places.js';
import {forgetBefore, forgetGates, readBefore, rememberBefore} from '../host/network/record.js';
import {forwarding, hasIpv6, othersForward, routes} from '../host/network/routes.js';
import {bridgeTools} from '../host/network/tools.js';
import {runPrograms} from '../host/programs.js';
import {list, removeDirectory, removeTree} from '../host/tree.js';
import {checkAddress, chooseAddress, chooseSubnet, gatewayOf, hash, macOf} from '../plan/network/addresses.js';
import {planTeardown} from '../plan/network/teardown.js';
import {Failure} from '../spec/failure.js';
import type {
	BridgeFacts,
	NetworkDefinition,
	NetworkFact,
	NetworkWish,
	PublishedPort,
	PublishRequest,
} from '../spec/networkFacts.js';
import {tellNames} from './names.js';

export const DEFAULT_NETWORK = 'bridge';
const DEFAULT_PLACE = '/var/lib/minicontainer';

/** Two state directories know nothing of each other's containers: their links and tables have names of their own. */
const isDefault = (at: string) => at === DEFAULT_PLACE;
export const tableOf = (at: string): string =>
	isDefault(at) ? 'minicontainer' : `minicontainer_${hash(at).slice(0, 10)}`;
export const bridgeOf = (at: string, name: string): string =>
	isDefault(at) && name === DEFAULT_NETWORK ? 'minicontainer0' : `mc-${hash(`${at} ${name}`).slice(0, 10)}`;

/** Subnets that a new one must keep clear of. */
export const takenSubnets = (at: string): string[] => [
	...routes().map(({subnet}) => subnet),
	...networkNames(at).flatMap(name => {
		const {subnet, subnet6} = readNetwork(at, name) ?? {};
		return [subnet, subnet6].filter(text => text !== undefined);
	}),
];

function defaultNetwork(at: string): NetworkDefinition {
	const subnet = chooseSubnet(takenSubnets(at));
	const base = {name: DEFAULT_NETWORK, bridge: bridgeOf(at, DEFAULT_NETWORK), internal: false, implicit: true};
	return {...base, subnet, gateway: gatewayOf(subnet)};
}

const definition = (at: string, name: string): NetworkDefinition =>
	name === DEFAULT_NETWORK ? (readNetwork(at, name) ?? defaultNetwork(at)) : mustExist(at, name);

/** The definition is looked for again and again: the last container may be taking the default network with it. */
async function place(
	at: string,
	id: string,
	name: string,
	wish: Pick<NetworkWish, 'ip' | 'mac'>,
): Promise<NetworkFact> {
	for (;;) {
		const network = definition(at, name);
		if (network.implicit) {
			writeNetwork(at, network);
		}

		const {subnet, gateway, subnet6, gateway6 = ''} = readNetwork(at, name) ?? network;
		const has = leased(at, name, id);
		const four =
			has.find(text => !text.includes(':')) ?? (await lease(at, name, id, takes(name, subnet, gateway, wish.ip)));
		const six =
			subnet6 && (has.find(text => text.includes(':')) ?? (await lease(at, name, id, takes(name, subnet6, gateway6))));
		if (four !== undefined && six !== undefined) {
			return factOf({...network, subnet, gateway}, four, wish.mac, six);
		}

		if (!subnet6 && four !== undefined) {
			return factOf({...network, subnet, gateway}, four, wish.mac);
		}
	}
}

const takes = (name: string, subnet: string, gateway: string, wanted?: string) => (taken: ReadonlySet<string>) => {
	const address =
		wanted === undefined ? chooseAddress(name, subnet, gateway, taken) : checkAddress(name, subnet, gateway, wanted);
	if (taken.has(address)) {
		throw new Failure(`--ip ${address} is taken: another container of network ${name} has it`);
	}

	return address;
};

function factOf(network: NetworkDefinition, address: string, mac = macOf(address), address6?: string): NetworkFact {
	const mine = routes()
		.filter(({link}) => link === network.bridge)
		.map(({subnet}) => subnet);
	const present = mine.includes(network.subnet) && (network.subnet6 === undefined || mine.length > 1);
	return {...network, address, ...(address6 !== undefined && {address6}), mac, present};
}

/**
 * Takes addresses and, for one that is about to start, ports.
 *
 * @throws Failure; what was taken until then is given back by {@link disconnect}
 */
export async function connect(at: string, id: string, wish: NetworkWish, starts: boolean): Promise<BridgeFacts> {
	const tools = bridgeTools();
	const networks: NetworkFact[] = [];
	for (const [index, name] of wish.networks.entries()) {
		networks.push(await place(at, id, name, index === 0 ? wish : {}));
	}

	if (starts) {
		releasePorts(at, id);
	}

	const facts = look(at, tools, networks, starts ? portsOf(at, id, wish, true) : [], starts);
	const {gates = [], ...rest} = facts;
	if (starts && (networks.some(({present}) => !present) || gates.length > 0)) {
		const {ipv4, ipv6} = facts.forwarding;
		const six = networks.some(({subnet6}) => subnet6 !== undefined);
		const settings = [...(ipv4 ? [] : ['ipv4/ip_forward']), ...(ipv6 || !six ? [] : ['ipv6/conf/all/forwarding'])];
		await alone(at, () => {
			rememberBefore(at, {settings, gates});
			openGates(gates);
		});
	}

	return rest;
}

/** As {@link connect} would see it; takes nothing. */
export function preview(at: string, id: string, wish: NetworkWish): BridgeFacts {
	const networks = wish.networks.map((name, index) => {
		const network = definition(at, name);
		const {subnet, gateway, subnet6, gateway6 = ''} = network;
		const taken = new Set(list(leasesDir(at, name)));
		const address = takes(name, subnet, gateway, index === 0 ? wish.ip : undefined)(taken);
		const six = subnet6 === undefined ? undefined : takes(name, subnet6, gateway6)(taken);
		return factOf(network, address, index === 0 ? wish.mac : undefined, six);
	});
	return look(at, bridgeTools(), networks, portsOf(at, id, wish, false), true);
}

function look(
	at: string,
	tools: BridgeFacts['tools'],
	networks: NetworkFact[],
	ports: PublishedPort[],
	starts: boolean,
): BridgeFacts {
	const closed = starts ? closedBridges(at, networks) : [];
	return {
		...{table: tableOf(at), networks, ports, tools},
		link: randomId().slice(0, 11),
		ipv6: hasIpv6(),
		forwarding: forwarding(),
		...(closed.length > 0 && {gates: findGates(tools.nft, closed)}),
	};
}

/** Of which nobody has asked yet whether somebody else's firewall lets them through: a question that takes a process. */
function closedBridges(at: string, networks: readonly NetworkFact[]): string[] {
	const known = readBefore(at)?.gates ?? [];
	const docker = hasDocker(routes().map(({link}) => link));
	return networks
		.filter(({present, bridge}) => !present || (docker && !known.some(gate => gate.bridge === bridge)))
		.map(({bridge}) => bridge);
}

const EPHEMERAL = {first: 32768, last: 60999};

function portsOf(at: string, id: string, wish: NetworkWish, claim: boolean): PublishedPort[] {
	return wish.publish.map(request => takePort(at, id, candidates(request), claim));
}

/** Any port: from somewhere in the middle on, so that two seldom try the same. */
function* candidates({protocol, port, address, hostPorts}: PublishRequest): Generator<PublishedPort> {
	const {first, last} = hostPorts ?? EPHEMERAL;
	const count = last - first + 1;
	const start = hostPorts ? 0 : parseInt(randomId().slice(0, 8), 16) % count;
	for (let index = 0; index < count; index++) {
		yield {protocol, port, hostPort: first + ((start + index) % count), ...(address !== undefined && {address})};
	}
}

/** Gives back what a container has. */
export const disconnect = (at: string, id: string): void => releaseNetworks(at, id);

/** Takes down what no container is on any more; gives back before what is left of containers that were killed. */
export async function tidyNetworks(at: string): Promise<void> {
	if (!existsSync(networksDir(at))) {
		return;
	}

	releaseStale(at);
	await tellNames(at);
	const idle = () => networkNames(at).filter(name => isIdle(at, name));
	if (idle().length > 0 || networkNames(at).length === 0) {
		await alone(at, () => {
			for (const name of idle()) {
				takeDown(at, name);
			}

			removeRest(at);
		});
	}
}

function releaseStale(at: string): void {
	for (const directory of [portsDir(at), ...networkNames(at).map(name => leasesDir(at, name))]) {
		for (const name of list(directory)) {
			if (isStale(at, holderOf(`${directory}/${name}`))) {
				removeFile(`${directory}/${name}`);
			}
		}
	}
}

/** It was up, or about to come up, and nobody is on it. */
const isIdle = (at: string, name: string): boolean =>
	countEntries(leasesDir(at, name)) === 0 && (isUp(at, name) || readNetwork(at, name)?.implicit === true);
const isUp = (at: string, name: string): boolean => existsSync(leasesDir(at, name));

function takeDown(at: string, name: string): void {
	const network = readNetwork(at, name);
	if (!network || !removeDirectory(leasesDir(at, name)) /* somebody has come meanwhile */) {
		return;
	}

	const others = networkNames(at).filter(other => isUp(at, other));
	const last = others.length === 0;
	const {settings = [], gates = []} = readBefore(at) ?? {};
	const tools = bridgeTools();
	const restore = last && settings.length > 0 && !othersForward(tools.ip, [network.bridge]) ? settings : [];
	runPrograms(planTeardown({table: tableOf(at), tools, network, last, restore, gates}));
	forgetGates(at, network.bridge);
	if (last) {
		forgetBefore(at);
	}

	if (network.implicit) {
		removeTree(networkDir(at, name));
	}
}

/** What is empty; the lock goes with it, and who waits for it makes a new one. */
function removeRest(at: string): void {
	removeDirectory(portsDir(at));
	if (networkNames(at).length === 0 && countEntries(portsDir(at)) === 0) {
		removeTree(lockDir(at));
		removeDirectory(networksDir(at));
	}
}
