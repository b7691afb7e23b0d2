/**
 * What there is of networks on disk, below the state directory:
 *
 *   networks/NAME/network.json        what it is
 *   networks/NAME/leases/ADDRESS      → `ID PID STARTTIME BOOT PIDNS`: whose it is, and who gave it to it; a link, since
 *                                     making one is atomic, and fails where there is one
 *   networks/.ports/tcp.8080          → the same, for a port of the host's (`tcp.8080@127.0.0.1` for one at one address)
 *   networks/.lock/                   held by who is the first, or takes down after the last
 *   networks/.host                    settings of the host that were off before there was a network
 *
 * Whoever has an address keeps the bridge: it is taken down by who finds no leases any more, under a lock.
 * While somebody is at that there is no directory for leases, so that nobody gets one.
 */
import {existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync} from 'node:fs';
import {Failure} from '../../spec/failure.js';
import type {NetworkDefinition} from '../../spec/networkFacts.js';
import {removeFile} from '../files.js';
import {isDead, self} from '../owner.js';
import {makePrivate} from '../paths.js';
import {readIfThere, readLink} from '../read.js';
import {errnoOf} from '../reason.js';
import {containerDir} from '../store.js';
import {list} from '../tree.js';

export const networksDir = (at: string) => `${at}/networks`;
export const networkDir = (at: string, name: string) => `${networksDir(at)}/${name}`;
export const leasesDir = (at: string, name: string) => `${networkDir(at, name)}/leases`;
/** Held by who brings the first container to a network, and who takes it down after the last. */
export const lockDir = (at: string) => `${networksDir(at)}/.lock`;
export const portsDir = (at: string) => `${networksDir(at)}/.ports`;
const definitionFile = (at: string, name: string) => `${networkDir(at, name)}/network.json`;

/** Names of all networks. */
export const networkNames = (at: string): string[] => list(networksDir(at)).filter(name => !name.startsWith('.'));

/** @returns undefined where there is none */
export function readNetwork(at: string, name: string): NetworkDefinition | undefined {
	try {
		const network: NetworkDefinition = JSON.parse(readIfThere(definitionFile(at, name)));
		return network.name === name ? network : undefined;
	} catch {
		return undefined;
	}
}

/** @returns false when there is one of this name already */
export function writeNetwork(at: string, network: NetworkDefinition): boolean {
	makePrivate(networksDir(at));
	makePrivate(networkDir(at, network.name));
	try {
		writeFileSync(definitionFile(at, network.name), JSON.stringify(network), {flag: 'wx', mode: 0o600});
		return true;
	} catch (cause) {
		if (errnoOf(cause) !== 'EEXIST') {
			throw cause;
		}

		return false;
	}
}

/** Takes what a link stands for. @returns false where it is somebody's; ENOENT is thrown where there is no place for it */
export function take(place: string, id: string): boolean {
	try {
		symlinkSync(`${id} ${self()}`, place);
		return true;
	} catch (cause) {
		if (errnoOf(cause) !== 'EEXIST') {
			throw cause;
		}

		return false;
	}
}

export interface Holder {
	/** Of a container. */
	id: string;
	/** Who gave it. */
	giver: string;
}

export function holderOf(place: string): Holder {
	const [id = '', ...giver] = readLink(place).split(' ');
	return {id, giver: giver.join(' ')};
}

/** Of a container that is gone, or never came to be, and whose maker is dead. */
export const isStale = (at: string, {id, giver}: Holder): boolean =>
	id === '' || (!existsSync(containerDir(at, id)) && isDead(giver));

/** Links in a directory that a container holds. */
export const heldBy = (directory: string, id: string): string[] =>
	list(directory).filter(name => holderOf(`${directory}/${name}`).id === id);

export interface Member {
	id: string;
	addresses: string[];
}

/** Who is on a network, with the addresses there. */
export function members(at: string, name: string): Member[] {
	const found = new Map<string, string[]>();
	for (const address of list(leasesDir(at, name))) {
		const {id} = holderOf(`${leasesDir(at, name)}/${address}`);
		found.set(id, [...(found.get(id) ?? []), address]);
	}

	return [...found].map(([id, addresses]) => ({id, addresses}));
}

/** Gives back all that a container has of networks: it is gone. */
export function releaseNetworks(at: string, id: string): void {
	if (!existsSync(networksDir(at))) {
		return;
	}

	for (const directory of [portsDir(at), ...networkNames(at).map(name => leasesDir(at, name))]) {
		for (const name of heldBy(directory, id)) {
			removeFile(`${directory}/${name}`);
		}
	}
}

export const makeLeases = (at: string, name: string): void => {
	try {
		mkdirSync(leasesDir(at, name), 0o700);
	} catch (cause) {
		if (errnoOf(cause) !== 'EEXIST') {
			throw cause;
		}
	}
};

/** @throws Failure */
export function mustExist(at: string, name: string): NetworkDefinition {
	const network = readNetwork(at, name);
	if (!network) {
		throw new Failure(`there is no network ${name}`, {
			hint: `minicontainer network ls shows all; minicontainer network create ${name} makes it`,
		});
	}

	return network;
}

export const countEntries = (directory: string): number => {
	try {
		return readdirSync(directory).length;
	} catch {
		return 0;
	}
};
