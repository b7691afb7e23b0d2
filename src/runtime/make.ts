/** Making a container, short of starting it. */
import {existsSync} from 'node:fs';
import {basename} from 'node:path';
import {removeGroups} from '../host/cgroup.js';
import {type Config, writeConfig, writeWhole} from '../host/config.js';
import {removeFile, writeNew} from '../host/files.js';
import {releaseRange} from '../host/idRange.js';
import {makeLayers, removeEmpty, removeWork} from '../host/overlay.js';
import {writeNetworkOf} from '../host/programs.js';
import {claim, containerDir, discard, removeFiles} from '../host/store.js';
import {limitsOf} from '../plan/limits.js';
import {encode} from '../spec/encode.js';
import {isoTime} from '../spec/time.js';
import type {Spec} from '../spec/types.js';
import type {Complain} from './complain.js';
import type {Invocation} from './invocation.js';
import type {Names} from './names.js';
import type {Prepared} from './prepare.js';
import {Undo} from './undo.js';

/**
 * Makes what the helper needs.
 *
 * @param done what is undone in any case
 * @param failed what is undone besides when there was no container
 */
export function makeTemporary(invocation: Invocation, prepared: Prepared, at: string, done: Undo, failed: Undo): void {
	const {container, spec} = prepared;
	claim(at, container);
	if (spec.minicontainer.rootfs?.idmap) {
		done.defer(() => releaseRange(spec.linux.uidMappings?.[0]?.hostID ?? 0, containerDir(at, container.id)));
	}

	done.defer(() => removeFiles(at, container));
	make(invocation, prepared, failed, done);
	if (prepared.bridges) {
		keepContents(spec, containerDir(at, container.id));
		writeNames(prepared, at);
	}

	writeNetworkOf(containerDir(at, container.id), prepared.bridges);
	writeConfig(at, configOf(invocation, prepared), false);
	const {pidFile, cgroup} = spec.minicontainer;
	// The helper does, unless it was killed.
	failed.defer(() => removeGroups(cgroup?.create ?? []));
	if (pidFile !== undefined && !existsSync(pidFile)) {
		failed.defer(() => removeFile(pidFile));
	}
}

/** A container is made, or nothing is. */
export function makeSafely(invocation: Invocation, prepared: Prepared, at: string, complain: Complain): Config {
	const failed = new Undo();
	try {
		return makeKept(invocation, prepared, at, failed);
	} catch (error) {
		failed.rollBack(complain);
		throw error;
	}
}

/**
 * Makes a container that may stay: who calls keeps it, or hands it over; else it goes with us.
 *
 * @param failed what is undone when this throws
 */
function makeKept(invocation: Invocation, prepared: Prepared, at: string, failed: Undo): Config {
	const {container, spec} = prepared;
	claim(at, container);
	failed.defer(() => discard(at, container));
	spec.minicontainer.supervise = supervision(invocation, at, container.id);
	keepContents(spec, containerDir(at, container.id));
	make(invocation, prepared, failed);
	writeNetworkOf(containerDir(at, container.id), prepared.bridges);
	if (prepared.bridges) {
		writeNames(prepared, at);
	}

	writeWhole(`${containerDir(at, container.id)}/spec.json`, encode(spec));
	const config = configOf(invocation, prepared);
	writeConfig(at, config);
	return config;
}

/** For a container that goes when it ends: we may no longer be there then, so its helper sees to it. */
function supervision({remove, log}: Invocation, at: string, id: string) {
	const dir = containerDir(at, id);
	const again = [process.execPath, ...process.execArgv, process.argv[1] ?? '', '--root', at, 'rm', '--force', id];
	return {dir, log: {path: `${dir}/log`, ...log}, ...(remove && {exitCommand: again})};
}

/** What others may write to while it runs, and read when it shares its network, lies where they find it. */
function keepContents({minicontainer}: Spec, directory: string): void {
	for (const content of minicontainer.contents ?? []) {
		content.source ??= `${directory}/${basename(content.destination)}`;
	}
}

/** For its neighbours (names.ts). */
function writeNames({spec, request}: Prepared, at: string): void {
	const {id, contents} = spec.minicontainer;
	const hosts = contents?.find(({destination}) => destination === '/etc/hosts')?.text;
	const names: Names = {hosts, names: [spec.hostname ?? '', ...(request.networkAliases ?? [])]};
	writeWhole(`${containerDir(at, id)}/names.json`, JSON.stringify(names), false);
}

function make({cidFile}: Invocation, {container, request, spec}: Prepared, failed: Undo, done?: Undo): void {
	const upper = spec.minicontainer.rootfs?.overlay?.upper;
	if (upper) {
		makeOverlay(upper.slice(0, -'/upper'.length), request.overlay?.kind === 'dir', request.rootfs, failed, done);
	}

	if (cidFile !== undefined) {
		writeNew(cidFile, container.id, '--cidfile');
		failed.defer(() => removeFile(cidFile));
	}
}

/** @param users the directory is the user's, and the changes in it are to stay */
function makeOverlay(directory: string, users: boolean, rootfs: string, failed: Undo, done?: Undo): void {
	const isNew = users && !existsSync(directory);
	makeLayers(directory, rootfs);
	if (users) {
		done?.defer(() => removeWork(directory));
	}

	if (isNew) {
		failed.defer(() => removeEmpty(directory));
	}
}

const configOf = (
	{remove, stopSignal, stopTimeout}: Invocation,
	{container, request, cgroup, wish, joins}: Prepared,
): Config => ({
	...container,
	created: isoTime(Date.now()),
	command: request.args,
	rootfs: request.rootfs,
	labels: request.labels ?? {},
	tty: request.tty ?? false,
	interactive: request.interactive ?? false,
	remove,
	stopSignal,
	stopTimeout,
	limits: {...limitsOf(request)},
	cgroup,
	...(wish && {network: wish}),
	...(joins !== undefined && {joins}),
});
