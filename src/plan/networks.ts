/** Which kind of network namespace there is to be, from what was asked for. */
import {type NetworkRequest, parseNetwork} from '../parse/network.js';
import {Failure} from '../spec/failure.js';

/** The container's network namespace: a new one, the host's, or one to enter. */
export type NetworkNamespace = 'new' | 'host' | 'joined';

/** @throws Failure for what does not go together */
export const readNetworks = (network: string | readonly string[]): NetworkRequest[] => {
	const requests = [network].flat().map(parseNetwork);
	const alone = requests.find(({kind}) => kind !== 'bridge');
	if (requests.length > 1 && alone)
		throw new Failure(`--network ${alone.kind} cannot be one of several: only networks with names can`);
	return requests;
};

export const namespaceOf = (networks: readonly NetworkRequest[]): NetworkNamespace => {
	const kind = networks[0]?.kind ?? 'none';
	if (kind === 'host') return 'host';
	return kind === 'container' || kind === 'ns' ? 'joined' : 'new';
};
