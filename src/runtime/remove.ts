import {existsSync} from 'node:fs';
import {withLock} from '../host/lock.js';
import {isDead} from '../host/owner.js';
import {stateDirectory} from '../host/paths.js';
import {isUp, readState} from '../host/state.js';
import {discard, exists, ownerOf, releaseStaleNames} from '../host/store.js';
import {changed} from '../host/watch.js';
import {Failure} from '../spec/failure.js';
import type {Complain} from './complain.js';
import {all, find, findIfThere, isInTheMaking, type Known} from './lookup.js';
import {killNow} from './stop.js';
import {sweep} from './sweep.js';
import {titleOf} from './title.js';

/**
 * Removes a container, with its changes and its log.
 *
 * @param force kill it first, if it runs; one that is not there is no failure then
 * @returns whether there was one
 * @throws Failure when it runs, or cannot be removed
 */
export async function remove(root: string | undefined, reference: string, force: boolean): Promise<boolean> {
	const at = stateDirectory(root);
	// Looked for once: another rm may be at it.
	const container = force ? findIfThere(at, reference) : find(at, reference);
	await (container && removeOne(at, container, force));
	await tidy(at);
	return container !== undefined;
}

/** Networks on which there is no container any more. */
async function tidy(at: string): Promise<void> {
	if (existsSync(`${at}/networks`)) {
		await (await import('./network.js')).tidyNetworks(at);
	}
}

/** Milliseconds. */
const PATIENCE = 10_000;

/** Whoever makes it, or made it for a while, keeps it or removes it, soon; we do for who is dead, or nobody. */
async function removeOne(at: string, container: Known, force: boolean): Promise<void> {
	for (const end = Date.now() + PATIENCE; exists(at, container.id); await changed(container.directory, 50)) {
		await bringToEnd(container, force);
		if (isDeadOrNobody(ownerOf(at, container.id)) && (await removeUnlessRunning(at, container))) {
			return;
		}

		if (Date.now() > end) {
			throw new Failure(`container ${titleOf(container)} is still being removed by the process that made it`);
		}
	}
}

const isRunning = ({directory}: Known) => isUp(readState(directory));

/** @throws Failure when it runs, and is not to be killed */
async function bringToEnd(container: Known, force: boolean): Promise<void> {
	if (isRunning(container) && !force) {
		throw new Failure(`container ${titleOf(container)} is running`, {
			hint: `stop it first, or: minicontainer rm -f ${titleOf(container)}`,
		});
	}

	await (isRunning(container) && killNow(container));
}

/** @returns false when it was started meanwhile */
async function removeUnlessRunning(at: string, container: Known): Promise<boolean> {
	try {
		return await withLock(container.directory, titleOf(container), () => {
			const isIdle = !isRunning(container);
			if (isIdle) {
				discard(at, container);
			}

			return isIdle;
		});
	} catch (error) {
		// Somebody else may have been at the same.
		if (exists(at, container.id)) {
			throw error;
		}

		return true;
	}
}

/**
 * Removes all containers, but for those that are just being made.
 *
 * @param removed told of each
 * @returns the exit code: of the last failure, if there was one
 */
export const removeAll = (root: string | undefined, force: boolean, removed: Tell, complain: Complain) =>
	removeMany(root, () => true, force, removed, complain);

/** As {@link removeAll}, those that do not run and are nobody's to remove. */
export const prune = (root: string | undefined, removed: Tell, complain: Complain) =>
	removeMany(root, (container, owner) => !isRunning(container) && isDeadOrNobody(owner), false, removed, complain);

const isDeadOrNobody = (owner: string) => owner === '' || isDead(owner);

type Tell = (id: string) => void;

async function removeMany(
	root: string | undefined,
	isWanted: (container: Known, owner: string) => boolean,
	force: boolean,
	removed: Tell,
	complain: Complain,
): Promise<number> {
	const at = stateDirectory(root);
	sweep(at);
	let code = 0;
	for (const container of all(at)) {
		if (!isWanted(container, ownerOf(at, container.id)) || isInTheMaking(at, container)) {
			continue;
		}

		try {
			await removeOne(at, container, force);
			removed(container.id);
		} catch (error) {
			const failure = error instanceof Failure ? error : new Failure(String(error), {cause: error});
			complain(failure);
			code = failure.exitCode;
		}
	}

	releaseStaleNames(at);
	await tidy(at);
	return code;
}
