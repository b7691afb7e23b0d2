import {parseBoolean} from '../parse/boolean.js';
import {Failure} from '../spec/failure.js';
import {type CommandLine, isSpelt, readArgv, UnknownFlag} from './argv.js';
import {Misuse} from './misuse.js';
import type {Draft, General, Option, Section} from './option.js';

/** One verb: what it is called and takes, how it explains itself, and what it does. */
export interface Verb<D extends General = Draft> {
	name: string;
	/** Its heading among all verbs. */
	group: Group;
	/** One line; starts with a capital letter, ends without a dot. */
	summary: string;
	/** Paragraphs for the help, as markdown. */
	details: string;
	/** What an example does, and its words after `minicontainer`. */
	examples: readonly (readonly [what: string, words: string])[];
	/** What follows the flags, `CONTAINER`; the last may end in `…` for any number more. */
	operands: readonly string[];
	sections: readonly Section<D>[];
	newDraft: () => D;
	/**
	 * @param rest the words after the flags
	 * @param complain tells of what went wrong beside the result
	 * @returns the exit code
	 */
	act: (draft: D, rest: string[], complain: (error: Failure) => void) => Promise<number> | number;
}

export type Group =
	| 'Run containers'
	| 'Look at containers'
	| 'End and remove containers'
	| 'Change containers'
	| 'Networks';

// biome-ignore lint/suspicious/noExplicitAny: a verb's draft is its own business
export type AnyVerb = Verb<any>;

export const optionsOf = ({sections}: AnyVerb): Option<never>[] => sections.flatMap(({options}) => options);

/** @throws Misuse that names the flag and, where there is one, what was probably meant */
export async function readFlags(
	words: readonly string[],
	options: readonly Option<never>[],
): Promise<CommandLine<Option<never>>> {
	try {
		return readArgv(words, options);
	} catch (error) {
		if (!(error instanceof UnknownFlag)) {
			throw error;
		}

		const known = options.flatMap(({spelling}) => spelling.match(/--[a-z-]+/g) ?? []);
		throw new Misuse(error.message + (await suggestion(error.spelling, known)), {cause: error});
	}
}

/** `(did you mean …?)`, or nothing. */
export async function suggestion(word: string, known: readonly string[]): Promise<string> {
	const {nearest} = await import('./nearest.js');
	const meant = nearest(word, known);
	return meant === undefined ? '' : ` (did you mean ${meant}?)`;
}

/** Was this switch (`--debug`) given, and not taken back? */
export const isOn = ({flags}: CommandLine<Option<never>>, name: string): boolean => {
	const value = flags.findLast(({flag}) => isSpelt(flag, name))?.value;
	return value !== undefined && parseBoolean(value) === true;
};

/** @throws Misuse that names the flag whose value is no good */
export function fill<D>(draft: D, flags: CommandLine<Option<D>>['flags']): D {
	for (const {flag, spelling, value} of flags) {
		try {
			flag.put(draft, value);
		} catch (cause) {
			throw cause instanceof Failure ? new Misuse(`${spelling}: ${cause.message}`, {hint: cause.hint, cause}) : cause;
		}
	}

	return draft;
}

/**
 * The one container that a verb is about.
 *
 * @throws Misuse when there is none, or more
 */
export function oneOf(words: readonly string[]): string {
	const [first, another] = words;
	if (first === undefined) {
		throw new Misuse('CONTAINER is missing');
	}

	if (another !== undefined) {
		throw new Misuse('one CONTAINER only');
	}

	return first;
}

/**
 * Does something with each of many containers: what fails for one is told, and does not keep the others from it.
 *
 * @returns the exit code: of the last failure, if there was one
 */
export async function forEach(
	words: readonly string[],
	complain: (error: Failure) => void,
	action: (word: string) => unknown,
): Promise<number> {
	if (words.length === 0) {
		throw new Misuse('CONTAINER is missing');
	}

	let code = 0;
	for (const word of words) {
		try {
			await action(word);
		} catch (error) {
			if (!(error instanceof Failure)) {
				throw error;
			}

			complain(error);
			code = error.exitCode;
		}
	}

	return code;
}
