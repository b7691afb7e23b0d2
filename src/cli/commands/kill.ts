import {parseSignal} from '../../parse/signal.js';
import {kill as killContainer} from '../../runtime/kill.js';
import {forEach, type Verb} from '../base.js';
import {general} from '../general.js';
import {type General, section, single} from '../option.js';
import {print} from '../output.js';

interface Kill extends General {
	/** A number. */
	signal: number;
}

export const kill: Verb<Kill> = {
	name: 'kill',
	group: 'End and remove containers',
	summary: 'Send a signal to containers; KILL by default',
	details: 'It goes to the first process of the container.',
	examples: [['Ask a server to read its configuration again', 'kill -s HUP web']],
	operands: ['CONTAINER', 'CONTAINER…'],
	sections: [
		section<Kill>(
			'Signal',
			single('-s, --signal SIGNAL', 'a name such as TERM, or a number', (draft, text) => {
				draft.signal = parseSignal(text);
			}),
		),
		general,
	],
	newDraft: () => ({signal: parseSignal('KILL')}),
	act: ({root, signal}, rest, complain) =>
		forEach(rest, complain, name => {
			killContainer(root, name, signal);
			print(`${name}\n`);
		}),
};
