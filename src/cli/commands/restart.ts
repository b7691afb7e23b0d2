import {start} from '../../runtime/start.js';
import {stop} from '../../runtime/stop.js';
import {forEach, type Verb} from '../base.js';
import {general} from '../general.js';
import {print} from '../output.js';
import {type Patient, patience, patienceDetails} from '../patience.js';

export const restart: Verb<Patient> = {
	name: 'restart',
	group: 'Run containers',
	summary: 'Stop containers, and start them again',
	details: patienceDetails,
	examples: [['Give it a minute', 'restart -t 60 web']],
	operands: ['CONTAINER', 'CONTAINER…'],
	sections: [patience, general],
	newDraft: () => ({}),
	act: ({root, patience: limit}, rest, complain) =>
		forEach(rest, complain, async name => {
			await stop(root, name, limit);
			await start(root, name, {attach: false, interactive: false}, complain);
			print(`${name}\n`);
		}),
};
