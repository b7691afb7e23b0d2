import {type ChildProcess, spawn} from 'node:child_process';
import type {Readable, Writable} from 'node:stream';
import type {Box} from './box.js';
import {cli, payload} from './project.js';
import {Transcript} from './transcript.js';

/** As the kernel has it; `flags` are the four of struct termios. */
export interface TerminalState {
	rows: number;
	columns: number;
	echo: boolean;
	canonical: boolean;
	signals: boolean;
	flags: number[];
}

export interface TerminalEnd extends TerminalState {
	code?: number;
	signal?: number;
}

interface TerminalEvent extends TerminalEnd {
	event: 'started' | 'state' | 'exited';
	pid?: number;
}

/** A real pseudo-terminal with a command on it and someone who types (fixtures/payload/terminal.c). */
export class Terminal {
	/** What is on the screen so far. */
	readonly screen: Transcript;
	readonly #child: ChildProcess;
	readonly #events: Transcript;
	#seen = 0;

	constructor(box: Box, command: readonly string[], {rows = 24, columns = 80, env = {}} = {}) {
		this.#child = spawn(payload('terminal'), [String(rows), String(columns), ...command], {
			cwd: box.dir,
			env: {...box.env, ...env},
			stdio: ['pipe', 'pipe', 'inherit', 'pipe'],
		});
		// Orders to a terminal that is over are of no avail, and no error: its last event tells.
		this.#child.stdin?.on('error', () => {});
		this.screen = new Transcript(this.#child.stdout as Readable);
		this.#events = new Transcript(this.#child.stdio[3] as Readable);
	}

	/** `minicontainer run -it --rootfs ROOTFS …` */
	static run(box: Box, args: readonly string[], size?: {rows: number; columns: number}): Terminal {
		return new Terminal(box, [cli, 'run', '--rm', '-it', '--rootfs', box.rootfs, ...args], size);
	}

	type(text: string): void {
		this.#order(`type ${Buffer.from(text).toString('hex')}`);
	}

	resize(rows: number, columns: number): void {
		this.#order(`resize ${rows} ${columns}`);
	}

	hangUp(): void {
		this.#order('hangup');
	}

	async state(): Promise<TerminalState> {
		this.#order('state');
		return this.#event('state');
	}

	/** The process id of the command. */
	async pid(): Promise<number> {
		return (await this.#event('started')).pid ?? 0;
	}

	/** Waits for the command's end, and for all that it has printed. */
	async end(): Promise<TerminalEnd> {
		const end = await this.#event('exited');
		await this.screen.ended();
		return end;
	}

	#order(line: string): void {
		(this.#child.stdin as Writable).write(`${line}\n`);
	}

	/** The next event of this kind. */
	async #event(kind: TerminalEvent['event']): Promise<TerminalEvent> {
		for (;;) {
			await this.#events.until(text => text.split('\n').length - 1 > this.#seen);
			const event: TerminalEvent = JSON.parse(this.#events.text.split('\n')[this.#seen++] as string);
			if (event.event === kind) {
				return event;
			}
		}
	}
}
