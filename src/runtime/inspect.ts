import {stateDirectory} from '../host/paths.js';
import {readNetworkOf} from '../host/programs.js';
import {Failure} from '../spec/failure.js';
import type {Spec} from '../spec/types.js';
import {describe} from './list.js';
import {find} from './lookup.js';
import {specOf} from './spec.js';

/** Everything that is known of a container, the plan too. */
export function inspect(root: string | undefined, reference: string) {
	const container = find(stateDirectory(root), reference);
	const {id, name, created, command, rootfs, labels, ...state} = describe(container);
	const networkOf = readNetworkOf(container.directory);
	const {tty, interactive, remove, stopSignal, stopTimeout, limits} = container.config ?? {};
	return {
		...{id, name, created, command, rootfs, labels, state},
		...{tty, interactive, remove, stopSignal, stopTimeout, limits},
		network: networkOf ?? null,
		directory: container.directory,
		...planOf(() => specOf(container)),
	};
}

/** What is damaged can still be looked at. */
function planOf(read: () => Spec): {plan: Spec} | {damaged: string} {
	try {
		return {plan: read()};
	} catch (error) {
		return {damaged: error instanceof Failure ? error.message : String(error)};
	}
}
