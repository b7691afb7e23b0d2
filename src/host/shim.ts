/** The way to the helper, mc-init: the only process on a run's way. */
import {accessSync, closeSync, constants, fstatSync, openSync, readSync, unlinkSync} from 'node:fs';
import {normalize} from 'node:path';
import type {ErrorEvent, Event} from '../spec/events.js';
import {Failure} from '../spec/failure.js';
import {WIRE_VERSION} from '../spec/types.js';
import {writeFromStart} from './files.js';
import {startTime} from './owner.js';
import {absolute} from './paths.js';
import type {Kill} from './signals.js';
import {start} from './spawn.js';

/** The end of the helper's story. */
export type Ending = Extract<Event, {event: 'exited' | 'error'}>;

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

function isExecutable(file: string): boolean {
	try {
		accessSync(file, constants.X_OK);
		return true;
	} catch {
		return false;
	}
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
 * @returns the pid of the container's first process
 * @throws Failure when the command could not be started
 */
export async function runDetached({helper, specFd, statusFd, running}: Omit<HelperRun, 'tty'>): Promise<number> {
	const child = start(helper, ['run', '--detached', ...dieWithUs()], [specFd, statusFd]);
	running(child.kill);
	const death = await child.end;
	const status = readAll(statusFd);
	const end = lastWords(status);
	if (end?.event === 'error') {
		throw failed(end);
	}

	const pid = CREATED.exec(status)?.[1];
	return pid && status.includes('\n{"event":"started"}\n') ? Number(pid) : unexplained(helper, death, status, false);
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

/**
 * @param spec for a first run; else the one that is there
 * @param begin what the helper's story begins with
 */
export function openRun(directory: string, spec: string | undefined, begin: string): RunFiles {
	const files = open(`${directory}/spec.json`, spec, `${directory}/status`);
	writeFromStart(files.statusFd, begin);
	return files;
}

/** As {@link openRun} for what runs in a container besides; its files have no name. */
export function openNameless(directory: string, spec: string): RunFiles {
	const name = `${directory}/${process.pid}`;
	const files = open(`${name}.spec`, spec, `${name}.status`);
	unlinkSync(`${name}.spec`);
	unlinkSync(`${name}.status`);
	return files;
}

function open(specFile: string, spec: string | undefined, statusFile: string): RunFiles {
	const specFd = openSync(specFile, spec === undefined ? 'r' : 'wx+', 0o600);
	if (spec !== undefined) {
		writeFromStart(specFd, spec);
	}

	const statusFd = openSync(statusFile, 'ax+', 0o600);
	const close = () => {
		closeSync(specFd);
		closeSync(statusFd);
	};
	return {specFd, statusFd, close};
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

/** @returns the exit code of the command, or 0 when the keys were typed */
export async function attachTo({helper, directory, input, detachKeys, running}: Attachment): Promise<number> {
	const child = start(helper, ['attach', ...(input ? [] : ['--no-stdin']), '--detach-keys', detachKeys, directory], []);
	running(child.kill);
	const death = await child.end;
	const code = /^with exit code (\d+)$/.exec(death)?.[1];
	if (code === undefined) {
		throw new Failure(`the helper died ${death}; the container goes on without us`);
	}

	return Number(code);
}
