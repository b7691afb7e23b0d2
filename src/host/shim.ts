/** The way to the helper, mc-init: the only process on a run's way. */
import {type ChildProcess, spawn} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type {Event} from '../spec/events.js';
import {Failure} from '../spec/failure.js';
import {failure} from './reason.js';
import type {SignalForwarder} from './signals.js';

/** The end of the helper's story. */
export type Ending = Extract<Event, {event: 'exited' | 'error'}>;

export interface HelperRun {
	helper: string;
	/** Where its files go; private to the container. */
	directory: string;
	/** The spec, encoded. */
	spec: string;
	signals: SignalForwarder;
}

/**
 * MC_INIT names another one, for tests. In a checkout `make -C shim` has made the newest; a package has one for each
 * architecture beside the bundle.
 *
 * @throws Failure where there is none that may be executed
 */
export function findHelper(env: NodeJS.ProcessEnv = process.env): string {
	const here = import.meta.dirname;
	const packed = `mc-init-${process.arch}`;
	const places = env.MC_INIT
		? [path.resolve(env.MC_INIT)]
		: [`${here}/../shim/mc-init`, `${here}/${packed}`, `${here}/../../shim/mc-init`];
	const found = places.find(isExecutable);
	if (!found) {
		throw new Failure(env.MC_INIT ? `helper ${env.MC_INIT} not found` : 'helper mc-init not found: run npm run build');
	}

	return path.normalize(found);
}

function isExecutable(file: string): boolean {
	try {
		fs.accessSync(file, fs.constants.X_OK);
		return true;
	} catch {
		return false;
	}
}

/**
 * Runs the helper to its end. It is the leader of a session of its own, so that what is typed at the terminal signals
 * only us, and reaches the container exactly once, by way of the forwarder. Files, not pipes: a pipe would be a socket
 * here, whose classes take longer to load than a container to start.
 *
 * @throws Failure when it does not start, or ends without saying how
 */
export async function runHelper({helper, directory, spec, signals}: HelperRun): Promise<Ending> {
	const specFd = openForReading(`${directory}/spec.json`, spec);
	const statusFd = fs.openSync(`${directory}/status`, 'ax+', 0o600);
	try {
		const child = spawn(helper, ['run', '--spec-fd', '3', '--status-fd', '4', '--die-with', String(process.pid)], {
			stdio: ['inherit', 'inherit', 'inherit', specFd, statusFd],
			detached: true,
		});
		signals.forwardTo(signal => child.kill(signal));
		const death = await endOf(child, helper);
		return lastWords(readAll(statusFd)) ?? unexplained(helper, death);
	} finally {
		fs.closeSync(specFd);
		fs.closeSync(statusFd);
	}
}

function openForReading(file: string, text: string): number {
	fs.writeFileSync(file, text, {mode: 0o600, flag: 'wx'});
	return fs.openSync(file, 'r');
}

/** @returns how it died, for people */
async function endOf(child: ChildProcess, helper: string): Promise<string> {
	return new Promise((resolve, reject) => {
		child.on('error', cause => reject(failure(`cannot execute ${helper}`, cause)));
		child.on('exit', (code, signal) => resolve(signal ? `by ${signal}` : `with exit code ${code}`));
	});
}

function readAll(fd: number): string {
	const buffer = Buffer.allocUnsafe(fs.fstatSync(fd).size);
	return buffer.toString('utf8', 0, fs.readSync(fd, buffer, 0, buffer.length, 0));
}

/** @param status one event a line; whatever ends in the middle of one was not said */
export function lastWords(status: string): Ending | undefined {
	try {
		const event: Event = JSON.parse(status.trimEnd().split('\n').at(-1) ?? '');
		return event.event === 'exited' || event.event === 'error' ? event : undefined;
	} catch {
		return undefined;
	}
}

function unexplained(helper: string, death: string): never {
	throw new Failure(`the helper died ${death}, and with it the container`, {
		hint: `is ${helper} of this version? npm run build makes it anew`,
	});
}
