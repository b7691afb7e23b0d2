import {waitForForeground} from '../host/foreground.js';
import {stateDirectory} from '../host/paths.js';
import {findHelper} from '../host/shim.js';
import {catchSignals} from '../host/signals.js';
import {readState} from '../host/state.js';
import {attach} from './attach.js';
import type {Complain} from './complain.js';
import {startDetached, startForeground} from './launch.js';
import {findWhole} from './lookup.js';

export interface StartOptions {
	/** Stay, with the caller's streams, until it ends. */
	attach: boolean;
	/** Pass input on: as far as the container was made to take any. */
	interactive: boolean;
}

/**
 * Starts a container that was made before, with the changes that it made. One that runs is left as it is, or attached to.
 *
 * @returns the exit code: the command's own when attached, else 0
 */
export async function start(
	root: string | undefined,
	reference: string,
	options: StartOptions,
	complain: Complain,
): Promise<number> {
	const at = stateDirectory(root);
	const helper = findHelper();
	const {config, directory} = findWhole(at, reference);
	const wantsToStay = options.attach || options.interactive;
	if (readState(directory).status === 'running') {
		return wantsToStay ? attach(root, reference, {input: options.interactive}) : 0;
	}

	if (wantsToStay && config.tty && config.interactive) {
		waitForForeground();
	}

	const running = catchSignals();
	if (wantsToStay) {
		return startForeground({helper, at, config, running, complain});
	}

	await startDetached({helper, at, config, running, complain});
	return 0;
}
