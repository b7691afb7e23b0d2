import {start as startContainer} from '../../runtime/start.js';
import {forEach, oneOf, type Verb} from '../base.js';
import {general} from '../general.js';
import {flag, type General, section, toggle} from '../option.js';
import {print} from '../output.js';

interface Start extends General {
	attach: boolean;
	interactive: boolean;
}

export const start: Verb<Start> = {
	name: 'start',
	group: 'Run containers',
	summary: 'Start containers that were created, or have ended',
	details: 'With -a or -i there is one container, and its exit code is ours.',
	examples: [
		['In the background', 'start job'],
		['And stay until it ends', 'start -ai job'],
	],
	operands: ['CONTAINER', 'CONTAINER…'],
	sections: [
		section<Start>(
			'Streams',
			toggle('-a, --attach', 'stay, with what it writes, until it ends', flag('attach')),
			toggle('-i, --interactive', 'pass standard input on, too', flag('interactive')),
		),
		general,
	],
	newDraft: () => ({attach: false, interactive: false}),
	act(draft, rest, complain) {
		const begin = (name: string) => startContainer(draft.root, name, draft, complain);
		if (draft.attach || draft.interactive) {
			return begin(oneOf(rest));
		}

		return forEach(rest, complain, async name => {
			await begin(name);
			print(`${name}\n`);
		});
	},
};
