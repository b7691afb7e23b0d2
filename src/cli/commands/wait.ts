import {wait as waitFor} from '../../runtime/wait.js';
import {forEach, type Verb} from '../base.js';
import {general} from '../general.js';
import type {General} from '../option.js';
import {print} from '../output.js';

export const wait: Verb<General> = {
	name: 'wait',
	group: 'Look at containers',
	summary: 'Wait until containers have ended, and print their exit codes',
	details: 'A line for each, in the order in which they were named.',
	examples: [['The exit code of a job', 'wait job']],
	operands: ['CONTAINER', 'CONTAINER…'],
	sections: [general],
	newDraft: () => ({}),
	act: ({root}, rest, complain) =>
		forEach(rest, complain, async name => {
			print(`${await waitFor(root, name)}\n`);
		}),
};
