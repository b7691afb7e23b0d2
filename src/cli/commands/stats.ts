import {setTimeout as delay} from 'node:timers/promises';
import {stats as look, type Usage} from '../../runtime/stats.js';
import type {Verb} from '../base.js';
import {general} from '../general.js';
import {Misuse} from '../misuse.js';
import {flag, type General, section, single, toggle} from '../option.js';
import {print} from '../output.js';
import {bytes, plain, table} from '../table.js';

interface Stats extends General {
	noStream: boolean;
	format: string;
}

/** Milliseconds between two looks. */
const INTERVAL = 1000;

export const stats: Verb<Stats> = {
	name: 'stats',
	group: 'Look at containers',
	summary: 'Show what containers use: processors, memory, disks, processes',
	details: 'Of those named, or of all that run; once a second, until Ctrl-C. 100 % is one processor.',
	examples: [['Once', 'stats --no-stream']],
	operands: ['CONTAINER…'],
	sections: [
		section<Stats>(
			'How',
			toggle('--no-stream', 'once only', flag('noStream')),
			single('--format table|json', 'json: a line for each look', (draft, text) => {
				draft.format = text;
			}),
		),
		general,
	],
	newDraft: () => ({noStream: false, format: 'table'}),
	async act({root, noStream, format}, rest) {
		if (format !== 'table' && format !== 'json') {
			throw new Misuse('--format is table or json');
		}

		for (let before = look(root, rest); ; ) {
			const begin = performance.now();
			await delay(INTERVAL);
			const now = look(root, rest);
			const rows = now.map(usage => measure(usage, before, (performance.now() - begin) / 1000));
			print(format === 'json' ? `${JSON.stringify(rows)}\n` : tableOf(rows));
			if (noStream) {
				return 0;
			}

			before = now;
		}
	},
};

type Measured = Usage & {cpuPercent?: number};

function measure(usage: Usage, before: readonly Usage[], seconds: number): Measured {
	const then = before.find(({id}) => id === usage.id)?.cpu;
	return usage.cpu === undefined || then === undefined
		? usage
		: {...usage, cpuPercent: Math.max(0, (100 * (usage.cpu - then)) / seconds)};
}

const UNKNOWN = '--';
const percent = (value: number | undefined) => (value === undefined ? UNKNOWN : `${value.toFixed(2)}%`);

const tableOf = (rows: readonly Measured[]): string =>
	table(
		['CONTAINER ID', 'NAME', 'CPU %', 'MEM USAGE / LIMIT', 'MEM %', 'BLOCK I/O', 'PIDS'],
		rows.map(({id, name, cpuPercent, memory, io, pids}) => [
			id.slice(0, 12),
			plain(name),
			percent(cpuPercent),
			memory ? `${bytes(memory.usage)} / ${bytes(memory.limit)}` : UNKNOWN,
			percent(memory && (100 * memory.usage) / memory.limit),
			io ? `${bytes(io.read)} / ${bytes(io.written)}` : UNKNOWN,
			pids === undefined ? UNKNOWN : String(pids),
		]),
	);
