import {isUtf8} from 'node:buffer';
import {readFileSync} from 'node:fs';
import {Failure, quoted} from '../spec/failure.js';

/**
 * Node reads arguments as UTF-8 and puts U+FFFD for what is none. That would be another file, or another argument for
 * the command, than was asked for; and a spec is UTF-8 too.
 */
export function checkUtf8(words: readonly string[]): void {
	const suspect = words.find(word => word.includes('\uFFFD'));
	if (suspect !== undefined && !isUtf8(readFileSync('/proc/self/cmdline'))) {
		throw new Failure(`argument ${quoted(suspect)} is not UTF-8 text`);
	}
}
