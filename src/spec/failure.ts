/** What {@link Failure} carries besides its message. */
export interface FailureDetails {
	/** What the user can do about it; one line. */
	hint?: string | undefined;
	/** 125 MiniContainer itself failed, or bad usage; 126 not executable; 127 not found. */
	exitCode?: number;
	cause?: unknown;
}

/** The one error that a user meets: a line and perhaps a hint. Any other error is a bug and keeps its stack. */
export class Failure extends Error {
	readonly hint: string | undefined;
	readonly exitCode: number;

	/** @param message one line: what failed, and why */
	constructor(message: string, {hint, exitCode = 125, cause}: FailureDetails = {}) {
		super(message, cause === undefined ? undefined : {cause});
		this.name = 'Failure';
		this.hint = hint;
		this.exitCode = exitCode;
	}
}

/** The most characters of a user's text that an error message repeats. */
const LONGEST = 200;

/**
 * A user's text for an error message: in single quotes, on one line, and harmless to a terminal (control and
 * formatting characters escaped: a file name must not be able to rewrite what the user reads).
 */
export const quoted = (text: string): string => {
	const shown = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
	return `'${plain(shown.replace(/[\n\r\t]/g, character => short[character] ?? character))}'`;
};

const short: Readonly<Record<string, string>> = {'\n': '\\n', '\r': '\\r', '\t': '\\t'};

/** Text on one line, that cannot steer a terminal: control and formatting characters as `\u{7f}`. */
export const plain = (text: string): string =>
	text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, character => `\\u{${character.codePointAt(0)?.toString(16)}}`);
