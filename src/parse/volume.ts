import {Failure, quoted} from '../spec/failure.js';
import type {BindMount} from './mount.js';
import {checkPath, parsePath} from './path.js';

/** What each option changes. Propagation is always private, and Docker Desktop's consistency hints mean nothing here. */
const options: ReadonlyMap<string, Pick<BindMount, 'readOnly' | 'recursive'>> = new Map([
	['ro', {readOnly: true}],
	['rw', {readOnly: false}],
	['rbind', {recursive: true}],
	['bind', {recursive: false}],
	...['private', 'rprivate', 'consistent', 'cached', 'delegated'].map(name => [name, {}] as const),
]);

/** Options of docker and podman that would be a promise not kept: why not. */
const propagation = 'mounts do not propagate between the host and a container';
const refused: ReadonlyMap<string, string> = new Map([
	...['z', 'Z'].map(name => [name, 'SELinux labels are not supported'] as const),
	...['shared', 'rshared', 'slave', 'rslave', 'unbindable', 'runbindable'].map(name => [name, propagation] as const),
	['nocopy', 'there are no named volumes'],
	['U', 'owners of files are left as they are'],
	['O', 'an overlay over a volume is not supported yet'],
	['idmap', 'mapped owners are not supported yet'],
]);

const useMount = "a path with a colon can be said in --mount 'type=bind,source=…,target=…'";

const parseOptions = (text: string): Pick<BindMount, 'readOnly' | 'recursive'> => {
	const names = text.split(',');
	for (const name of names) {
		const reason = refused.get(name);
		if (reason) throw new Failure(`option ${quoted(name)}: ${reason}`);
		if (!options.has(name))
			throw new Failure(`${quoted(name)} is not an option of a volume: use ro or rw; ${useMount}`);
	}
	if (names.includes('ro') && names.includes('rw')) throw new Failure('both ro and rw');
	return Object.assign({}, ...names.map(name => options.get(name)));
};

const checkSource = (source: string): string => {
	if (source === '') throw new Failure('the host path is empty: use HOST:CONTAINER[:ro|rw]');
	if (source.startsWith('/') || /^\.\.?(\/|$)/.test(source)) return checkPath(source);
	throw new Failure(
		`${quoted(source)} is not a path, and named volumes do not exist yet: a path starts with / or ./, as in ./data`,
	);
};

/**
 * `HOST:CONTAINER[:OPTIONS]`. A relative HOST starts with a dot and stays relative: the planner resolves it.
 *
 * @throws Failure
 */
export const parseVolume = (text: string): BindMount => {
	const [source = '', destination, opts, ...more] = text.split(':');
	if (destination === undefined)
		throw new Failure(
			`anonymous volumes do not exist yet: use HOST:CONTAINER, or --tmpfs ${source === '' ? 'CONTAINER' : quoted(source)}`,
		);
	if (more.length > 0) throw new Failure(`more than two colons; ${useMount}`);
	return {
		type: 'bind',
		source: checkSource(source),
		destination: parsePath(destination),
		...(opts !== undefined && parseOptions(opts)),
	};
};
