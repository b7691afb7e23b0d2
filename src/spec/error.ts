/** A place in a document: member names and array indices, from the root. */
export type Path = readonly (string | number)[];

/** RFC 6901. The whole document is the empty pointer. */
export const pointerOf = (path: Path): string =>
	path.map(key => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** What is wrong with a document, and where. The message is the helper's, word for word: `POINTER: what`. */
export class SpecError extends Error {
	override readonly name = 'SpecError';
	readonly pointer: string;

	constructor(pointer: string, what: string) {
		// A key may hold a newline; a message may not.
		// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
		super(`${pointer || '(document)'}: ${what}`.replaceAll(/[\u0000-\u001f\u007f]/g, '?'));
		this.pointer = pointer;
	}
}
