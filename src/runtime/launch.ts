/** Starting a container that is kept: again and again, one start at a time. */
import type {Config} from '../host/config.js';
import {withLock} from '../host/lock.js';
import {failure} from '../host/reason.js';
import {openRun, type RunFiles, runDetached, runHelper} from '../host/shim.js';
import type {Kill} from '../host/signals.js';
import {isUp, readState} from '../host/state.js';
import {containerDir, handOver, keep} from '../host/store.js';
import {Failure} from '../spec/failure.js';
import type {Complain} from './complain.js';
import {exitCode} from './ending.js';
import {titleOf} from './title.js';

export interface Launch {
	helper: string;
	at: string;
	config: Config;
	running: (kill: Kill) => void;
	complain: Complain;
	/** Made just now, with its places on networks as they are. */
	fresh?: boolean;
}

/**
 * With the caller's streams, to its end.
 *
 * @returns the exit code
 */
export async function startForeground({helper, at, config, running, complain, fresh}: Launch): Promise<number> {
	const files = await begin(at, config, fresh);
	try {
		return exitCode(await runHelper({helper, ...files, running, tty: config.tty}), complain);
	} finally {
		files.close();
	}
}

/** Until its command has started. */
export async function startDetached({helper, at, config, running, fresh}: Launch): Promise<void> {
	const files = await begin(at, config, fresh);
	try {
		const first = await runDetached({helper, ...files, running});
		if (config.remove) {
			handOver(at, config, first);
		}
	} finally {
		files.close();
	}
}

/** The start that writes the first line of the new story is the only one; whoever comes then sees it. */
function begin(at: string, config: Config, fresh = false): Promise<RunFiles> {
	const directory = containerDir(at, config.id);
	return withLock(directory, titleOf(config), async () => {
		if (isUp(readState(directory))) {
			throw new Failure(`container ${titleOf(config)} is running already`);
		}

		if (config.network && !fresh) {
			await (await import('./renew.js')).renewNetwork(at, config, config.network);
		}

		if (config.joins && !fresh) {
			(await import('./join.js')).renewJoin(at, config, config.joins);
		}

		if (config.network) {
			await (await import('./names.js')).tellNames(at);
		}

		try {
			const files = openRun(directory);
			// Not before: until it is starting nobody takes a new one for what may be pruned.
			if (!config.remove) {
				keep(at, config.id);
			}

			return files;
		} catch (cause) {
			throw failure(`container ${titleOf(config)} cannot be started`, cause);
		}
	});
}
