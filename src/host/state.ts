/**
 * How a container is, told by what is there and by nothing that could be out of date: the helper's story of its last
 * run (`status`), the end that the helper wrote down (`exit.json`), and the process itself.
 */
import {closeSync, openSync, renameSync} from 'node:fs';
import type {Event} from '../spec/events.js';
import {isoTime} from '../spec/time.js';
import {removeFile, writeFromStart} from './files.js';
import {bootId, isDead, self, startTime} from './owner.js';
import {readIfThere, readText} from './read.js';

/** `dead`: it ended, and nobody was left to say how, for its helper was killed or the machine stopped. */
export type Status = 'created' | 'starting' | 'running' | 'exited' | 'dead';

export interface State {
	status: Status;
	/** While it runs. */
	pid?: number;
	startTime?: number;
	/** ISO 8601, UTC. */
	started?: string;
	finished?: string;
	/** Once it has ended: the command's own, 128+n for a signal, 125 to 127 when it could not start. */
	exitCode?: number;
	signal?: number;
	/** Killed for reaching its memory limit. */
	oom?: boolean;
	/** Killed when its time (`--timeout`) was up. */
	timeout?: boolean;
	/** Why it could not start. */
	error?: {step: string; errno?: string; message: string};
}

/** Whether it runs, or is about to. */
export const isUp = ({status}: State): boolean => status === 'running' || status === 'starting';

/** The first line of `status`: who starts the container, and when. */
interface Starting {
	event: 'starting';
	by: string;
	time: string;
}

type Told = Event | Starting;
type End = Extract<Event, {event: 'exited' | 'error'}>;

/** What `status` begins with; a boot id and a process are in it. */
const starting = (time: string): string => {
	const line: Starting = {event: 'starting', by: self(), time};
	return `${JSON.stringify(line)}\n`;
};

/**
 * The helper writes the end down before the process is gone (supervise.c): of one that is gone the end is known when we
 * look again, or it never will be.
 *
 * @param directory the container's
 * @param brief of one that has ended no more than that is wanted
 */
export function readState(directory: string, brief = false): State {
	const state = look(directory, brief);
	return state.status === 'dead' ? look(directory, brief) : state;
}

function look(directory: string, brief: boolean): State {
	const recorded = lines(readIfThere(`${directory}/exit.json`)).find(isEnd);
	if (recorded && brief) {
		return {status: 'exited'};
	}

	const told = lines(readIfThere(`${directory}/status`));
	const first = told.find(isStarting);
	if (!first) {
		return {status: 'created'};
	}

	const end = recorded ?? told.find(isEnd);
	const begun = told.some(event => event.event === 'started') ? {started: first.time} : {};
	if (end) {
		return {status: 'exited', ...begun, ...describe(end)};
	}

	const created = told.find(isCreated);
	const alive = created && sameBoot(first.by) && startTime(created.pid) === String(created.startTime);
	if (alive) {
		const {pid} = created;
		return {status: begun.started ? 'running' : 'starting', pid, startTime: created.startTime, ...begun};
	}

	return {status: !created && !isDead(first.by) ? 'starting' : 'dead', ...begun, ...(created && {exitCode: 137})};
}

/** The helper's story, also when its file has been removed. */
export function openStory(directory: string): {exitCode: () => number; close: () => void} {
	try {
		const fd = openSync(`${directory}/status`, 'r');
		return {
			exitCode: () => {
				const end = lines(readText(`/proc/self/fd/${fd}`)).find(isEnd);
				return end ? (describe(end).exitCode ?? 0) : 0;
			},
			close: () => closeSync(fd),
		};
	} catch {
		return {exitCode: () => 0, close: () => {}};
	}
}

const isEnd = (event: Told): event is End & {time?: string} =>
	event.event === 'exited' || (event.event === 'error' && typeof event.exitCode === 'number');
const isStarting = (event: Told): event is Starting => event.event === 'starting' && typeof event.by === 'string';
const isCreated = (event: Told) => event.event === 'created';

function describe(end: End & {time?: string}): Omit<State, 'status'> {
	const finished = end.time === undefined ? {} : {finished: end.time};
	if (end.event === 'error') {
		const {step, errno, message, exitCode} = end;
		return {...finished, exitCode, error: {step, ...(errno !== undefined && {errno}), message}};
	}

	const {code, signal, oom, timeout} = end;
	return {
		...finished,
		exitCode: signal === undefined ? (code ?? 0) : 128 + signal,
		...(signal !== undefined && {signal}),
		...(oom && {oom}),
		...(timeout && {timeout}),
	};
}

/** A line that is not whole, or not ours, was not said. */
function lines(text: string): Told[] {
	return text.split('\n').flatMap(line => {
		try {
			return line ? [Object(JSON.parse(line))] : [];
		} catch {
			return [];
		}
	});
}

const sameBoot = (owner: string): boolean => owner.split(' ')[2] === bootId();

/**
 * Before a start: what is known of the last run is over. The story that begins takes the old one's place in one step, so
 * that nobody takes the container for one that never ran.
 *
 * @returns the descriptor of the new story
 */
export function beginStory(directory: string): number {
	const fresh = `${directory}/status.${process.pid}`;
	removeFile(fresh);
	const fd = openSync(fresh, 'ax+', 0o600);
	try {
		writeFromStart(fd, starting(isoTime(Date.now())));
		renameSync(fresh, `${directory}/status`);
		removeFile(`${directory}/exit.json`);
		return fd;
	} catch (cause) {
		closeSync(fd);
		removeFile(fresh);
		throw cause;
	}
}
