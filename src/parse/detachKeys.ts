import {Failure, quoted} from '../spec/failure.js';

/** Docker's grammar: a character, or ctrl- and one of `a-z @ [ \ ] ^ _`, separated by commas. */
const key = (text: string): string => {
	if (/^ctrl-[a-z@[\\\]^_]$/.test(text)) return String.fromCharCode(text.toUpperCase().charCodeAt(5) & 0x1f);
	if (/^[\x21-\x7e]$/.test(text)) return text;
	throw new Failure(`${quoted(text)} is not a key: use a character, or ctrl-a and the like, separated by commas`);
};

/**
 * `ctrl-p,ctrl-q`, `ctrl-x,x`; '' for none.
 *
 * @returns the characters that a terminal sends for them
 * @throws Failure
 */
export const parseDetachKeys = (text: string): string => (text === '' ? '' : text.split(',').map(key).join(''));
