import {Failure} from '../../spec/failure.js';
import type {Extension} from '../../spec/types.js';
import {isForwarded} from '../contents.js';
import type {Wanted} from '../defaults.js';
import {planUserNetwork} from '../userNetwork.js';
import {planBridges} from './bridge.js';

/** One line on what is wrong, or nothing. */
type Check = (wanted: Wanted) => string | undefined;

const isBridged = ({networks}: Wanted): boolean => networks.some(({kind}) => kind === 'bridge');

const bridgesOf = ({networks}: Wanted): string =>
	networks.flatMap(network => (network.kind === 'bridge' ? network.name : [])).join(', ');

const isPasta = ({networks}: Wanted): boolean => networks.some(({kind}) => kind === 'pasta');

const checks: readonly Check[] = [
	wanted =>
		isBridged(wanted) && wanted.rootless
			? `--network ${bridgesOf(wanted)}: only root can have a bridge: use --network pasta`
			: undefined,
	wanted =>
		wanted.network === 'joined' && wanted.rootless ? 'only root can enter the network of another container' : undefined,
	wanted => (wanted.network === 'joined' && !wanted.joined ? 'whose network it is must be known' : undefined),
	wanted => {
		const {dns, dnsSearch, dnsOptions, addHost, networkAliases, hostname} = wanted;
		const said = [dns, dnsSearch, dnsOptions, addHost, networkAliases].some(list => list.length > 0);
		return wanted.joined?.contents && (said || hostname !== undefined)
			? 'host names and resolvers are those of the container whose network it is'
			: undefined;
	},
	wanted => (isBridged(wanted) && !wanted.bridges ? 'a bridge cannot be planned without knowing the host' : undefined),
	wanted =>
		wanted.publish.length > 0 && !isBridged(wanted) && !isPasta(wanted)
			? 'ports can be published only by a bridge or pasta'
			: undefined,
	wanted => (wanted.ip !== undefined && !isBridged(wanted) ? '--ip needs a network that has addresses' : undefined),
	wanted =>
		wanted.macAddress !== undefined && !isBridged(wanted) ? '--mac-address needs a network that has links' : undefined,
	({publish, bridges}) =>
		publish.length > 0 && bridges?.networks[0]?.internal
			? `network ${bridges.networks[0].name} is internal: nothing is published there`
			: undefined,
	({networks}) => {
		const names = networks.map(network => (network.kind === 'bridge' ? network.name : network.kind));
		const again = names.find((name, index) => names.indexOf(name) !== index);
		return again === undefined ? undefined : `network ${again} is named twice`;
	},
];

/** @throws Failure for what does not go together */
export const planNetwork = (wanted: Wanted): Pick<Extension, 'network'> => {
	for (const check of checks) {
		const message = check(wanted);
		if (message) throw new Failure(message);
	}
	const network = wanted.bridges ? planBridges(wanted.bridges) : planUserNetwork(wanted, isForwarded(wanted));
	return network ? {network} : {};
};
