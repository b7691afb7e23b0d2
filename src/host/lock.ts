/**
 * One at a time, among processes of which any may be killed. Node has no flock(2), and a lock file whose owner died
 * cannot be taken over by unlink and create: two that try may both succeed. So locks are numbered links to their owner,
 * of which the highest counts; it is only ever removed after a higher one has been made.
 */
import {readdirSync, symlinkSync, unlinkSync} from 'node:fs';
import {Failure} from '../spec/failure.js';
import {isDead, self} from './owner.js';
import {readLink} from './read.js';
import {errnoOf} from './reason.js';
import {sleep} from './sleep.js';

const FREE = 'free';
/** Milliseconds. */
const PATIENCE = 20_000;

/**
 * Does something that no other process does in this directory at the same time.
 *
 * @param what the container, for messages
 * @throws Failure when another command has been at it for too long, or the directory is gone
 */
export async function withLock<Result>(
	directory: string,
	what: string,
	action: () => Result | Promise<Result>,
): Promise<Result> {
	const mine = await acquire(directory, what);
	try {
		return await action();
	} finally {
		release(directory, mine);
	}
}

async function acquire(directory: string, what: string): Promise<number> {
	for (const end = Date.now() + PATIENCE; ; await sleep(10)) {
		const top = Math.max(0, ...numbers(directory));
		const holder = top === 0 ? FREE : readLink(lockFile(directory, top));
		if ((holder === FREE || isDead(holder)) && take(directory, top + 1, what)) {
			// Whoever saw the same and was faster has made a higher one by now, or this one is the highest.
			if (Math.max(...numbers(directory)) === top + 1) {
				removeBelow(directory, top + 1);
				return top + 1;
			}

			remove(directory, top + 1);
		}

		if (Date.now() > end) {
			throw new Failure(`container ${what} is busy: process ${holder.split(' ')[0]} is at work on it`);
		}
	}
}

function take(directory: string, number: number, what: string): boolean {
	try {
		symlinkSync(self(), lockFile(directory, number));
		return true;
	} catch (cause) {
		if (errnoOf(cause) === 'EEXIST') {
			return false;
		}

		throw errnoOf(cause) === 'ENOENT' ? new Failure(`container ${what} is gone`, {cause}) : cause;
	}
}

/** Nothing to do where the directory has gone with what was done. */
function release(directory: string, mine: number): void {
	try {
		symlinkSync(FREE, lockFile(directory, mine + 1));
		removeBelow(directory, mine + 1);
	} catch (cause) {
		if (errnoOf(cause) !== 'ENOENT') {
			throw cause;
		}
	}
}

function removeBelow(directory: string, number: number): void {
	for (const old of numbers(directory).filter(other => other < number)) {
		remove(directory, old);
	}
}

function remove(directory: string, number: number): void {
	try {
		unlinkSync(lockFile(directory, number));
	} catch {
		// Someone else has.
	}
}

const lockFile = (directory: string, number: number) => `${directory}/lock.${number}`;

function numbers(directory: string): number[] {
	try {
		return readdirSync(directory).flatMap(name => Number(/^lock\.(\d+)$/.exec(name)?.[1] ?? []));
	} catch {
		return [];
	}
}
