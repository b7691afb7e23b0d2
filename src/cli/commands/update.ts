import {update as updateContainer} from '../../runtime/update.js';
import {forEach, type Verb} from '../base.js';
import {general} from '../general.js';
import {Misuse} from '../misuse.js';
import {type Draft, emptyDraft, section} from '../option.js';
import {changeableLimits} from '../options.js';
import {print} from '../output.js';

export const update: Verb<Draft> = {
	name: 'update',
	group: 'Change containers',
	summary: 'Change the limits of containers',
	details: 'At once for those that run, and for their next starts.',
	examples: [['More memory', 'update -m 256m web']],
	operands: ['CONTAINER', 'CONTAINER…'],
	sections: [section('Limits', ...changeableLimits), general],
	newDraft: emptyDraft,
	act({root, request}, rest, complain) {
		if (Object.keys(request).length === 0) {
			throw new Misuse('no limit to change was given');
		}

		return forEach(rest, complain, async name => {
			await updateContainer(root, name, request);
			print(`${name}\n`);
		});
	},
};
