import {inspect as look} from '../../runtime/inspect.js';
import {encodeReports} from '../../spec/encode.js';
import {forEach, type Verb} from '../base.js';
import {general} from '../general.js';
import type {General} from '../option.js';
import {print} from '../output.js';

export const inspect: Verb<General> = {
	name: 'inspect',
	group: 'Look at containers',
	summary: 'Print all that is known of containers, as JSON',
	details: 'The state tells how it ended, and `plan` is the spec that it was started with.',
	examples: [['Why did it die?', 'inspect job | jq .[0].state']],
	operands: ['CONTAINER', 'CONTAINER…'],
	sections: [general],
	newDraft: () => ({}),
	async act({root}, rest, complain) {
		const found: ReturnType<typeof look>[] = [];
		const code = await forEach(rest, complain, name => found.push(look(root, name)));
		print(`${encodeReports(found, '\t')}\n`);
		return code;
	},
};
