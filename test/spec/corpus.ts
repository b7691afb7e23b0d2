/**
 * The documents that hold the two readers together (fixtures/spec).
 *
 * valid/*.json are documents as they are. invalid/*.json are tables: name → what both readers must say, and how the
 * document is made.
 */
import fs from 'node:fs';
import path from 'node:path';
import {encode} from '../../src/spec/encode.js';
import {readJson} from '../../src/spec/json.js';
import type {Spec} from '../../src/spec/types.js';
import {project} from '../helpers/project.js';

export interface Document {
	name: string;
	bytes: Buffer;
	/** `POINTER: what`; absent: the document is valid. */
	error?: string;
}

interface Recipe {
	error: string;
	/** The whole document, or as hex digits where it is no UTF-8. */
	text?: string;
	hex?: string;
	/** Or: a valid document, changed in these ways. */
	base?: string;
	/** JSON pointers to remove, and to set. */
	remove?: string[];
	set?: Record<string, unknown>;
	/** In the text: what, by what. */
	replace?: [string, string];
	after?: string;
}

type Container = Record<string, unknown>;

const directory = path.join(project, 'fixtures/spec');

/** Of what `set` and `remove` need: integers stay exact, as JSON.parse would not keep them. */
const parse = (text: string) => readJson(text, {bytes: 1 << 20, depth: 32}) as Container;

export const validDocuments = (): Document[] =>
	fs.readdirSync(path.join(directory, 'valid')).map(name => ({name, bytes: validDocument(name)}));

export const validDocument = (name: string): Buffer => fs.readFileSync(path.join(directory, 'valid', name));

/** The invalid ones, by the table that they are in. */
export const invalidDocuments = (): Map<string, Document[]> =>
	new Map(
		fs.readdirSync(path.join(directory, 'invalid')).map(file => {
			const recipes: Record<string, Recipe> = JSON.parse(
				fs.readFileSync(path.join(directory, 'invalid', file), 'utf8'),
			);
			const documents = Object.entries(recipes).map(([name, recipe]) => ({
				name,
				error: recipe.error,
				bytes: make(recipe),
			}));
			return [file, documents];
		}),
	);

function make({text, hex, base, remove, set, replace, after = ''}: Recipe): Buffer {
	if (hex !== undefined) return Buffer.from(hex, 'hex');
	if (base === undefined) return Buffer.from(text ?? '');
	let document = validDocument(base).toString().trim();
	if (replace && !document.includes(replace[0])) throw new Error(`${base} holds no ${replace[0]}`);
	if (replace) document = document.replace(replace[0], () => replace[1]);
	if (remove || set) document = change(document, remove ?? [], set ?? {});
	return Buffer.from(document + after);
}

function change(text: string, remove: string[], set: Record<string, unknown>): string {
	const document = parse(text);
	for (const pointer of remove) {
		const [container, key] = locate(document, pointer);
		if (!Object.hasOwn(container, key)) throw new Error(`nothing to remove at ${pointer}`);
		delete container[key];
	}
	for (const [pointer, value] of Object.entries(set)) {
		const [container, key] = locate(document, pointer);
		// Plain assignment to `__proto__` would set the prototype.
		Object.defineProperty(container, key, {value, enumerable: true, configurable: true, writable: true});
	}
	return encode(document as Partial<Spec>);
}

function locate(document: Container, pointer: string): [Container, string] {
	const keys = pointer
		.split('/')
		.slice(1)
		.map(key => key.replaceAll('~1', '/').replaceAll('~0', '~'));
	const last = keys.pop() ?? '';
	return [keys.reduce((container, key) => container[key] as Container, document), last];
}

/** Documents that are better made than stored. */
export function largeDocuments(): Document[] {
	const minimal = validDocument('minimal.json').toString().trim();
	const padded = (bytes: number) => Buffer.from(minimal + ' '.repeat(bytes - Buffer.byteLength(minimal)));
	const sized = (key: string, count: number, item: (i: number) => unknown) =>
		Buffer.from(
			change(minimal, [], {
				'/linux/namespaces': [{type: 'mount'}],
				[key]: Array.from({length: count}, (_, i) => item(i)),
			}),
		);
	const labels = (count: number) =>
		Buffer.from(
			change(minimal, [], {'/annotations': Object.fromEntries(Array.from({length: count}, (_, i) => [`k${i}`, '']))}),
		);
	const link = (i: number) => ({path: `/l${i}`, target: 't'});
	return [
		{name: '4 MiB', bytes: padded(4 << 20)},
		{name: '4 MiB and 1', bytes: padded((4 << 20) + 1), error: '(document): larger than 4194304 bytes'},
		{name: '1024 labels', bytes: labels(1024)},
		{name: '1025 labels', bytes: labels(1025), error: '/annotations: more than 1024 keys'},
		{name: '1024 links', bytes: sized('/minicontainer/links', 1024, link)},
		{
			name: '1025 links',
			bytes: sized('/minicontainer/links', 1025, link),
			error: '/minicontainer/links: more than 1024 items',
		},
		{name: '100,000 variables', bytes: sized('/process/env', 100_000, i => `K${i}=${i}`)},
		{name: 'a long argument', bytes: sized('/process/args', 1, () => 'é'.repeat(1 << 20))},
		{name: 'a long path', bytes: sized('/linux/maskedPaths', 1, () => '/a'.repeat(1 << 20))},
		{
			name: 'a number with a million digits',
			bytes: Buffer.from(minimal.replace('"uid": 0', `"uid": ${'9'.repeat(1_000_000)}`)),
			error: '/process/user/uid: number out of range',
		},
		{
			name: 'a number with a million zeros',
			bytes: Buffer.from(minimal.replace('"uid": 0', `"uid": ${'0'.repeat(1_000_000)}`)),
			error: '/process/user/uid: not JSON',
		},
	];
}

/** All of them. */
export const documents = (): Document[] => [
	...validDocuments(),
	...[...invalidDocuments().values()].flat(),
	...largeDocuments(),
];
