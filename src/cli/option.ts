import {parseBoolean} from '../parse/boolean.js';
import type {Request} from '../plan/request.js';
import {Failure, quoted} from '../spec/failure.js';
import type {Flag} from './argv.js';

/** What every command line may say. */
export interface General {
	/** Where containers are kept. */
	root?: string;
}

/** What a command line has said so far of a container to be made. */
export interface Draft extends General {
	request: {-readonly [Key in keyof Request]?: Request[Key]};
	/** Paths. */
	envFiles: string[];
	/** A profile that is to be read; '' for none. */
	seccompFile: string;
	/** '' for none. */
	name: string;
	cidFile?: string;
	remove: boolean;
	detach: boolean;
	/** A number. */
	stopSignal: number;
	/** Milliseconds. */
	stopTimeout: number;
	log: {maxSize: number; files: number};
	/** `plan --oci` */
	oci: boolean;
}

const SIGTERM = 15;

export const emptyDraft = (): Draft => ({
	request: {},
	envFiles: [],
	seccompFile: '',
	name: '',
	remove: false,
	detach: false,
	stopSignal: SIGTERM,
	stopTimeout: 10_000,
	log: {maxSize: 10 * 2 ** 20, files: 3},
	oci: false,
});

/** One flag; what it says goes to a draft of kind D. */
export interface Option<in D = Draft> extends Flag {
	/** For the help: one line; starts with a small letter, ends without a dot. */
	help: string;
	/** Nothing goes without it. */
	required?: true;
	/** Puts the value where it belongs. Throws Failure. */
	put: (draft: D, text: string) => void;
}

/** Options under a heading in the help. */
export interface Section<in D = Draft> {
	title: string;
	options: readonly Option<D>[];
}

export const section = <D = Draft>(title: string, ...options: readonly Option<D>[]): Section<D> => ({title, options});

type Put<D> = Option<D>['put'];

/** Given twice, the last holds. */
export const single = <D = Draft>(spelling: string, help: string, put: Put<D>) => option('string', spelling, help, put);

export const required = <D>(option: Option<D>): Option<D> => ({...option, required: true});

/** May be given many times. */
export const list = <D = Draft>(spelling: string, help: string, put: Put<D>) => option('list', spelling, help, put);

export function toggle<D = Draft>(spelling: string, help: string, put: (draft: D, on: boolean) => void): Option<D> {
	return option('boolean', spelling, help, (draft: D, text) => {
		const on = parseBoolean(text);
		if (on === undefined) {
			throw new Failure(`${quoted(text)} is neither true nor false`);
		}

		put(draft, on);
	});
}

function option<D>(kind: Option['kind'], spelling: string, help: string, put: Put<D>): Option<D> {
	return {kind, spelling, help, put};
}

/** A switch that becomes a field of the draft. */
export const flag =
	<Key extends string>(key: Key) =>
	(draft: Record<Key, boolean>, on: boolean): void => {
		draft[key] = on;
	};

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
