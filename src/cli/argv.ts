/**
 * Reads a command line by docker's rules (those of pflag, a Go library) up to the first word that is no flag; what
 * follows is the command's, and is not looked at.
 *
 * Neither clipanion nor node:util's parseArgs does. clipanion 3.2.1 takes `A=1` of `-ite A=1` for the first positional,
 * refuses `-eA=1` and `--tty=false`, and takes 14 ms to load and to build its state machine, where bare Node starts in
 * 24: with it a whole `minicontainer run` cannot be had within 1.7 of `node -e 0`. parseArgs takes the `e` in `-t=false`
 * for `--env`, keeps the `=` of `-e=A=1`, and reads the command's arguments too.
 */
import {Misuse} from './misuse.js';

export interface Flag {
	/** All ways to spell it, and what stands for its value: `-e, --env NAME[=VALUE]`. */
	spelling: string;
	kind: 'boolean' | 'string' | 'list';
}

/** @param word with its dashes */
export const isSpelt = ({spelling}: Flag, word: string): boolean =>
	` ${spelling.replaceAll(',', '')} `.includes(` ${word} `);

export interface Occurrence<F extends Flag> {
	flag: F;
	/** As it was written, for messages: `-e`, `--env`. */
	spelling: string;
	/** Text also for a boolean: `true`, unless something else was said. */
	value: string;
}

export interface CommandLine<F extends Flag> {
	/** In the order in which they were given. */
	flags: Occurrence<F>[];
	/** The first word that is no flag, and all that follow. */
	rest: string[];
}

/** @throws Failure for an unknown flag, or one that lacks its value */
export function readArgv<F extends Flag>(words: readonly string[], flags: readonly F[]): CommandLine<F> {
	const reader = new Reader(words, flags);
	reader.read();
	return {flags: reader.found, rest: words.slice(reader.at)};
}

class Reader<F extends Flag> {
	readonly found: Occurrence<F>[] = [];
	/** The next word. */
	at = 0;

	constructor(
		private readonly words: readonly string[],
		private readonly flags: readonly F[],
	) {}

	read(): void {
		for (let word = this.words[this.at]; word?.startsWith('-') && word !== '-'; word = this.words[this.at]) {
			this.at++;
			if (word === '--') {
				return;
			}

			word.startsWith('--') ? this.long(word) : this.letters(word.slice(1));
		}
	}

	/** `--name`, `--name=value`, `--name value` */
	private long(word: string): void {
		const equals = word.indexOf('=');
		const spelling = equals < 0 ? word : word.slice(0, equals);
		const flag = this.flags.find(known => isSpelt(known, spelling));
		this.take(flag, spelling, equals < 0 ? undefined : word.slice(equals + 1));
	}

	/** `-i`, `-it`, `-e A=1`, `-eA=1`, `-e=A=1`, `-ite A=1`, `-t=false` */
	private letters(letters: string): void {
		const spelling = `-${letters[0]}`;
		const flag = this.flags.find(known => isSpelt(known, spelling));
		const more = letters.slice(1);
		if (more.startsWith('=')) {
			this.take(flag, spelling, more.slice(1));
		} else if (more && flag?.kind === 'boolean') {
			this.take(flag, spelling);
			this.letters(more);
		} else {
			this.take(flag, spelling, more || undefined);
		}
	}

	private take(flag: F | undefined, spelling: string, value?: string): void {
		if (!flag) {
			throw new UnknownFlag(spelling);
		}

		const text = value ?? (flag.kind === 'boolean' ? 'true' : this.words[this.at++]);
		if (text === undefined) {
			throw new Misuse(`${spelling} needs a value`);
		}

		this.found.push({flag, spelling, value: text});
	}
}

export class UnknownFlag extends Misuse {
	/** @param spelling with its dashes */
	constructor(readonly spelling: string) {
		super(`unknown flag ${spelling}`);
	}
}
