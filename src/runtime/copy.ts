import {stateDirectory} from '../host/paths.js';
import {runPipeline} from '../host/pipeline.js';
import {findDestination, findSource} from '../host/place.js';
import type {Ending} from '../host/shim.js';
import {catchSignals, type Kill} from '../host/signals.js';
import type {ContainerPlace, Place} from '../parse/place.js';
import {planOnHost} from '../plan/files.js';
import {encode} from '../spec/encode.js';
import {Failure} from '../spec/failure.js';
import type {Files, Spec} from '../spec/types.js';
import {withFiles} from './files.js';

export interface CopyOptions {
	/** Keep numeric owners, and with them setuid bits. */
	archive: boolean;
	/** If what is to be copied is a link: what it leads to. */
	follow: boolean;
}

/**
 * Copies between a container and the caller's files, or a tar archive. Both sides are the helper, each in a root of its
 * own: nothing of either side can reach beyond it.
 *
 * @throws Failure
 */
export async function copy(root: string | undefined, from: Place, to: Place, options: CopyOptions): Promise<void> {
	const at = stateDirectory(root);
	const running = catchSignals();
	if (from.kind === 'container' && to.kind !== 'container') {
		await copyOut(at, from, to, options, running);
	} else if (to.kind === 'container' && from.kind !== 'container') {
		await copyIn(at, from, to, options, running);
	} else if (from.kind === 'container') {
		throw new Failure('containers cannot be copied between', {
			hint: 'through a pipe they can: minicontainer cp A:/x - | minicontainer cp - B:/y',
		});
	} else {
		throw new Failure('neither is a CONTAINER:PATH', {hint: 'for a path with a colon in it say ./PATH'});
	}
}

type Running = (kill: Kill) => void;
type Outside = Exclude<Place, ContainerPlace>;

async function copyOut(at: string, from: ContainerPlace, to: Outside, options: CopyOptions, running: Running) {
	const name = from.path.slice(from.path.lastIndexOf('/') + 1);
	const {path, directory, contents} = from;
	const pack = {path, name: contents || !name ? '.' : name, follow: options.follow, directory};
	const out = to.kind === 'stream' ? [] : [unpackOnHost(to, contents, options)];
	await withFiles(at, from.container, {pack}, (spec, state) => run(state, [spec, ...out], running));
}

function unpackOnHost(to: Extract<Place, {kind: 'host'}>, contents: boolean, {archive}: CopyOptions): Spec {
	const {root, path} = findDestination(to.path, to.directory);
	return onHost(root, {unpack: {path, directory: to.directory, contents, keepOwner: archive}});
}

async function copyIn(at: string, from: Outside, to: ContainerPlace, options: CopyOptions, running: Running) {
	const {path, directory} = to;
	const unpack = {path, follow: true, directory, keepOwner: options.archive};
	if (from.kind === 'stream') {
		const files = {unpack: {...unpack, entries: true}};
		return withFiles(at, to.container, files, (spec, state) => run(state, [spec], running));
	}

	const source = findSource(from.path, options.follow, from.directory);
	const pack = {path: source.path, name: source.name, directory: source.isDirectory};
	const files = {unpack: {...unpack, contents: from.contents}};
	return withFiles(at, to.container, files, (spec, state) => run(state, [onHost(source.root, {pack}), spec], running));
}

const onHost = (root: string, files: Files): Spec =>
	planOnHost(root, {euid: process.geteuid?.() ?? 0, egid: process.getegid?.() ?? 0}, files);

async function run(directory: string, specs: readonly Spec[], running: Running): Promise<void> {
	const endings = await runPipeline(
		directory,
		specs.map(spec => encode(spec)),
		running,
	);
	const failed = errorOf(endings);
	if (failed) {
		const {message, hint, exitCode} = failed;
		throw new Failure(`cannot copy: ${message.replace(/^(un)?pack: /, '')}`, {hint, exitCode});
	}
}

/** Of two that fail one has only noticed that the other did. A reader of stdout that goes away is no failure. */
function errorOf([first, second]: readonly Ending[]) {
	const one = first?.event === 'error' ? first : undefined;
	const other = second?.event === 'error' ? second : undefined;
	return one?.errno === 'EPIPE' ? other : (one ?? other);
}
