import {Failure, quoted} from '../spec/failure.js';

export interface Options {
	verb: string;
	/** Absent where the verb is about none. */
	id: string;
	/** Of an option that was given again the last value; of a flag the empty text. */
	one: (name: string) => string | undefined;
	all: (name: string) => string[];
	has: (name: string) => boolean;
	/** After `--`. */
	words: readonly string[];
}

/** `mc-oci` has read the user's own command line; this is how it hands on what is the planner's. */
export function readOptions(argv: readonly string[]): Options {
	const end = argv.includes('--') ? argv.indexOf('--') : argv.length;
	const given = new Map<string, string[]>();
	const names: string[] = [];
	for (const word of argv.slice(0, end)) {
		const [, name, value = ''] = /^--([a-z-]+)(?:=([\s\S]*))?$/.exec(word) ?? [];
		if (name === undefined) {
			names.push(word);
		} else {
			given.set(name, [...(given.get(name) ?? []), value]);
		}
	}

	const [verb = '', id = ''] = names;
	const all = (name: string) => given.get(name) ?? [];
	return {verb, id, all, one: name => all(name).at(-1), has: name => given.has(name), words: argv.slice(end + 1)};
}

export function needed({one}: Options, name: string): string {
	const value = one(name);
	if (!value) {
		throw new Failure(`--${name} is missing`);
	}

	return value;
}

/** A whole number that may be negative. */
export function whole(name: string, text: string): number {
	const number = Number(text);
	if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(number)) {
		throw new Failure(`--${name}: ${quoted(text)} is not a whole number`);
	}

	return number;
}
