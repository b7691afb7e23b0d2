import {stateDirectory} from '../host/paths.js';
import {keep} from '../host/store.js';
import type {Complain} from './complain.js';
import type {Invocation} from './invocation.js';
import {makeSafely} from './make.js';
import {prepare} from './prepare.js';
import {sweep} from './sweep.js';
import {withNetwork} from './withNetwork.js';

/**
 * Makes a container, to be started later.
 *
 * @returns its id
 */
export function create(invocation: Invocation, complain: Complain): Promise<string> {
	const at = stateDirectory(invocation.root);
	sweep(at);
	return withNetwork(invocation.request, at, false, place => {
		const {id} = makeSafely(invocation, prepare(invocation, at, 'disk', place), at, complain);
		keep(at, id);
		return id;
	});
}
