/** Networks as such: made, looked at, removed. A network has a link on the host only while containers are on it. */
import {alone} from '../host/network/leases.js';
import {
	countEntries,
	leasesDir,
	members,
	mustExist,
	networkDir,
	networkNames,
	readNetwork,
	writeNetwork,
} from '../host/network/places.js';
import {stateDirectory} from '../host/paths.js';
import {removeTree} from '../host/tree.js';
import {formatAddress, overlap, parseSubnet, readAddress} from '../parse/subnet.js';
import {checkAddress, chooseSubnet, chooseSubnet6, gatewayOf} from '../plan/network/addresses.js';
import {Failure} from '../spec/failure.js';
import type {NetworkDefinition} from '../spec/networkFacts.js';
import {known} from './lookup.js';
import {bridgeOf, DEFAULT_NETWORK, takenSubnets, tidyNetworks} from './network.js';

export interface NetworkRequest {
	name: string;
	/** One of each kind at most; IPv4's is chosen where none is given. */
	subnets: readonly string[];
	gateway?: string | undefined;
	ipv6: boolean;
	internal: boolean;
	labels: Readonly<Record<string, string>>;
}

/** Names that `--network` takes for something else. */
const RESERVED = ['none', 'host', 'pasta', 'slirp4netns', 'container', 'ns'];

/** @throws Failure */
export async function createNetwork(root: string | undefined, request: NetworkRequest): Promise<void> {
	if (process.geteuid?.() !== 0) {
		throw new Failure('only root can have a bridge', {hint: 'without root there is --network pasta'});
	}

	const at = stateDirectory(root);
	if (RESERVED.includes(request.name)) {
		throw new Failure(`a network cannot be called ${request.name}: that means something else to --network`);
	}

	// Two at the same time must not choose the same subnet.
	const made = await alone(at, () => writeNetwork(at, plan(at, request)));
	if (!made) {
		throw new Failure(`there is a network ${request.name} already`);
	}
}

function plan(at: string, {name, subnets, gateway, ipv6, internal, labels}: NetworkRequest): NetworkDefinition {
	const taken = takenSubnets(at);
	const given = subnets.map(parseSubnet);
	for (const one of given) {
		const rival = taken.find(text => overlap(parseSubnet(text), one));
		if (rival !== undefined) {
			throw new Failure(`the subnet overlaps with ${rival}, which a route of this host or another network has`);
		}
	}

	const ofKind = (bits: 32 | 128) => subnets[given.findIndex(one => one.bits === bits)];
	const subnet = ofKind(32) ?? chooseSubnet(taken);
	const subnet6 = ofKind(128) ?? (ipv6 ? chooseSubnet6(`${at} ${name}`, taken) : undefined);
	const own =
		gateway === undefined ? gatewayOf(subnet) : checkAddress(name, subnet, '', formatAddress(readAddress(gateway)));
	return {
		...{name, bridge: bridgeOf(at, name), subnet, gateway: own},
		...(subnet6 !== undefined && {subnet6, gateway6: gatewayOf(subnet6)}),
		...{internal, labels},
	};
}

/** A network and who is on it. */
export interface KnownNetwork extends NetworkDefinition {
	containers: {id: string; name: string; addresses: string[]}[];
}

const describe = (at: string, network: NetworkDefinition): KnownNetwork => ({
	...network,
	containers: members(at, network.name).map(({id, addresses}) => ({id, name: known(at, id).name, addresses})),
});

export function listNetworks(root: string | undefined): KnownNetwork[] {
	const at = stateDirectory(root);
	return networkNames(at)
		.sort()
		.flatMap(name => readNetwork(at, name) ?? [])
		.map(network => describe(at, network));
}

export function inspectNetwork(root: string | undefined, name: string): KnownNetwork {
	const at = stateDirectory(root);
	return describe(at, mustExist(at, name));
}

/** @throws Failure while containers are on it */
export async function removeNetwork(root: string | undefined, name: string): Promise<void> {
	const at = stateDirectory(root);
	await tidyNetworks(at);
	const network = mustExist(at, name);
	if (network.implicit) {
		throw new Failure(`network ${name} goes with the last of its containers, by itself`);
	}

	await alone(at, () => {
		const [first] = members(at, name);
		if (first) {
			const others = countEntries(leasesDir(at, name)) > 1 ? ' and others' : '';
			throw new Failure(`network ${name} is in use by container ${first.id.slice(0, 12)}${others}`);
		}

		removeTree(networkDir(at, name));
	});
	await tidyNetworks(at);
}

/** Removes those on which there is nobody. @returns their names */
export async function pruneNetworks(root: string | undefined): Promise<string[]> {
	const at = stateDirectory(root);
	const names = listNetworks(root).flatMap(({name, containers, implicit}) =>
		containers.length > 0 || implicit ? [] : [name],
	);
	for (const name of names) {
		await removeNetwork(root, name);
	}

	await tidyNetworks(at);
	return names;
}

export {DEFAULT_NETWORK};
