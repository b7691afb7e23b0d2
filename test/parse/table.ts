import type {ExecutionContext} from 'ava';
import {Failure} from '../../src/spec/failure.js';

/** A test over a grammar: each text and its value, each text and what the error must say. */
export const table =
	<T>(
		parse: (text: string) => T,
		good: readonly (readonly [string, T])[],
		bad: readonly (readonly [string, RegExp])[],
	) =>
	(t: ExecutionContext): void => {
		for (const [text, value] of good) t.deepEqual(parse(text), value, text);
		for (const [text, message] of bad) {
			const error = t.throws(() => parse(text), {instanceOf: Failure}, text);
			t.regex(error?.message ?? '', message, text);
			t.notRegex(error?.message ?? '', /[\n\r\0]/, `one line for ${JSON.stringify(text)}`);
			t.is(error?.exitCode, 125);
		}
	};
