import {parsePlace} from '../../parse/place.js';
import {type CopyOptions, copy} from '../../runtime/copy.js';
import type {Verb} from '../base.js';
import {general} from '../general.js';
import {Misuse} from '../misuse.js';
import {flag, type General, section, toggle} from '../option.js';

type Cp = General & CopyOptions;

export const cp: Verb<Cp> = {
	name: 'cp',
	group: 'Change containers',
	summary: 'Copy files out of a container, or into it',
	details: `
One of the two is \`CONTAINER:PATH\`, the other a path, or \`-\` for a tar archive on standard output or input. A directory
goes into one that is there, \`DIR/.\` puts only what is in it there, and what is not there yet gets the new name. Modes and
times are kept. What is copied in belongs to the container's root and what is copied out to you, without setuid bits;
with --archive ids are kept, as far as there are such ids and you may give them. Sockets and devices are left out. While a
container runs its volumes are seen, too. For a path with a colon in it say \`./a:b\`.`,
	examples: [
		['Into a container', 'cp site.conf web:/etc/site.conf'],
		['Out of it, as an archive', 'cp web:/var/log - | tar -tv'],
		['Only what is in a directory', 'cp ./public/. web:/srv/www'],
	],
	operands: ['SRC', 'DEST'],
	sections: [
		section<Cp>(
			'How',
			toggle('-a, --archive', 'keep owners, by their numbers, and setuid bits', flag('archive')),
			toggle('-L, --follow-link', 'if SRC is a symbolic link, copy what it leads to', flag('follow')),
			toggle('-q, --quiet', 'as docker has it; nothing is said in any case', () => {}),
		),
		general,
	],
	newDraft: () => ({archive: false, follow: false}),
	async act({root, archive, follow}, [from, to, ...more]) {
		if (from === undefined || to === undefined || more.length > 0) {
			throw new Misuse('SRC and DEST are needed, one of them as CONTAINER:PATH');
		}

		await copy(root, parsePlace(from), parsePlace(to), {archive, follow});
		return 0;
	},
};
