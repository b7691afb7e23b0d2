import {logs as readLogs} from '../../runtime/logs.js';
import {Failure, quoted} from '../../spec/failure.js';
import {oneOf, type Verb} from '../base.js';
import {general} from '../general.js';
import {parseMoment} from '../moment.js';
import {flag, type General, section, single, toggle} from '../option.js';
import {printTo} from '../output.js';

interface Logs extends General {
	follow: boolean;
	timestamps: boolean;
	tail?: number | undefined;
	since?: string;
	until?: string;
}

export const logs: Verb<Logs> = {
	name: 'logs',
	group: 'Look at containers',
	summary: 'Show what a container wrote',
	details:
		'What it wrote to stdout comes on stdout, what it wrote to stderr on stderr. Old output is dropped in time (`--log-opt`).',
	examples: [
		['The last lines, and what comes', 'logs -f --tail 20 web'],
		['The last ten minutes, with times', 'logs -t --since 10m web'],
	],
	operands: ['CONTAINER'],
	sections: [
		section<Logs>(
			'What',
			toggle('-f, --follow', 'go on until the container ends', flag('follow')),
			toggle('-t, --timestamps', 'put its time before each line', flag('timestamps')),
			single('-n, --tail LINES', 'only so many of the last lines; all by default', (draft, text) => {
				draft.tail = parseTail(text);
			}),
			single('--since TIME', 'nothing before: 10m ago, or 2026-01-31T12:00:00Z', (draft, text) => {
				draft.since = parseMoment(text);
			}),
			single('--until TIME', 'nothing after', (draft, text) => {
				draft.until = parseMoment(text);
			}),
		),
		general,
	],
	newDraft: () => ({follow: false, timestamps: false}),
	async act(draft, rest) {
		await readLogs(draft.root, oneOf(rest), draft, ({time, stream, text}) => {
			const stamp = draft.timestamps ? Buffer.from(`${time} `) : Buffer.alloc(0);
			printTo(stream === 'stdout' ? 1 : 2, Buffer.concat([stamp, text]));
		});
		return 0;
	},
};

function parseTail(text: string): number | undefined {
	if (text === 'all' || text === '-1') {
		return undefined;
	}

	if (!/^\d{1,9}$/.test(text)) {
		throw new Failure(`${quoted(text)} is not a number of lines`);
	}

	return Number(text);
}
