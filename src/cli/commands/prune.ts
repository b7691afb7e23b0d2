import {prune as pruneContainers} from '../../runtime/remove.js';
import type {Verb} from '../base.js';
import {general} from '../general.js';
import {flag, type General, section, toggle} from '../option.js';
import {print} from '../output.js';

interface Prune extends General {
	force: boolean;
}

export const prune: Verb<Prune> = {
	name: 'prune',
	group: 'End and remove containers',
	summary: 'Remove all containers that do not run, and what killed ones left',
	details: 'Their changes and logs go with them. It prints the id of each.',
	examples: [['Clean up', 'prune']],
	operands: [],
	sections: [
		section<Prune>('Which', toggle('-f, --force', 'for scripts that are used to it; nothing is asked', flag('force'))),
		general,
	],
	newDraft: () => ({force: false}),
	act: ({root}, _, complain) => pruneContainers(root, id => print(`${id}\n`), complain),
};
