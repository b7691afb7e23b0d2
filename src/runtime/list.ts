import type {Config} from '../host/config.js';
import {stateDirectory} from '../host/paths.js';
import {isUp, readState, type State} from '../host/state.js';
import {containerDir} from '../host/store.js';
import {ids, isInTheMaking, type Known, known} from './lookup.js';
import {isPaused} from './pause.js';

/** `damaged`: what is kept of it cannot be read; it can only be removed. */
export type Status = State['status'] | 'paused' | 'damaged';

/** A container as `ps` shows it. */
export interface Listed
	extends Omit<State, 'status'>,
		Pick<Config, 'id' | 'name' | 'created' | 'command' | 'rootfs' | 'labels'> {
	status: Status;
}

/**
 * Containers, the newest first; those whose making is not over yet are left out.
 *
 * @param ended also those that do not run, and those that are damaged: of which there may be many, so that no more is read of them than it takes
 */
export function list(root: string | undefined, ended: boolean): Listed[] {
	const at = stateDirectory(root);
	return ids(at)
		.flatMap(id => {
			const state = readState(containerDir(at, id), !ended);
			return ended || isUp(state) ? [{container: known(at, id), state}] : [];
		})
		.filter(({container}) => container.config || (ended && !isInTheMaking(at, container)))
		.map(({container, state}) => describe(container, state))
		.sort((a, b) => (a.created < b.created ? 1 : a.created > b.created ? -1 : 0));
}

/** How a container is. */
export function describe(container: Known, state = readState(container.directory)): Listed {
	const {id, name, config} = container;
	const {created = '', command = [], rootfs = '', labels = {}} = config ?? {};
	return {id, name, created, command, rootfs, labels, ...state, status: statusOf(container, state)};
}

function statusOf(container: Known, {status}: State): Status {
	if (!container.config) {
		return 'damaged';
	}

	return status === 'running' && isPaused(container) ? 'paused' : status;
}
