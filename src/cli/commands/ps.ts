import {type Listed, list as listContainers} from '../../runtime/list.js';
import {Failure, quoted} from '../../spec/failure.js';
import type {Verb} from '../base.js';
import {type Filter, parseFilter, passes} from '../filter.js';
import {general} from '../general.js';
import {flag, type General, list, section, single, toggle} from '../option.js';
import {print} from '../output.js';
import {statusText} from '../status.js';
import {since, table} from '../table.js';

interface Ps extends General {
	all: boolean;
	quiet: boolean;
	noTrunc: boolean;
	filters: Filter[];
	format: string;
}

export const ps: Verb<Ps> = {
	name: 'ps',
	group: 'Look at containers',
	summary: 'List containers',
	details: `
Those that run; with --all also those that were only created, or have ended, and why they have. A format of your own is a
text with \`{{.ID}} {{.Names}} {{.Command}} {{.CreatedAt}} {{.Status}} {{.State}} {{.Rootfs}} {{.Labels}}\` in it.`,
	examples: [
		['Everything', 'ps -a'],
		['What failed', 'ps -a --filter exited=1'],
		['For a script', "ps --format '{{.ID}} {{.Names}}'"],
	],
	operands: [],
	sections: [
		section<Ps>(
			'Which',
			toggle('-a, --all', 'also those that do not run', flag('all')),
			list('-f, --filter KEY=VALUE', 'id, name, status, exited or label', (draft, text) => {
				draft.filters.push(parseFilter(text));
			}),
		),
		section<Ps>(
			'How',
			toggle('-q, --quiet', 'ids only', flag('quiet')),
			toggle('--no-trunc', 'ids and commands in full', flag('noTrunc')),
			single('--format FORMAT', 'table, json, or a text with {{.Names}} and the like', (draft, text) => {
				draft.format = text;
			}),
		),
		general,
	],
	newDraft: () => ({all: false, quiet: false, noTrunc: false, filters: [], format: 'table'}),
	act(draft, rest) {
		if (rest.length > 0) {
			throw new Failure(`ps: ${quoted(rest[0] ?? '')} is not needed; see --filter`);
		}

		const asked = draft.all || draft.filters.some(({key}) => key === 'status' || key === 'exited');
		const shown = listContainers(draft.root, asked).filter(container => passes(container, draft.filters));
		print(show(shown, draft));
		return 0;
	},
};

function show(containers: readonly Listed[], {quiet, noTrunc, format}: Ps): string {
	const cells = containers.map(container => cellsOf(container, noTrunc));
	if (quiet) {
		return cells.map(({ID}) => `${ID}\n`).join('');
	}

	if (format === 'json') {
		return `${JSON.stringify(containers, undefined, '\t')}\n`;
	}

	if (format !== 'table') {
		return cells.map(cell => `${fillIn(format, cell)}\n`).join('');
	}

	return table(
		['CONTAINER ID', 'ROOTFS', 'COMMAND', 'CREATED', 'STATUS', 'NAMES'],
		cells.map(cell => [cell.ID, cell.Rootfs, cell.Command, cell.Created, cell.Status, cell.Names]),
	);
}

function cellsOf(container: Listed, whole: boolean) {
	const {id, name, command, rootfs, created, status, labels} = container;
	const text = command.join(' ');
	return {
		ID: whole ? id : id.slice(0, 12),
		Names: name,
		Rootfs: rootfs,
		Command: JSON.stringify(whole || text.length <= 20 ? text : `${text.slice(0, 19)}…`),
		Created: created && `${since(created)} ago`,
		CreatedAt: created,
		Status: statusText(container),
		State: status,
		Labels: Object.entries(labels)
			.map(([key, value]) => `${key}=${value}`)
			.join(','),
	};
}

/** The part of Go's templates that people use with docker: fields, and \t and \n as written. */
function fillIn(format: string, cell: Readonly<Record<string, string>>): string {
	return format.replace(/\\([tn])|\{\{\s*\.(\w+)\s*\}\}/g, (_, escaped: string | undefined, field: string) => {
		if (escaped) {
			return escaped === 't' ? '\t' : '\n';
		}

		const value = Object.hasOwn(cell, field) ? cell[field] : undefined;
		if (value === undefined) {
			throw new Failure(`ps: there is no field ${quoted(field)}: use one of ${Object.keys(cell).join(', ')}`);
		}

		return value;
	});
}
