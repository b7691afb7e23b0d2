import {existsSync} from 'node:fs';
import {removeGroups} from '../host/cgroup.js';
import {removeFile, writeNew} from '../host/files.js';
import {waitForForeground} from '../host/foreground.js';
import {makeLayers, removeEmpty, removeWork} from '../host/overlay.js';
import {type Places, places} from '../host/paths.js';
import {type Ending, findHelper, runHelper} from '../host/shim.js';
import {catchSignals, type Kill} from '../host/signals.js';
import {claim, discard, stateDir} from '../host/store.js';
import {encode} from '../spec/encode.js';
import {Failure} from '../spec/failure.js';
import type {Invocation} from './invocation.js';
import {type Prepared, prepare} from './prepare.js';
import {sweep} from './sweep.js';
import {Undo} from './undo.js';

/** Tells of what went wrong beside the command's own end. */
export type Complain = (error: Failure) => void;

/**
 * Runs a container to its end, and leaves nothing behind.
 *
 * @returns the exit code: the command's own, or 128+n when signal n killed it
 * @throws Failure when there was no container to speak of
 */
export async function run(invocation: Invocation, complain: Complain): Promise<number> {
	const helper = findHelper();
	const at = places(invocation.root);
	const prepared = prepare(invocation, at, 'disk');
	if (prepared.request.tty && prepared.request.interactive) {
		waitForForeground();
	}

	const signalsGoTo = catchSignals();
	const done = new Undo();
	const failed = new Undo();
	try {
		makeReady(invocation, prepared, at, done, failed);
		const directory = stateDir(at, prepared.container);
		const running = (kill: Kill) => {
			signalsGoTo(kill);
			sweep(at);
		};
		const spec = encode(prepared.spec);
		const ending = await runHelper({helper, directory, spec, running, tty: prepared.request.tty ?? false});
		return exitCode(ending, complain);
	} catch (error) {
		undo(failed, complain);
		throw error;
	} finally {
		undo(done, complain);
	}
}

/**
 * Makes what the helper needs.
 *
 * @param done what is undone in any case
 * @param failed what is undone besides when there was no container
 */
function makeReady(
	{cidFile}: Invocation,
	{container, request, spec}: Prepared,
	at: Places,
	done: Undo,
	failed: Undo,
): void {
	claim(at, container);
	done.defer(() => discard(at, container));
	failed.defer(() => removeGroups(spec.minicontainer.cgroup?.create ?? []));
	const upper = spec.minicontainer.rootfs?.overlay?.upper;
	if (upper) {
		makeOverlay(upper.slice(0, -'/upper'.length), request.overlay?.kind === 'dir', request.rootfs, done, failed);
	}

	if (cidFile !== undefined) {
		writeNew(cidFile, container.id, '--cidfile');
		failed.defer(() => removeFile(cidFile));
	}

	const {pidFile} = spec.minicontainer;
	if (pidFile !== undefined && !existsSync(pidFile)) {
		failed.defer(() => removeFile(pidFile));
	}
}

/** @param kept the directory is the user's, and the changes in it are to stay */
function makeOverlay(directory: string, kept: boolean, rootfs: string, done: Undo, failed: Undo): void {
	const isNew = kept && !existsSync(directory);
	makeLayers(directory, rootfs);
	if (kept) {
		done.defer(() => removeWork(directory));
	}

	if (isNew) {
		failed.defer(() => removeEmpty(directory));
	}
}

function undo(steps: Undo, complain: Complain): void {
	for (const error of steps.unwind()) {
		complain(error instanceof Failure ? error : new Failure(`cannot clean up: ${error}`, {cause: error}));
	}
}

function exitCode(ending: Ending, complain: Complain): number {
	if (ending.event === 'error') {
		throw new Failure(ending.message, {hint: ending.hint, exitCode: ending.exitCode});
	}

	if (ending.timeout) {
		complain(new Failure('the container was killed: its time (--timeout) was up'));
	}

	return ending.signal === undefined ? (ending.code ?? 0) : 128 + ending.signal;
}
