import {pause as pauseContainer} from '../../runtime/pause.js';
import {forEach, type Verb} from '../base.js';
import {general} from '../general.js';
import type {General} from '../option.js';
import {print} from '../output.js';

export const pause: Verb<General> = {
	name: 'pause',
	group: 'Change containers',
	summary: 'Stop all processes of containers, without their knowing',
	details: '`unpause` lets them go on. Without root this takes a delegated control group.',
	examples: [['The container that is called web', 'pause web']],
	operands: ['CONTAINER', 'CONTAINER…'],
	sections: [general],
	newDraft: () => ({}),
	act: ({root}, rest, complain) =>
		forEach(rest, complain, async name => {
			await pauseContainer(root, name);
			print(`${name}\n`);
		}),
};
