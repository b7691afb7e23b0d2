import {type LogLine, type LogReader, openLog} from '../host/log.js';
import {stateDirectory} from '../host/paths.js';
import {isUp, readState} from '../host/state.js';
import {changed} from '../host/watch.js';
import {Failure} from '../spec/failure.js';
import {findWhole} from './lookup.js';
import {titleOf} from './title.js';

export interface LogsOptions {
	/** Go on until the container ends. */
	follow: boolean;
	/** So many of the last lines; default: all. */
	tail?: number | undefined;
	/** ISO 8601, UTC: nothing before, nothing after. */
	since?: string | undefined;
	until?: string | undefined;
}

export type Print = (line: LogLine) => void;

/** @throws Failure for a container that has no log */
export async function logs(
	root: string | undefined,
	reference: string,
	options: LogsOptions,
	print: Print,
): Promise<void> {
	const {config, directory} = findWhole(stateDirectory(root), reference);
	const readers = openLog(directory);
	if (readers.length === 0 && readState(directory).status !== 'created') {
		throw new Failure(`container ${titleOf(config)} has no log: its output went to its caller`, {
			hint: 'without --rm, or with -d, a container has one',
		});
	}

	const last = printAll(readers, options, print);
	if (options.follow) {
		await follow(directory, last, options, print);
	} else {
		last?.close();
	}
}

const isWanted =
	({since, until}: LogsOptions) =>
	({time}: LogLine) =>
		(since === undefined || time >= since) && (until === undefined || time <= until);

/** @returns the reader of the newest file, which may grow */
function printAll(readers: readonly LogReader[], options: LogsOptions, print: Print): LogReader | undefined {
	const {tail} = options;
	const kept: LogLine[] = [];
	let last: LogReader | undefined;
	for (const reader of readers) {
		last?.close();
		last = reader;
		for (const line of reader.lines()) {
			if (!isWanted(options)(line)) {
				continue;
			}

			if (tail === undefined) {
				print(line);
			} else {
				keepLast(kept, line, tail);
			}
		}
	}

	kept.slice(Math.max(0, kept.length - (tail ?? 0))).forEach(print);
	return last;
}

/** Not line by line: a shift of a long list for each would take time. The text is copied, for its chunk is large. */
function keepLast(kept: LogLine[], line: LogLine, most: number): void {
	kept.push({...line, text: Buffer.from(line.text)});
	if (kept.length > 2 * most + 1000) {
		kept.splice(0, kept.length - most);
	}
}

async function follow(directory: string, last: LogReader | undefined, options: LogsOptions, print: Print) {
	for (let reader = last; ; await changed(directory)) {
		// Asked first: what was written before the end is read after it.
		const isOver = !isUp(readState(directory));
		reader = printNew(directory, reader, options, print);
		if (isOver) {
			reader?.close();
			return;
		}
	}
}

/**
 * The rest of the file that was read last, then those that came after it.
 *
 * @returns the reader of the newest
 */
function printNew(directory: string, reader: LogReader | undefined, options: LogsOptions, print: Print) {
	const show = (from: LogReader) => [...from.lines()].filter(isWanted(options)).forEach(print);
	let current = reader;
	const readers = openLog(directory);
	// Only now: if others came after it, nothing more will be written to it.
	if (reader) {
		show(reader);
	}

	const position = readers.findIndex(({inode}) => inode === reader?.inode);
	for (const [index, next] of readers.entries()) {
		if (index > position) {
			show(next);
			current?.close();
			current = next;
		} else {
			next.close();
		}
	}

	return current;
}
