import {port as look} from '../../runtime/port.js';
import {oneOf, type Verb} from '../base.js';
import {general} from '../general.js';
import type {General} from '../option.js';
import {print} from '../output.js';

const shown = (address = '0.0.0.0'): string => (address.includes(':') ? `[${address}]` : address);

export const port: Verb<General> = {
	name: 'port',
	group: 'Networks',
	summary: 'Print the published ports of a container',
	details: 'A line for each: the port in the container, and where on the host it is reached.',
	examples: [['Where is it?', 'port web']],
	operands: ['CONTAINER'],
	sections: [general],
	newDraft: () => ({}),
	act({root}, rest) {
		const lines = look(root, oneOf(rest)).map(
			({port, protocol, address, hostPort}) => `${port}/${protocol} -> ${shown(address)}:${hostPort}\n`,
		);
		print(lines.join(''));
		return 0;
	},
};
