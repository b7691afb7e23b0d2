import {top as look} from '../../runtime/top.js';
import {oneOf, type Verb} from '../base.js';
import {general} from '../general.js';
import type {General} from '../option.js';
import {print} from '../output.js';
import {plain, table} from '../table.js';

export const top: Verb<General> = {
	name: 'top',
	group: 'Look at containers',
	summary: 'List the processes of a container',
	details: "With the host's numbers; `exec CONTAINER ps` shows the container's.",
	examples: [['Of the container that is called web', 'top web']],
	operands: ['CONTAINER'],
	sections: [general],
	newDraft: () => ({}),
	act({root}, rest) {
		const rows = look(root, oneOf(rest)).map(({uid, pid, ppid, time, command}) =>
			[uid, pid, ppid, clock(time), plain(command)].map(String),
		);
		print(table(['UID', 'PID', 'PPID', 'TIME', 'CMD'], rows));
		return 0;
	},
};

/** `HH:MM:SS`, as ps(1). */
function clock(seconds: number): string {
	const two = (number: number) => String(Math.floor(number)).padStart(2, '0');
	return `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
}
