import {parseBoolean} from '../parse/boolean.js';
import type {Request} from '../plan/request.js';
import {Failure, quoted} from '../spec/failure.js';
import type {Flag} from './argv.js';

/** What a command line has said so far. */
export interface Draft {
	request: {-readonly [Key in keyof Request]?: Request[Key]};
	/** Paths. */
	envFiles: string[];
	/** '' for none. */
	name: string;
	cidFile?: string;
	root?: string;
	/** `plan --oci` */
	oci: boolean;
}

export const emptyDraft = (): Draft => ({request: {}, envFiles: [], name: '', oci: false});

export interface Option extends Flag {
	/** For the help: one line; starts with a small letter, ends without a dot. */
	help: string;
	/** Nothing goes without it. */
	required?: true;
	/** Puts the value where it belongs. Throws Failure. */
	put: (draft: Draft, text: string) => void;
}

/** Options under a heading in the help. */
export interface Section {
	title: string;
	options: readonly Option[];
}

export const section = (title: string, ...options: readonly Option[]): Section => ({title, options});

/** Given twice, the last holds. */
export const single = (spelling: string, help: string, put: Option['put']) => option('string', spelling, help, put);

export const required = (option: Option): Option => ({...option, required: true});

/** May be given many times. */
export const list = (spelling: string, help: string, put: Option['put']) => option('list', spelling, help, put);

export function toggle(spelling: string, help: string, put: (draft: Draft, on: boolean) => void): Option {
	return option('boolean', spelling, help, (draft, text) => {
		const on = parseBoolean(text);
		if (on === undefined) {
			throw new Failure(`${quoted(text)} is neither true nor false`);
		}

		put(draft, on);
	});
}

function option(kind: Option['kind'], spelling: string, help: string, put: Option['put']): Option {
	return {kind, spelling, help, put};
}

type Asked<Key extends keyof Request> = NonNullable<Request[Key]>;
type KeyOf<Kind> = {[Key in keyof Request]-?: Asked<Key> extends Kind ? Key : never}[keyof Request];
type Item<Key extends keyof Request> = Asked<Key> extends readonly (infer One)[] ? One : never;

/** The value becomes a field of the request. */
export function field<Key extends keyof Request>(key: Key, read: (text: string) => Asked<Key>): Option['put'] {
	return ({request}, text) => {
		request[key] = read(text);
	};
}

export function onOff(key: KeyOf<boolean>): (draft: Draft, on: boolean) => void {
	return ({request}, on) => {
		request[key] = on;
	};
}

/** The value becomes one more item of a list. */
export function item<Key extends KeyOf<readonly unknown[]>>(
	key: Key,
	read: (text: string) => Item<Key>,
): Option['put'] {
	return ({request}, text) => {
		Object.assign(request, {[key]: [...(request[key] ?? []), read(text)]});
	};
}

/** The value becomes one more entry of a record; of two with one name the later holds. */
export function entry(key: 'labels' | 'sysctls', read: (text: string) => {name: string; value: string}): Option['put'] {
	return ({request}, text) => {
		const {name, value} = read(text);
		// Not by assignment: `__proto__` is a name like any other.
		request[key] = Object.fromEntries([...Object.entries(request[key] ?? {}), [name, value]]);
	};
}
