import {parseName} from '../../parse/name.js';
import {rename as renameContainer} from '../../runtime/rename.js';
import type {Verb} from '../base.js';
import {general} from '../general.js';
import {Misuse} from '../misuse.js';
import type {General} from '../option.js';

export const rename: Verb<General> = {
	name: 'rename',
	group: 'Change containers',
	summary: 'Give a container another name',
	details: 'It may run meanwhile; its host name stays.',
	examples: [['', 'rename job nightly']],
	operands: ['CONTAINER', 'NAME'],
	sections: [general],
	newDraft: () => ({}),
	async act({root}, [container, name, ...more]) {
		if (container === undefined || name === undefined || more.length > 0) {
			throw new Misuse('CONTAINER and its new NAME are needed');
		}

		await renameContainer(root, container, parseName(name));
		return 0;
	},
};
