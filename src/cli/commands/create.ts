import {create as createContainer} from '../../runtime/create.js';
import type {Verb} from '../base.js';
import {invocationOf} from '../invocation.js';
import {emptyDraft} from '../option.js';
import {containerSections} from '../options.js';
import {print} from '../output.js';

export const create: Verb = {
	name: 'create',
	group: 'Run containers',
	summary: 'Make a container without starting it, and print its id',
	details: 'It takes the same flags as run; `start` starts it.',
	examples: [['Make it now, run it later', 'create --name job --rootfs ./rootfs /bin/date']],
	operands: ['COMMAND', 'ARG…'],
	sections: containerSections,
	newDraft: emptyDraft,
	async act(draft, rest, complain) {
		print(`${await createContainer(invocationOf(draft, rest), complain)}\n`);
		return 0;
	},
};
