import {Failure, quoted} from '../spec/failure.js';
import {parseMode, type TmpfsMount} from './mount.js';
import {parsePath} from './path.js';
import {parseSize} from './size.js';

type Fields = Pick<TmpfsMount, 'size' | 'mode' | 'readOnly' | 'options'>;

/** Of two words in one row only one can hold. `dev` is not there: device nodes work in /dev only. */
const words: readonly (readonly string[])[] = [
	['ro', 'rw'],
	['noexec', 'exec'],
	['nosuid', 'suid'],
	['nodev'],
	['noatime', 'relatime', 'strictatime'],
	['nodiratime', 'diratime'],
];

const count = (name: string, value: string): string => {
	if (!/^\d{1,10}$/.test(value)) throw new Failure(`${quoted(value)} is not a number for ${name}`);
	return `${name}=${Number(value)}`;
};

/** tmpfs(5) */
const settings: Readonly<Record<string, (value: string) => Fields>> = {
	size: value => ({size: parseSize(value)}),
	mode: value => ({mode: parseMode(value)}),
	...Object.fromEntries(
		['uid', 'gid', 'nr_inodes'].map(name => [name, (value: string) => ({options: [count(name, value)]})]),
	),
};

const rowOf = (word: string): readonly string[] | undefined => words.find(row => row.includes(word));

/**
 * One option.
 *
 * @throws Failure
 */
export const readTmpfsOption = (text: string): Fields => {
	const equals = text.indexOf('=');
	const name = text.slice(0, Math.max(equals, 0));
	if (equals > 0 && Object.hasOwn(settings, name)) return settings[name]?.(text.slice(equals + 1)) ?? {};
	if (text === 'ro' || text === 'rw') return {readOnly: text === 'ro'};
	if (rowOf(text)) return {options: [text]};
	throw new Failure(
		`${quoted(text)} is not an option of a tmpfs: use ${[...words.flat(), ...Object.keys(settings).map(key => `${key}=`)].join(', ')}`,
	);
};

const checkContradictions = (options: readonly string[]): void => {
	const kinds = options.map(option => rowOf(option)?.[0] ?? option.replace(/=.*/s, ''));
	const again = kinds.findIndex((kind, index) => kinds.indexOf(kind) !== index);
	if (again >= 0) throw new Failure(`${quoted(options[again] ?? '')} repeats or contradicts an option before it`);
};

/**
 * `PATH[:OPTION,…]`. Unless an option says otherwise the planner makes it noexec, nosuid and nodev, like docker.
 *
 * @throws Failure
 */
export const parseTmpfs = (text: string): TmpfsMount => {
	const colon = text.indexOf(':');
	const destination = parsePath(colon < 0 ? text : text.slice(0, colon));
	const given = colon < 0 ? [] : text.slice(colon + 1).split(',');
	checkContradictions(given);
	const parts = given.map(readTmpfsOption);
	const options = parts.flatMap(part => part.options ?? []);
	return {type: 'tmpfs', destination, ...Object.assign({}, ...parts), ...(options.length > 0 && {options})};
};
