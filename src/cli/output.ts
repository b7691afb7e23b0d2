/** Writing to the terminal or a pipe without process.stdout: to make that stream takes 2 ms, and a line needs none. */
import {writeSync} from 'node:fs';
import {errnoOf, failure} from '../host/reason.js';
import {Failure, plain} from '../spec/failure.js';

/** @throws Failure, such as for a full disk; not for a reader that has gone away, as `| head` does */
export const print = (text: string): void => printTo(1, Buffer.from(text));

/** As {@link print}, to stdout (1) or stderr (2). */
export function printTo(fd: 1 | 2, bytes: Buffer): void {
	try {
		writeAll(fd, bytes);
	} catch (cause) {
		if (errnoOf(cause) === 'EPIPE') {
			// What is still to come (of `logs -f`, for example) would go nowhere, too.
			process.exit(0);
		}

		throw failure(`cannot write to standard ${fd === 1 ? 'output' : 'error'}`, cause);
	}
}

/** Where there is no stderr there is nobody to tell either. */
export function complain(text: string): void {
	try {
		writeAll(2, Buffer.from(text));
	} catch {}
}

/** A pipe that someone else made non-blocking may be full for a while. */
function writeAll(fd: number, bytes: Buffer): void {
	for (let at = 0; at < bytes.length; ) {
		try {
			at += writeSync(fd, bytes, at);
		} catch (cause) {
			if (errnoOf(cause) !== 'EAGAIN') {
				throw cause;
			}

			Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
		}
	}
}

/**
 * Says what went wrong: one line, perhaps another with a hint, and a stack when it is asked for.
 *
 * @returns the exit code
 */
export function report(error: unknown, debug: boolean): number {
	const failed = error instanceof Failure ? error : bug(error);
	complain(`minicontainer: ${oneLine(failed.message)}\n`);
	if (failed.hint) {
		complain(`hint: ${oneLine(failed.hint)}\n`);
	}

	if (debug) {
		complain(`${traces(failed).split('\n').map(oneLine).join('\n')}\n`);
	}

	return failed.exitCode;
}

function bug(cause: unknown): Failure {
	return new Failure(`this is a bug: ${cause}`, {cause, hint: 'please report it, with what --debug says'});
}

function traces(error: unknown): string {
	const own = (error instanceof Error && error.stack) || String(error);
	return error instanceof Error && error.cause !== undefined ? `${own}\ncaused by: ${traces(error.cause)}` : own;
}

/** Whatever a path or a helper's message holds, it must not break the line or steer the terminal. */
const oneLine = (text: string): string => plain(text.replace(/\n/g, '\\n'));
