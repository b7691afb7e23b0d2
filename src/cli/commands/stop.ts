import {parsePatience} from '../../parse/patience.js';
import {stop as stopContainer} from '../../runtime/stop.js';
import {forEach, type Verb} from '../base.js';
import {general} from '../general.js';
import {type General, section, single} from '../option.js';
import {print} from '../output.js';

interface Draft extends General {
	/** Milliseconds. */
	patience?: number;
}

export const stop: Verb<Draft> = {
	name: 'stop',
	group: 'End and remove containers',
	summary: 'Ask containers to end, and kill those that do not',
	details: 'First comes the stop signal (TERM, or --stop-signal of run), and after some seconds KILL.',
	examples: [['Give it a minute', 'stop -t 60 web']],
	operands: ['CONTAINER', 'CONTAINER…'],
	sections: [
		section<Draft>(
			'Time',
			single('-t, --time, --timeout SECONDS', 'how long to wait before killing; -1: for ever', (draft, text) => {
				draft.patience = parsePatience(text);
			}),
		),
		general,
	],
	newDraft: () => ({}),
	act: ({root, patience}, rest, complain) =>
		forEach(rest, complain, async name => {
			await stopContainer(root, name, patience);

			print(`${name}\n`);
		}),
};
