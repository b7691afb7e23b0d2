/** The way to the helper, mc-init: the only process on a run's way. */
import {closeSync, fstatSync, openSync, readSync} from 'node:fs';
import {normalize} from 'node:path';
import type {ErrorEvent, Event} from '../spec/events.js';
import {Failure} from '../spec/failure.js';
import {WIRE_VERSION} from '../spec/types.js';
import {removeFile, writeFromStart} from './files.js';
import {startTime} from './owner.js';
import {absolute} from './paths.js';
import {isExecutable} from './read.js';
import {failure} from './reason.js';
import type {Kill} from './signals.js';
import {start} from './spawn.js';
import {beginStory} from './state.js';

/** The end of the helper's story. */
export type Ending = Extract<Event, {event: 'exited' | 'error'}>;

/** With its start time it is not mistaken for another that has the number later. */
export interface Process {
	pid: number;
	/** Clock ticks after boot. */
	startTime: string;
}

export interface HelperRun {
	helper: string;
	/** Descriptors: the spec, from its beginning, and where the helper's story goes. */
	specFd: number;
	statusFd: number;
	/** Called with the means to signal the helper as soon as it runs; what is done here, is done beside it. */
	running: (kill: Kill) => void;
	/** Whether it may leave the caller's terminal in raw mode, should it die. */
	tty: boolean;
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
		? [absolute(env.MC_INIT)]
		: [`${here}/../shim/mc-init`, `${here}/${packed}`, `${here}/../../shim/mc-init`];
	const found = places.find(isExecutable);
	if (!found) {
		throw new Failure(env.MC_INIT ? `helper ${env.MC_INIT} not found` : 'helper mc-init not found: run npm run build');
	}

	return normalize(found);
}

/**
 * Runs the helper to its end. It is the leader of a session of its own, so that what is typed at the terminal signals
 * only us, and reaches the container exactly once, through `running`. Files, not pipes: a pipe would be a socket
 * here, whose classes take longer to load than a container to start.
 *
 * @throws Failure when it does not start, or ends without saying how
 */
export async function runHelper({helper, specFd, statusFd, running, tty}: HelperRun): Promise<Ending> {
	const child = start(helper, ['run', ...dieWithUs()], [specFd, statusFd]);
	running(child.kill);
	return endingOf(helper, await child.end, statusFd, tty);
}

/**
 * How the helper ended.
 *
 * @param death how it died, for people
 * @throws Failure when it has not said it
 */
export function endingOf(helper: string, death: string, statusFd: number, tty = false): Ending {
	const status = readAll(statusFd);
	return lastWords(status) ?? unexplained(helper, death, status, tty);
}

/**
 * Runs the helper until the command has started; it lives on without us.
 *
 * @returns the container's first process
 * @throws Failure when the command could not be started
 */
export async function runDetached({helper, specFd, statusFd, running}: Omit<HelperRun, 'tty'>): Promise<Process> {
	const child = start(helper, ['run', '--detached', ...dieWithUs()], [specFd, statusFd]);
	running(child.kill);
	const death = await child.end;
	const status = readAll(statusFd);
	const end = lastWords(status);
	if (end?.event === 'error') {
		throw failed(end);
	}

	const [, pid, startTime = ''] = CREATED.exec(status) ?? [];
	return pid && status.includes('{"event":"started"}\n')
		? {pid: Number(pid), startTime}
		: unexplained(helper, death, status, false);
}

const dieWithUs = () => ['--spec-fd', '3', '--status-fd', '4', '--die-with', String(process.pid)];

/** What the helper said of why there is no container. */
export const failed = ({message, hint, exitCode}: ErrorEvent): Failure => new Failure(message, {hint, exitCode});

/** The files of a run, in a directory that is the container's own. */
export interface RunFiles {
	specFd: number;
	statusFd: number;
	close: () => void;
}

/** @param spec for a first run; else the one that is there */
export const openRun = (directory: string, spec?: string): RunFiles =>
	open(`${directory}/spec.json`, spec, () => beginStory(directory));

/** As {@link openRun} for what runs in a container besides; its files have no name. */
export function openNameless(directory: string, spec: string): RunFiles {
	const names = ['spec', 'status'].map(kind => `${directory}/${kind}.${process.pid}`) as [string, string];
	// Who had our pid may have been killed here.
	names.forEach(removeFile);
	try {
		return open(names[0], spec, () => openSync(names[1], 'ax+', 0o600));
	} catch (cause) {
		throw failure('cannot keep the files of a run', cause);
	} finally {
		names.forEach(removeFile);
	}
}

function open(specFile: string, spec: string | undefined, openStatus: () => number): RunFiles {
	const specFd = openSync(specFile, spec === undefined ? 'r' : 'wx+', 0o600);
	try {
		if (spec !== undefined) {
			writeFromStart(specFd, spec);
		}

		const statusFd = openStatus();
		const close = () => {
			closeSync(specFd);
			closeSync(statusFd);
		};
		return {specFd, statusFd, close};
	} catch (cause) {
		closeSync(specFd);
		throw cause;
	}
}

function readAll(fd: number): string {
	const buffer = Buffer.allocUnsafe(fstatSync(fd).size);
	return buffer.toString('utf8', 0, readSync(fd, buffer, 0, buffer.length, 0));
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

const CREATED = /^\{"event":"created","pid":(\d+),"startTime":(\d+)\}$/m;

/** The container was to die with the helper; one that has seen to it that it does not is killed here. */
function killContainer(status: string): void {
	const [, pid, start] = CREATED.exec(status) ?? [];
	if (pid && start === startTime(Number(pid))) {
		process.kill(Number(pid), 'SIGKILL');
	}
}

function unexplained(helper: string, death: string, status: string, tty: boolean): never {
	killContainer(status);
	const {spawnSync} = process.getBuiltinModule('node:child_process');
	if (tty) {
		spawnSync('stty', ['sane'], {stdio: ['inherit', 'ignore', 'ignore']});
	}

	throw new Failure(`the helper died ${death}, and with it the container`, {hint: mismatch(helper)});
}

/** What to do when it is not of our version; asked only when something went wrong, for it costs a process. */
function mismatch(helper: string): string | undefined {
	const {spawnSync} = process.getBuiltinModule('node:child_process');
	try {
		const {wire} = JSON.parse(spawnSync(helper, ['features'], {encoding: 'utf8', timeout: 5000}).stdout);
		if (wire.min <= WIRE_VERSION && WIRE_VERSION <= wire.max) {
			return undefined;
		}
	} catch {
		// No features: then it is something else altogether.
	}

	return `${helper} is not of this version of MiniContainer: npm run build makes it anew`;
}

interface Attachment {
	helper: string;
	/** The container's. */
	directory: string;
	input: boolean;
	detachKeys: string;
	running: (kill: Kill) => void;
}

/**
 * @returns the exit code of the command, or 0 when the keys were typed
 * @throws Failure when there was nobody to attach to, or is no more
 */
export async function attachTo({helper, directory, input, detachKeys, running}: Attachment): Promise<number> {
	const {statusFd, close} = openNameless(directory, '');
	try {
		const flags = ['--status-fd', '3', ...(input ? [] : ['--no-stdin']), '--detach-keys', detachKeys];
		const child = start(helper, ['attach', ...flags, directory], [statusFd]);
		running(child.kill);
		const death = await child.end;
		const end = lastWords(readAll(statusFd));
		if (end?.event === 'error') {
			throw failed(end);
		}

		const code = /^with exit code (\d+)$/.exec(death)?.[1];
		if (code === undefined) {
			throw new Failure(`the helper died ${death}; the container goes on without us`);
		}

		return Number(code);
	} finally {
		close();
	}
}
