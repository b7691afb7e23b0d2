import type {Listed} from '../runtime/list.js';
import {Failure, quoted} from '../spec/failure.js';

export interface Filter {
	key: string;
	matches: (container: Listed) => boolean;
}

const label = (text: string) => {
	const [name = '', value] = text.split(/=(.*)/s);
	return ({labels}: Listed) => Object.hasOwn(labels, name) && (value === undefined || labels[name] === value);
};

const kinds: Readonly<Record<string, (text: string) => Filter['matches']>> = {
	id: text => container => container.id.startsWith(text),
	name: text => container => container.name.includes(text),
	status: text => container => container.status === text,
	exited: text => container => container.status === 'exited' && String(container.exitCode) === text,
	label,
};

/**
 * `name=web`, `status=exited`, `label=a=b`: docker's. Those of one kind are alternatives.
 *
 * @throws Failure
 */
export function parseFilter(text: string): Filter {
	const [key = '', value] = text.split(/=(.*)/s);
	const make = Object.hasOwn(kinds, key) ? kinds[key] : undefined;
	if (!make || value === undefined) {
		throw new Failure(`${quoted(text)} is not a filter: use ${Object.keys(kinds).join('=, ')}= and a value`);
	}

	return {key, matches: make(value)};
}

export function passes(container: Listed, filters: readonly Filter[]): boolean {
	const keys = [...new Set(filters.map(({key}) => key))];
	return keys.every(key => filters.some(filter => filter.key === key && filter.matches(container)));
}
