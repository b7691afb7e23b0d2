import {Failure, quoted} from '../spec/failure.js';

/** No slash and no leading dot: a name becomes a directory's name, and must not lead elsewhere. */
const grammar = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/;

export const isName = (text: string): boolean => grammar.test(text);

/**
 * A container's name.
 *
 * @throws Failure
 */
export const parseName = (text: string): string => {
	if (isName(text)) return text;
	throw new Failure(
		`${quoted(text)} is not a name: use 1 to 128 letters, digits, '_', '.' and '-', a letter or digit first`,
	);
};
