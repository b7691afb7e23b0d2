import {parseBoolean} from '../parse/boolean.js';
import {Failure} from '../spec/failure.js';
import {type CommandLine, isSpelt, readArgv, UnknownFlag} from './argv.js';
import {Misuse} from './misuse.js';
import {type Draft, emptyDraft, type Option, type Section} from './option.js';

/** One verb: what it is called and takes, how it explains itself, and what it does. */
export interface Verb {
	name: string;
	/** One line; starts with a capital letter, ends without a dot. */
	summary: string;
	/** Paragraphs for the help, as markdown. */
	details: string;
	/** What an example does, and its words after `minicontainer`. */
	examples: readonly (readonly [what: string, words: string])[];
	sections: readonly Section[];
	/**
	 * @param rest the words after the flags
	 * @param complain tells of what went wrong beside the result
	 * @returns the exit code
	 */
	act: (draft: Draft, rest: string[], complain: (error: Failure) => void) => Promise<number> | number;
}

export const optionsOf = ({sections}: Verb): Option[] => sections.flatMap(({options}) => options);

/** @throws Misuse that names the flag and, where there is one, what was probably meant */
export async function readFlags(words: readonly string[], options: readonly Option[]): Promise<CommandLine<Option>> {
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
export const isOn = ({flags}: CommandLine<Option>, name: string): boolean => {
	const value = flags.findLast(({flag}) => isSpelt(flag, name))?.value;
	return value !== undefined && parseBoolean(value) === true;
};

/** @throws Misuse that names the flag whose value is no good */
export function draftOf(flags: CommandLine<Option>['flags']): Draft {
	const draft = emptyDraft();
	for (const {flag, spelling, value} of flags) {
		try {
			flag.put(draft, value);
		} catch (cause) {
			throw cause instanceof Failure ? new Misuse(`${spelling}: ${cause.message}`, {hint: cause.hint, cause}) : cause;
		}
	}

	return draft;
}
