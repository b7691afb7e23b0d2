import {stop as stopContainer} from '../../runtime/stop.js';
import {forEach, type Verb} from '../base.js';
import {general} from '../general.js';
import {print} from '../output.js';
import {type Patient, patience, patienceDetails} from '../patience.js';

export const stop: Verb<Patient> = {
	name: 'stop',
	group: 'End and remove containers',
	summary: 'Ask containers to end, and kill those that do not',
	details: patienceDetails,
	examples: [['Give it a minute', 'stop -t 60 web']],
	operands: ['CONTAINER', 'CONTAINER…'],
	sections: [patience, general],
	newDraft: () => ({}),
	act: ({root, patience: limit}, rest, complain) =>
		forEach(rest, complain, async name => {
			await stopContainer(root, name, limit);

			print(`${name}\n`);
		}),
};
