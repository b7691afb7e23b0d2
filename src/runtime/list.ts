import type {Config} from '../host/config.js';
import {stateDirectory} from '../host/paths.js';
import {readState, type State} from '../host/state.js';
import {all, isInTheMaking, type Known} from './lookup.js';
import {isPaused} from './pause.js';

/** `damaged`: what is kept of it cannot be read; it can only be removed. */
export type Status = State['status'] | 'paused' | 'damaged';

/** A container as `ps` shows it. */
export interface Listed
	extends Omit<State, 'status'>,
		Pick<Config, 'id' | 'name' | 'created' | 'command' | 'rootfs' | 'labels'> {
	status: Status;
}

/** All containers, the newest first; those whose making is not over yet are left out. */
export function listAll(root: string | undefined): Listed[] {
	const at = stateDirectory(root);
	return all(at)
		.filter(container => container.config || !isInTheMaking(at, container))
		.map(describe)
		.sort((a, b) => (a.created < b.created ? 1 : a.created > b.created ? -1 : 0));
}

/** How a container is. */
export function describe(container: Known): Listed {
	const {id, name, directory, config} = container;
	const state = readState(directory);
	const {created = '', command = [], rootfs = '', labels = {}} = config ?? {};
	return {id, name, created, command, rootfs, labels, ...state, status: statusOf(container, state)};
}

function statusOf(container: Known, {status}: State): Status {
	if (!container.config) {
		return 'damaged';
	}

	return status === 'running' && isPaused(container) ? 'paused' : status;
}
