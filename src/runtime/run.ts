import {waitForForeground} from '../host/foreground.js';
import {stateDirectory} from '../host/paths.js';
import {findHelper, openRun, runHelper} from '../host/shim.js';
import {catchSignals, type Kill} from '../host/signals.js';
import {containerDir, discard, ownerOf} from '../host/store.js';
import {encode} from '../spec/encode.js';
import type {Complain} from './complain.js';
import {exitCode} from './ending.js';
import type {Invocation} from './invocation.js';
import {startDetached, startForeground} from './launch.js';
import {makeSafely, makeTemporary} from './make.js';
import {type Prepared, prepare} from './prepare.js';
import {sweep} from './sweep.js';
import {Undo} from './undo.js';
import {withNetwork} from './withNetwork.js';

/** What a run in the background tells its caller. */
export type Tell = (line: string) => void;

/**
 * Runs a container: in the foreground to its end, in the background until its command has started.
 *
 * @param tell gets the id of a container in the background
 * @returns the exit code: the command's own, or 128+n when signal n killed it; 0 for one in the background
 * @throws Failure when there was no container to speak of
 */
export async function run(invocation: Invocation, complain: Complain, tell: Tell): Promise<number> {
	const helper = findHelper();
	const at = stateDirectory(invocation.root);
	const {tty = false, interactive = false} = invocation.request;
	if (tty && interactive && !invocation.detach) {
		waitForForeground();
	}

	const signalsGoTo = catchSignals();
	const running = (kill: Kill) => {
		signalsGoTo(kill);
		sweep(at);
	};
	return withNetwork(invocation.request, at, true, place => {
		const prepared = prepare(invocation, at, 'disk', place);
		return invocation.remove && !invocation.detach
			? runTemporary(invocation, prepared, {helper, at, tty, running}, complain)
			: runKept(invocation, prepared, {helper, at, tty, running}, complain, tell);
	});
}

interface How {
	helper: string;
	at: string;
	tty: boolean;
	running: (kill: Kill) => void;
}

/** It may stay. */
async function runKept(
	invocation: Invocation,
	prepared: Prepared,
	{helper, at, running}: How,
	complain: Complain,
	tell: Tell,
): Promise<number> {
	const config = makeSafely(invocation, prepared, at, complain);
	try {
		if (!invocation.detach) {
			return await startForeground({helper, at, config, running, complain, fresh: true});
		}

		await startDetached({helper, at, config, running, complain, fresh: true});
	} catch (error) {
		if (ownerOf(at, config.id) !== '') {
			discard(at, config);
		}

		throw error;
	}

	tell(config.id);
	return 0;
}

/** Leaves nothing behind. */
async function runTemporary(invocation: Invocation, prepared: Prepared, how: How, complain: Complain): Promise<number> {
	const {at, helper, tty, running} = how;
	const done = new Undo();
	const failed = new Undo();
	try {
		makeTemporary(invocation, prepared, at, done, failed);
		if (prepared.bridges) {
			await (await import('./names.js')).tellNames(at);
		}

		const files = openRun(containerDir(at, prepared.container.id), encode(prepared.spec));
		done.defer(files.close);
		return exitCode(await runHelper({helper, ...files, running, tty}), complain);
	} catch (error) {
		failed.rollBack(complain);
		throw error;
	} finally {
		done.rollBack(complain);
	}
}
