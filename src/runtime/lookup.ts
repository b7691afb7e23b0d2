/** Which container is meant, and how it is. */
import {type Config, readConfig} from '../host/config.js';
import {isDead} from '../host/owner.js';
import {readState, type State} from '../host/state.js';
import {allIds, containerDir, idOf, ownerOf} from '../host/store.js';
import {isName} from '../parse/name.js';
import {Failure, quoted} from '../spec/failure.js';

export interface Known {
	id: string;
	/** '' for none. */
	name: string;
	directory: string;
	/** Absent while it is being made, and when it is damaged: then it can only be removed. */
	config?: Config;
}

const ID = /^[0-9a-f]{64}$/;

/** All containers, in no order. What is no container of ours is passed over. */
export const all = (at: string): Known[] => ids(at).map(id => known(at, id));

export const ids = (at: string): string[] => allIds(at).filter(id => ID.test(id));

export function known(at: string, id: string): Known {
	const config = readConfig(at, id);
	return {id, name: config?.name ?? '', directory: containerDir(at, id), ...(config && {config})};
}

/** Whether it has no more than its beginnings, and whoever makes it may be alive. */
export function isInTheMaking(at: string, {id, config}: Known): boolean {
	const owner = ownerOf(at, id);
	return !config && owner !== '' && !isDead(owner);
}

/**
 * By name, id, or what an id begins with.
 *
 * @throws Failure when there is none, or more than one
 */
export function find(at: string, reference: string): Known {
	const found = findIfThere(at, reference);
	if (!found) {
		throw new Failure(`there is no container ${quoted(reference)}`, {hint: 'minicontainer ps -a shows all'});
	}

	return found;
}

/**
 * As {@link find}, where there may be none.
 *
 * @throws Failure when there is more than one
 */
export function findIfThere(at: string, reference: string): Known | undefined {
	const found = matching(at, reference);
	const [id] = found;
	if (found.length > 1) {
		throw new Failure(`${quoted(reference)} could be any of ${found.length} containers`, {
			hint: 'give more digits of the id, or the name',
		});
	}

	return id === undefined ? undefined : known(at, id);
}

function matching(at: string, reference: string): string[] {
	const there = ids(at);
	const exact = there.find(id => id === reference) ?? there.find(id => id === named(at, reference));
	return exact ? [exact] : there.filter(id => reference !== '' && id.startsWith(reference));
}

/** What cannot be a name is not looked up as one: it would be a path. */
const named = (at: string, reference: string): string => (isName(reference) ? idOf(at, reference) : '');

/** @throws Failure for one that is damaged, besides */
export function findWhole(at: string, reference: string): Known & {config: Config} {
	const {config, ...rest} = find(at, reference);
	if (config) {
		return {...rest, config};
	}

	throw new Failure(`container ${rest.id.slice(0, 12)} is being made, or damaged`, {
		hint: `minicontainer rm -f ${rest.id.slice(0, 12)} removes what there is`,
	});
}

export type Running = Known & {config: Config; state: State & {pid: number; startTime: number}};

/** @throws Failure unless its command runs */
export function findRunning(at: string, reference: string): Running {
	const container = findWhole(at, reference);
	const state = readState(container.directory);
	const {status, pid, startTime} = state;
	// While it is starting its first process still sees the host's files: nobody is to enter then.
	if (status !== 'running' || pid === undefined || startTime === undefined) {
		throw new Failure(`container ${quoted(reference)} is not running`);
	}

	return {...container, state: {...state, pid, startTime}};
}
