/** Addresses and ports, each given to one container at a time. */
import {existsSync} from 'node:fs';
import {Failure} from '../../spec/failure.js';
import type {PublishedPort} from '../../spec/networkFacts.js';
import {removeFile} from '../files.js';
import {withLock} from '../lock.js';
import {isDead} from '../owner.js';
import {makePrivate} from '../paths.js';
import {detachDead} from '../programs.js';
import {errnoOf} from '../reason.js';
import {isUp, readState} from '../state.js';
import {containerDir} from '../store.js';
import {list} from '../tree.js';
import {isTaken} from './listening.js';
import {heldBy, holderOf, leasesDir, lockDir, makeLeases, networkDir, portsDir, take} from './places.js';

/** @returns undefined when the network has been taken away meanwhile */
export async function lease(
	at: string,
	name: string,
	id: string,
	choose: (taken: ReadonlySet<string>) => string,
): Promise<string | undefined> {
	for (;;) {
		const address = choose(new Set(list(leasesDir(at, name))));
		try {
			if (take(`${leasesDir(at, name)}/${address}`, id)) {
				return address;
			}
		} catch (cause) {
			if (errnoOf(cause) !== 'ENOENT') {
				throw cause;
			}

			if (!(await openNetwork(at, name))) {
				return undefined;
			}
		}
	}
}

/** Its first container is coming. Who takes it down has the lock until that is done. */
async function openNetwork(at: string, name: string): Promise<boolean> {
	return alone(at, () => {
		const isThere = existsSync(networkDir(at, name));
		if (isThere) {
			makeLeases(at, name);
		}

		return isThere;
	});
}

/** With nobody else who brings up or takes down. */
export async function alone<Result>(at: string, action: () => Result): Promise<Result> {
	for (;;) {
		makePrivate(lockDir(at));
		try {
			return await withLock(lockDir(at), 'of the networks', action);
		} catch (error) {
			// It went with the last of them.
			if (existsSync(lockDir(at))) {
				throw error;
			}
		}
	}
}

/** Of those that the container has there already. */
export const leased = (at: string, name: string, id: string): string[] => heldBy(leasesDir(at, name), id);

const portName = ({protocol, hostPort, address}: PublishedPort): string =>
	`${protocol}.${hostPort}${address === undefined ? '' : `@${address}`}`;

const saidOf = ({hostPort, address, protocol}: PublishedPort): string =>
	`port ${address === undefined ? '' : `${address}:`}${hostPort}/${protocol}`;

/** A port at all addresses and one at a single one are in each other's way. */
function rivals(at: string, {protocol, hostPort, address}: PublishedPort): string[] {
	const stem = `${protocol}.${hostPort}`;
	return list(portsDir(at)).filter(name =>
		address === undefined
			? name === stem || name.startsWith(`${stem}@`)
			: name === stem || name === `${stem}@${address}`,
	);
}

/** @returns who has it; a container that does not run any more does not */
function occupant(at: string, id: string, port: PublishedPort): string | undefined {
	for (const name of rivals(at, port)) {
		const place = `${portsDir(at)}/${name}`;
		const holder = holderOf(place);
		const directory = containerDir(at, holder.id);
		if (holder.id !== id && (!isDead(holder.giver) || isUp(readState(directory)))) {
			return `container ${holder.id.slice(0, 12)}`;
		}

		if (holder.id !== id) {
			detachDead(directory);
			removeFile(place);
		}
	}

	const {protocol, hostPort, address} = port;
	return isTaken(protocol, address, hostPort) ? 'a program of the host' : undefined;
}

/**
 * Takes a port of the host's, or one of those that would do.
 *
 * @param candidates in the order in which they are tried
 * @param claim whether it is to be kept
 * @throws Failure when none is free
 */
export function takePort(at: string, id: string, candidates: Iterable<PublishedPort>, claim: boolean): PublishedPort {
	let last: {port: PublishedPort; who: string} | undefined;
	if (claim) {
		makePrivate(portsDir(at));
	}

	for (const port of candidates) {
		const who = occupant(at, id, port);
		if (who === undefined && (!claim || claimPort(at, id, port))) {
			return port;
		}

		last = {port, who: who ?? 'another container'};
	}

	throw new Failure(last ? `${saidOf(last.port)} is in use by ${last.who}` : 'there is no free port');
}

function claimPort(at: string, id: string, port: PublishedPort): boolean {
	const place = `${portsDir(at)}/${portName(port)}`;
	return take(place, id) || holderOf(place).id === id;
}

/** All ports of a container. */
export function releasePorts(at: string, id: string): void {
	for (const name of heldBy(portsDir(at), id)) {
		removeFile(`${portsDir(at)}/${name}`);
	}
}
