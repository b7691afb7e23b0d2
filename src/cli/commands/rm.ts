import {remove, removeAll} from '../../runtime/remove.js';
import {forEach, type Verb} from '../base.js';
import {general} from '../general.js';
import {Misuse} from '../misuse.js';
import {flag, type General, section, toggle} from '../option.js';
import {print} from '../output.js';

interface Rm extends General {
	force: boolean;
	all: boolean;
}

export const rm: Verb<Rm> = {
	name: 'rm',
	group: 'End and remove containers',
	summary: 'Remove containers, with their changes and logs',
	details: 'One that runs is only removed with --force, which kills it.',
	examples: [
		['What has ended', 'rm job'],
		['All there is', 'rm -f --all'],
	],
	operands: ['CONTAINER', 'CONTAINER…'],
	sections: [
		section<Rm>(
			'Which',
			toggle('-f, --force', 'also those that run; one that is not there is no error', flag('force')),
			toggle('-a, --all', 'all containers', flag('all')),
		),
		general,
	],
	newDraft: () => ({force: false, all: false}),
	act({root, force, all}, rest, complain) {
		const done = (name: string) => print(`${name}\n`);
		if (!all) {
			return forEach(rest, complain, async name => (await remove(root, name, force)) && done(name));
		}

		if (rest.length > 0) {
			throw new Misuse('--all, or CONTAINER, not both');
		}

		return removeAll(root, force, done, complain);
	},
};
