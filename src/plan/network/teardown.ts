import type {Gate, NetworkDefinition} from '../../spec/networkFacts.js';
import type {HostProgram} from '../../spec/programs.js';
import {deleteElements, networkElements} from './ruleset.js';

interface Teardown {
	table: string;
	tools: {ip: string; nft: string; tee: string};
	network: NetworkDefinition;
	/** There is no other one up. */
	last: boolean;
	/** Settings that were off before, of which nobody else has need. */
	restore: readonly string[];
	gates: readonly Gate[];
}

/** After the last container of a network: as it was before the first. */
export const planTeardown = ({
	table,
	tools,
	network,
	last,
	restore,
	gates,
}: Teardown): Pick<HostProgram, 'args' | 'input'>[] => {
	const {bridge} = network;
	const elements = deleteElements(table, networkElements(network));
	return [
		{args: [tools.ip, 'link', 'delete', bridge]},
		{
			args: [tools.nft, '-f', '-'],
			input: (last ? [`delete table inet ${table}`] : elements).map(line => `${line}\n`).join(''),
		},
		...gates
			.filter(gate => gate.bridge === bridge)
			.flatMap(({tool, chain}) =>
				['-i', '-o'].map(way => ({args: [tool, '-w', '-D', chain, way, bridge, '-j', 'ACCEPT']})),
			),
		...(restore.length > 0 ? [{args: [tools.tee, ...restore.map(name => `/proc/sys/net/${name}`)], input: '0\n'}] : []),
	];
};
