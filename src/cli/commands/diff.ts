import {diff as compare} from '../../runtime/diff.js';
import {Failure, plain, quoted} from '../../spec/failure.js';
import {oneOf, type Verb} from '../base.js';
import {general} from '../general.js';
import {type General, section, single} from '../option.js';
import {print} from '../output.js';

interface Diff extends General {
	format: 'text' | 'json';
}

export const diff: Verb<Diff> = {
	name: 'diff',
	group: 'Look at containers',
	summary: 'Show what a container has changed in its root file system',
	details: `
A line for each file or directory: \`A\` added, \`C\` changed, \`D\` deleted. The container may run or not; volumes are not
looked at.`,
	examples: [
		['', 'diff web'],
		['For a program', 'diff --format json web'],
	],
	operands: ['CONTAINER'],
	sections: [
		section<Diff>(
			'How',
			single('--format FORMAT', 'text, or json: a list of {kind, path}', (draft, text) => {
				if (text !== 'text' && text !== 'json') {
					throw new Failure(`${quoted(text)} is neither text nor json`);
				}

				draft.format = text;
			}),
		),
		general,
	],
	newDraft: () => ({format: 'text'}),
	async act({root, format}, rest) {
		const changes = await compare(root, oneOf(rest));
		print(
			format === 'json'
				? `${JSON.stringify(changes, undefined, '\t')}\n`
				: changes.map(({kind, path}) => `${kind} ${plain(path)}\n`).join(''),
		);
		return 0;
	},
};
