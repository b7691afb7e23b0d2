import {unpause as unpauseContainer} from '../../runtime/pause.js';
import {forEach, type Verb} from '../base.js';
import {general} from '../general.js';
import type {General} from '../option.js';
import {print} from '../output.js';

export const unpause: Verb<General> = {
	name: 'unpause',
	group: 'Change containers',
	summary: 'Let the processes of paused containers go on',
	details: 'What `pause` has stopped.',
	examples: [['The container that is called web', 'unpause web']],
	operands: ['CONTAINER', 'CONTAINER…'],
	sections: [general],
	newDraft: () => ({}),
	act: ({root}, rest, complain) =>
		forEach(rest, complain, async name => {
			await unpauseContainer(root, name);
			print(`${name}\n`);
		}),
};
