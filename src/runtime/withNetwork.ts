/** What comes before a container is planned, and after it is gone: its places on networks. */
import {randomId} from '../host/facts.js';
import {exists} from '../host/store.js';
import {parseNetwork} from '../parse/network.js';
import {readNetworks} from '../plan/networks.js';
import type {Request} from '../plan/request.js';
import type {NetworkWish} from '../spec/networkFacts.js';
import {defaultNetwork} from './defaultNetwork.js';
import type {Place} from './prepare.js';

/** @returns undefined for a container that is on no bridge */
export function wishOf(request: Request, byDefault: string): NetworkWish | undefined {
	const networks = readNetworks(request.network ?? byDefault).flatMap(network =>
		network.kind === 'bridge' ? [network.name] : [],
	);
	const {ip, macAddress: mac, publish = []} = request;
	return networks.length > 0 && process.geteuid?.() === 0 ? {networks, ip, mac, publish} : undefined;
}

/**
 * Does something with a new container. The module is loaded only for who wants a bridge: a run without one is faster.
 *
 * @param starts whether it starts at once, and takes its ports
 */
export async function withNetwork<Result>(
	request: Request,
	at: string,
	starts: boolean,
	action: (place: Place) => Result | Promise<Result>,
): Promise<Result> {
	const place = {id: randomId(), defaultNetwork: defaultNetwork(request)};
	const wish = wishOf(request, place.defaultNetwork);
	if (!wish) {
		return action(await joined(request, at, place));
	}

	const {connect, disconnect, tidyNetworks} = await import('./network.js');
	try {
		return await action({...place, wish, bridges: await connect(at, place.id, wish, starts)});
	} finally {
		if (!exists(at, place.id)) {
			disconnect(at, place.id);
			await tidyNetworks(at);
		}
	}
}

/** For who only plans: takes nothing. */
export async function previewNetwork(request: Request, at: string): Promise<Place> {
	const place = {id: randomId(), defaultNetwork: defaultNetwork(request)};
	const wish = wishOf(request, place.defaultNetwork);
	return wish
		? {...place, bridges: (await import('./network.js')).preview(at, place.id, wish)}
		: joined(request, at, place);
}

/** Somebody else's network, where it is to have that. */
async function joined({network = []}: Request, at: string, place: Place): Promise<Place> {
	const [first] = [network].flat().map(parseNetwork);
	return first?.kind === 'container' || first?.kind === 'ns'
		? {...place, joined: (await import('./join.js')).joinedFacts(at, first)}
		: place;
}
