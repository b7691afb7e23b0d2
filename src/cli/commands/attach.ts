import {parseDetachKeys} from '../../parse/detachKeys.js';
import {attach as attachTo} from '../../runtime/attach.js';
import {oneOf, type Verb} from '../base.js';
import {general} from '../general.js';
import {type General, section, single, toggle} from '../option.js';

interface Attach extends General {
	input: boolean;
	detachKeys?: string;
}

export const attach: Verb<Attach> = {
	name: 'attach',
	group: 'Run containers',
	summary: "Connect to a running container's streams",
	details: `
What the container writes from now on is shown, what is typed goes in, and signals are passed on. Ctrl-P Ctrl-Q leaves it
running; else the exit code is the container's.`,
	examples: [['See what it does, and do not disturb', 'attach --no-stdin web']],
	operands: ['CONTAINER'],
	sections: [
		section<Attach>(
			'Streams',
			toggle('--no-stdin', 'do not pass input on', (draft, on) => {
				draft.input = !on;
			}),
			single('--detach-keys KEYS', 'what leaves it running, such as ctrl-x,x', (draft, text) => {
				draft.detachKeys = parseDetachKeys(text);
			}),
		),
		general,
	],
	newDraft: () => ({input: true}),
	act: ({root, input, detachKeys}, rest) => attachTo(root, oneOf(rest), {input, detachKeys}),
};
