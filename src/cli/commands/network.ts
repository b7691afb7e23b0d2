import {parseLabel} from '../../parse/label.js';
import {parseName} from '../../parse/name.js';
import {formatAddress, parseSubnet, readAddress} from '../../parse/subnet.js';
import {createNetwork, inspectNetwork, listNetworks, pruneNetworks, removeNetwork} from '../../runtime/networks.js';
import {encodeReports} from '../../spec/encode.js';
import {Failure, quoted} from '../../spec/failure.js';
import {fill, forEach, optionsOf, readFlags, type Verb} from '../base.js';
import {general} from '../general.js';
import {Misuse} from '../misuse.js';
import {flag, type General, list, section, single, toggle} from '../option.js';
import {print} from '../output.js';
import {table} from '../table.js';

interface NetworkDraft extends General {
	subnets: string[];
	gateway?: string;
	ipv6: boolean;
	internal: boolean;
	labels: Record<string, string>;
	quiet: boolean;
}

type Action = (draft: NetworkDraft, names: string[], complain: (error: Failure) => void) => Promise<number> | number;

const oneName = ([name, ...more]: string[]): string => {
	if (name === undefined || more.length > 0) {
		throw new Misuse(name === undefined ? 'NAME is missing' : 'one NAME only');
	}

	return parseName(name);
};

const isSix = (subnet: string): boolean => subnet.includes(':');

const actions: Readonly<Record<string, Action>> = {
	create: async ({root, subnets, ...draft}, names) => {
		if (subnets.filter(isSix).length > 1 || subnets.filter(subnet => !isSix(subnet)).length > 1) {
			throw new Misuse('--subnet: one of IPv4 and one of IPv6 at most');
		}

		const name = oneName(names);
		await createNetwork(root, {name, subnets, ...draft});
		print(`${name}\n`);
		return 0;
	},
	ls: ({root, quiet}) => {
		const all = listNetworks(root);
		const rows = all.map(({name, bridge, subnet, subnet6 = '', internal, containers}) => [
			...[name, bridge, subnet, subnet6, internal ? 'internal' : '', String(containers.length)],
		]);
		const header = ['NAME', 'BRIDGE', 'SUBNET', 'SUBNET6', 'KIND', 'CONTAINERS'];
		print(quiet ? all.map(({name}) => `${name}\n`).join('') : table(header, rows));
		return 0;
	},
	inspect: async ({root}, names, complain) => {
		const found: ReturnType<typeof inspectNetwork>[] = [];
		const code = await forEach(names, complain, name => found.push(inspectNetwork(root, parseName(name))));
		print(`${encodeReports(found, '\t')}\n`);
		return code;
	},
	rm: ({root}, names, complain) =>
		forEach(names, complain, async name => {
			await removeNetwork(root, parseName(name));
			print(`${name}\n`);
		}),
	prune: async ({root}) => {
		print((await pruneNetworks(root)).map(name => `${name}\n`).join(''));
		return 0;
	},
};

export const network: Verb<NetworkDraft> = {
	name: 'network',
	group: 'Networks',
	summary: 'Make, show and remove networks',
	details: `ACTION is create NAME, ls, inspect NAME…, rm NAME… or prune, which removes those that no container is on.

Containers on a network reach each other and the world; those on another one do not reach them. A network is a few
numbers on disk: its bridge is there as long as it has containers.`,
	examples: [
		['A network of its own', 'network create --subnet 10.9.0.0/24 back'],
		['One without a way out', 'network create --internal vault'],
	],
	operands: ['ACTION', 'NAME…'],
	sections: [
		section<NetworkDraft>(
			'For create',
			list('--subnet SUBNET', 'such as 10.9.0.0/24; by default one that no route leads to', ({subnets}, text) => {
				parseSubnet(text);
				subnets.push(text);
			}),
			single('--gateway ADDRESS', "the host's own address there; the first one by default", (draft, text) => {
				draft.gateway = formatAddress(readAddress(text));
			}),
			toggle('--ipv6', 'with IPv6, too', flag('ipv6')),
			toggle('--internal', 'no way out: containers reach only each other', flag('internal')),
			list('-l, --label NAME[=VALUE]', 'a note on the network', ({labels}, text) => {
				const {name, value} = parseLabel(text);
				labels[name] = value;
			}),
		),
		section<NetworkDraft>('For ls', toggle('-q, --quiet', 'names only', flag('quiet'))),
		general,
	],
	newDraft: () => ({subnets: [], ipv6: false, internal: false, labels: {}, quiet: false}),
	async act(draft, [name, ...words], complain) {
		if (name === undefined) {
			throw new Misuse('ACTION is missing');
		}

		const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
		if (!action) {
			throw new Failure(`network: there is no ${quoted(name)}: use ${Object.keys(actions).join(', ')}`);
		}

		const {flags, rest} = await readFlags(words, optionsOf(network));
		return action(fill(draft, flags as Parameters<typeof fill<NetworkDraft>>[1]), rest, complain);
	},
};
