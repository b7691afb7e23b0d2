import {Failure, quoted} from '../spec/failure.js';

/** Whose user namespace a container has. */
export type UsernsRequest =
	/** As always: as root the host's, else one of its own, in which root is the caller. */
	| {kind: 'host'}
	/** One of its own as root, too; none of its ids is another container's. */
	| {kind: 'private'; size?: number}
	/** One in which the caller has the id that he has outside, or this one. */
	| {kind: 'keep-id'; uid?: number; gid?: number};

/** Enough for an image with the usual accounts, nobody (65534) among them. */
const LEAST = 1;
const MOST = 65536;

const number = (text: string, most: number): number | undefined =>
	/^(0|[1-9]\d{0,9})$/.test(text) && Number(text) <= most ? Number(text) : undefined;

const readSize = (options: ReadonlyMap<string, string>): {size?: number} | undefined => {
	const size = number(options.get('size') ?? String(MOST), MOST);
	return size !== undefined && size >= LEAST ? {size} : undefined;
};

const readIds = (options: ReadonlyMap<string, string>): {uid?: number; gid?: number} | undefined => {
	const [uid, gid] = [number(options.get('uid') ?? '0', MOST - 1), number(options.get('gid') ?? '0', MOST - 1)];
	if (uid === undefined || gid === undefined) return undefined;
	return {...(options.has('uid') && {uid}), ...(options.has('gid') && {gid})};
};

/** Options of a kind, `:NAME=VALUE,…`; undefined for one that is unknown, without a value, or twice there. */
const readOptions = (text: string | undefined, names: readonly string[]): Map<string, string> | undefined => {
	const pairs = text === undefined ? [] : text.split(',').map(pair => pair.split('='));
	const good = pairs.every(([name = '', value, more]) => names.includes(name) && value && more === undefined);
	const options = new Map(pairs.map(([name = '', value = '']) => [name, value]));
	return good && options.size === pairs.length ? options : undefined;
};

const kinds: Readonly<Record<string, (text?: string) => UsernsRequest | undefined>> = {
	host: text => (text === undefined ? {kind: 'host'} : undefined),
	private: text => (text === undefined ? {kind: 'private'} : undefined),
	auto: text => {
		const options = readOptions(text, ['size']);
		const size = options && readSize(options);
		return size && {kind: 'private', ...(options.has('size') && size)};
	},
	'keep-id': text => {
		const options = readOptions(text, ['uid', 'gid']);
		const ids = options && readIds(options);
		return ids && {kind: 'keep-id', ...ids};
	},
};

/**
 * The value of `--userns`: `host`, `private`, `auto[:size=N]`, `keep-id[:uid=N,gid=N]`.
 *
 * @throws Failure
 */
export const parseUserns = (text: string): UsernsRequest => {
	const [, kind = '', options] = /^([^:]*)(?::(.*))?$/s.exec(text) ?? [];
	const found = Object.hasOwn(kinds, kind) ? kinds[kind]?.(options) : undefined;
	if (found) return found;
	throw new Failure(
		`${quoted(text)} is not a user namespace: use host, private, auto[:size=N] or keep-id[:uid=N,gid=N]`,
	);
};
