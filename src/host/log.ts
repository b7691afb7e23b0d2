/** A container's log, as its helper writes it: `TIME STREAM TAG TEXT`, a line each (log.c), in files of bounded size. */
import {closeSync, fstatSync, lstatSync, openSync, readSync, statSync} from 'node:fs';
import {isDeepStrictEqual} from 'node:util';
import {errnoOf, failure} from './reason.js';
import {list} from './tree.js';

export interface LogLine {
	/** RFC 3339 with nanoseconds, UTC. */
	time: string;
	stream: 'stdout' | 'stderr';
	/** With its newline, where there was one: what the command wrote. */
	text: Buffer;
}

const NEWLINE = 0x0a;
const SPACE = 0x20;
const CHUNK = 1 << 16;

/** Reads one file from where it stood, as often as more is written to it. */
export class LogReader {
	readonly #fd: number;
	#rest: Buffer = Buffer.alloc(0);

	constructor(file: string) {
		this.#fd = openSync(file, 'r');
	}

	/** The inode, by which a file is known after it was moved aside. */
	get inode(): bigint {
		return fstatSync(this.#fd, {bigint: true}).ino;
	}

	/** What has been written since, whole lines only. */
	*lines(): Generator<LogLine> {
		const chunk = Buffer.allocUnsafe(CHUNK);
		for (let n = readSync(this.#fd, chunk); n > 0; n = readSync(this.#fd, chunk)) {
			let text = Buffer.concat([this.#rest, chunk.subarray(0, n)]);
			for (let end = text.indexOf(NEWLINE); end >= 0; end = text.indexOf(NEWLINE)) {
				const line = parse(text.subarray(0, end + 1));
				text = text.subarray(end + 1);
				if (line) {
					yield line;
				}
			}

			this.#rest = text;
		}
	}

	close(): void {
		closeSync(this.#fd);
	}
}

/** @param line with its newline */
function parse(line: Buffer): LogLine | undefined {
	const first = line.indexOf(SPACE);
	const second = line.indexOf(SPACE, first + 1);
	const third = line.indexOf(SPACE, second + 1);
	const stream = line.toString('latin1', first + 1, second);
	if (third < 0 || (stream !== 'stdout' && stream !== 'stderr')) {
		return undefined;
	}

	const isWhole = line.toString('latin1', second + 1, third) === 'F';
	return {time: line.toString('latin1', 0, first), stream, text: line.subarray(third + 1, isWhole ? undefined : -1)};
}

/** The files of a log, the oldest first; none when the container is gone. */
function logFiles(directory: string): string[] {
	const age = (name: string) => Number(name.split('.')[1] ?? 0);
	return list(directory)
		.filter(name => /^log(\.\d+)?$/.test(name) && isFile(`${directory}/${name}`))
		.sort((a, b) => age(b) - age(a))
		.map(name => `${directory}/${name}`);
}

/** So often a log that is moved aside while its files are opened is tried again; then what there is will have to do. */
const ATTEMPTS = 50;

/** All files of a log, the oldest first, none missed and none twice. */
export function openLog(directory: string): LogReader[] {
	for (let attempt = 1; ; attempt++) {
		const files = logFiles(directory);
		const readers = files.flatMap(openThere);
		const still = logFiles(directory).map(inodeOf);
		if (
			attempt === ATTEMPTS ||
			isDeepStrictEqual(
				still,
				readers.map(({inode}) => inode),
			)
		) {
			return readers;
		}

		for (const reader of readers) {
			reader.close();
		}
	}
}

function openThere(file: string): LogReader[] {
	try {
		return [new LogReader(file)];
	} catch (cause) {
		if (errnoOf(cause) === 'ENOENT') {
			return [];
		}

		throw failure(file, cause);
	}
}

const isFile = (path: string): boolean => lstatSync(path, {throwIfNoEntry: false})?.isFile() ?? false;
const inodeOf = (file: string): bigint | undefined => statSync(file, {bigint: true, throwIfNoEntry: false})?.ino;
