import {Failure, quoted} from '../spec/failure.js';
import {parseBoolean} from './boolean.js';
import {parseCsv} from './csv.js';
import {checkPath, parsePath} from './path.js';
import {parseSize} from './size.js';

export interface BindMount {
	type: 'bind';
	source: string;
	destination: string;
	readOnly?: boolean | undefined;
	/** Submounts too. Default true. */
	recursive?: boolean | undefined;
}

export interface TmpfsMount {
	type: 'tmpfs';
	destination: string;
	/** Bytes; default and 0: the kernel's own limit, half of the memory. */
	size?: number | undefined;
	/** Permission bits; default 0o1777. */
	mode?: number | undefined;
	readOnly?: boolean | undefined;
	/** Further mount options, e.g. `exec`. */
	options?: readonly string[] | undefined;
}

export type MountRequest = BindMount | TmpfsMount;

type Type = MountRequest['type'];
type Fields = Partial<Omit<BindMount, 'type'> & Omit<TmpfsMount, 'type'>>;
interface Key {
	/** The one type that has this key; absent: both. */
	only?: Type;
	/** Stands for the value where there is no `=`. */
	bare?: string;
	read: (value: string) => Fields;
}

/** 0..0o7777 as octal digits; an `0o` is not docker's. */
export const parseMode = (text: string): number => {
	if (!/^[0-7]{1,5}$/.test(text) || Number.parseInt(text, 8) > 0o7777)
		throw new Failure(`${quoted(text)} is not a mode: use octal digits, e.g. 1777`);
	return Number.parseInt(text, 8);
};

const bool = (text: string): boolean => {
	const value = parseBoolean(text);
	if (value === undefined) throw new Failure(`${quoted(text)} is not a boolean: use true or false`);
	return value;
};

/** The value of an enumeration, or why it cannot be had. */
const choice = (values: Readonly<Record<string, Fields>>) => (text: string) => {
	const found = Object.hasOwn(values, text) ? values[text] : undefined;
	if (!found) throw new Failure(`${quoted(text)} is not supported: use ${Object.keys(values).join(' or ')}`);
	return found;
};

const source: Key = {only: 'bind', read: value => ({source: checkPath(value)})};
const destination: Key = {read: value => ({destination: parsePath(value)})};
const readOnly: Key = {bare: 'true', read: value => ({readOnly: bool(value)})};

/** Docker's keys. Read-only is recursive already, so `writable` submounts below a read-only mount cannot be had. */
const keys: ReadonlyMap<string, Key> = new Map<string, Key>([
	['source', source],
	['src', source],
	['target', destination],
	['destination', destination],
	['dst', destination],
	['readonly', readOnly],
	['ro', readOnly],
	['tmpfs-size', {only: 'tmpfs', read: value => ({size: parseSize(value)})}],
	['tmpfs-mode', {only: 'tmpfs', read: value => ({mode: parseMode(value)})}],
	['bind-propagation', {only: 'bind', read: choice({rprivate: {}, private: {}})}],
	['bind-nonrecursive', {only: 'bind', bare: 'true', read: value => ({recursive: !bool(value)})}],
	[
		'bind-recursive',
		{
			only: 'bind',
			read: choice({enabled: {recursive: true}, disabled: {recursive: false}, readonly: {recursive: true}}),
		},
	],
	['consistency', {read: choice({default: {}, consistent: {}, cached: {}, delegated: {}})}],
]);

const split = (field: string): [name: string, value: string | undefined] => {
	const equals = field.indexOf('=');
	return equals < 0 ? [field, undefined] : [field.slice(0, equals), field.slice(equals + 1)];
};

const readType = (pairs: readonly (readonly [string, string | undefined])[]): Type => {
	const types = pairs.filter(([name]) => name === 'type').map(([, value]) => value ?? '');
	if (types.length !== 1) throw new Failure(types.length ? 'type is said twice' : 'type is missing: use bind or tmpfs');
	const [type = ''] = types;
	if (type !== 'bind' && type !== 'tmpfs')
		throw new Failure(`type ${quoted(type)} is not supported: use bind or tmpfs`);
	return type;
};

const readField = (type: Type, name: string, value: string | undefined): Fields => {
	const key = keys.get(name);
	if (!key) throw new Failure(`${quoted(name)} is not a key of --mount: use ${[...keys.keys()].join(', ')}`);
	if (key.only && key.only !== type) throw new Failure(`${name} does not go with type=${type}`);
	const text = value ?? key.bare;
	if (text === undefined) throw new Failure(`${name} needs a value`);
	return key.read(text);
};

/** Each key's fields, put together; a field that is said twice would leave open which one holds. */
const collect = (type: Type, pairs: readonly (readonly [string, string | undefined])[]): Fields => {
	const fields: Fields = {};
	for (const [name, value] of pairs) {
		const found = readField(type, name, value);
		const again = Object.keys(found).find(field => Object.hasOwn(fields, field));
		if (again) throw new Failure(`${name}: ${again} is said twice`);
		Object.assign(fields, found);
	}
	return fields;
};

/**
 * Docker's `--mount`: a CSV record of `key=value`, so that any path can be said:
 * `type=bind,"source=/a,b",target=/c,readonly`.
 *
 * @throws Failure
 */
export const parseMount = (text: string): MountRequest => {
	const pairs = parseCsv(text).map(split);
	const type = readType(pairs);
	const {
		source: from,
		destination: to,
		...rest
	} = collect(
		type,
		pairs.filter(([name]) => name !== 'type'),
	);
	if (to === undefined) throw new Failure('target is missing');
	if (type === 'tmpfs') return {type, destination: to, ...rest};
	if (from === undefined) throw new Failure('source is missing');
	return {type, source: from, destination: to, ...rest};
};
