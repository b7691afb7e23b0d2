import {existsSync} from 'node:fs';
import {waitForForeground} from '../host/foreground.js';
import {stateDirectory} from '../host/paths.js';
import {attachTo, findHelper} from '../host/shim.js';
import {catchSignals} from '../host/signals.js';
import {Failure} from '../spec/failure.js';
import {findRunning} from './lookup.js';
import {specOf} from './spec.js';
import {titleOf} from './title.js';

export interface AttachOptions {
	/** Pass the caller's input on. */
	input: boolean;
	/** What, when typed, leaves the container running and ends the attachment; default: Ctrl-P Ctrl-Q. */
	detachKeys?: string | undefined;
}

/** As docker. */
const KEYS = '\x10\x11';

/**
 * Connects the caller's streams to a running container.
 *
 * @returns its exit code; 0 when the keys were typed
 */
export async function attach(root: string | undefined, reference: string, options: AttachOptions): Promise<number> {
	const container = findRunning(stateDirectory(root), reference);
	const {config, directory} = container;
	if (!specOf(container).minicontainer.supervise) {
		throw new Failure(`container ${titleOf(config)} has its caller's streams, which cannot be shared`, {
			hint: 'it was run in the foreground with --rm; exec gets you into it',
		});
	}

	// The socket goes first when it ends.
	if (!existsSync(`${directory}/control`)) {
		throw new Failure(`container ${titleOf(config)} is not running`);
	}

	const input = options.input && config.interactive;
	if (config.tty && input) {
		waitForForeground();
	}

	return attachTo({
		helper: findHelper(),
		directory,
		input,
		detachKeys: options.detachKeys ?? KEYS,
		running: catchSignals(),
	});
}
