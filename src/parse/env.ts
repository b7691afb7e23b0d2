import {Failure, quoted} from '../spec/failure.js';

/** Without a value: taken from the caller's environment, and left out where the caller has none. */
export interface EnvEntry {
	name: string;
	value?: string | undefined;
}

/** @throws Failure */
export const checkEnv = (entry: EnvEntry): EnvEntry => {
	const {name, value = ''} = entry;
	if (!/^[^\s=\0]+$/.test(name))
		throw new Failure(`${quoted(name)} is not the name of a variable: use NAME=VALUE or NAME, no white space in NAME`);
	if (value.includes('\0')) throw new Failure(`variable ${quoted(name)} has a NUL character`);
	return entry;
};

/**
 * `NAME=VALUE`, or `NAME` for the caller's own value.
 *
 * @throws Failure
 */
export const parseEnv = (text: string): EnvEntry => {
	const equals = text.indexOf('=');
	return checkEnv(equals < 0 ? {name: text} : {name: text.slice(0, equals), value: text.slice(equals + 1)});
};

const parseLine = (line: string, index: number): EnvEntry[] => {
	const text = line.replace(/^[ \t]+/, '');
	if (text === '' || text.startsWith('#')) return [];
	try {
		return [parseEnv(text)];
	} catch (error) {
		if (error instanceof Failure) throw new Failure(`line ${index + 1}: ${error.message}`);
		throw error;
	}
};

/**
 * An env-file as docker reads it: one `NAME=VALUE` or `NAME` a line, values verbatim (quotes too), empty lines and
 * lines that start with `#` skipped. A byte order mark and CRLF line ends are what editors add, not part of a value.
 *
 * @throws Failure with the line's number
 */
export const parseEnvFile = (text: string): EnvEntry[] =>
	text
		.replace(/^\uFEFF/, '')
		.split(/\r?\n/)
		.flatMap(parseLine);
