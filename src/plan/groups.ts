import type {CgroupFacts} from '../spec/facts.js';
import type {Wanted} from './defaults.js';

/** A container's group in one hierarchy. */
export interface Group {
	version: 1 | 2;
	/** Where ours begin; the hierarchy's root, or what was delegated. */
	base: string;
	/** Between {@link base} and the container's own, the outermost first. */
	parents: readonly string[];
	/** The container's own. */
	path: string;
	controllers: readonly string[];
}

/** What is limited, counted or stopped by; a container is in no group of the others. */
export const V1_CONTROLLERS = ['cpu', 'cpuacct', 'cpuset', 'memory', 'devices', 'freezer', 'blkio', 'pids'];
const V2_CONTROLLERS = ['cpuset', 'cpu', 'io', 'memory', 'pids'];

const NAME = 'minicontainer';

const group = (version: 1 | 2, base: string, place: string, controllers: readonly string[]): Group => {
	const names = place.split('/');
	const [path = base, ...parents] = names.map((_, index) => `${base}/${names.slice(0, index + 1).join('/')}`).reverse();
	return {version, base, parents: parents.reverse(), path, controllers};
};

/** Where containers of ours have their groups. */
export const placeOf = (id: string): string => `${NAME}/${id}`;

/**
 * Controllers that are mounted together have one group. Where version 1 has all that we need, version 2 is left alone:
 * systemd keeps its own books there.
 *
 * @param place relative, without . and ..
 * @param extra controllers that are only wanted where something is asked of them
 */
export const groupsOf = ({v1, v2}: CgroupFacts, place: string, extra: readonly string[] = []): Group[] => {
	const ours = [...new Set([...V1_CONTROLLERS, ...extra])].filter(name => Object.hasOwn(v1, name));
	const bases = [...new Set(ours.map(name => v1[name] ?? ''))];
	const old = bases.map(base =>
		group(
			1,
			base,
			place,
			ours.filter(name => v1[name] === base),
		),
	);
	const controllers = [...new Set([...V2_CONTROLLERS, ...extra])].filter(name => v2?.controllers.includes(name));
	const isNeeded = controllers.length > 0 || !ours.includes('devices');
	return v2 && isNeeded ? [...old, group(2, v2.directory, place, controllers)] : old;
};

export const groupWith = (groups: readonly Group[], controller: string): Group | undefined =>
	groups.find(({controllers}) => controllers.includes(controller));

/** Those of a container that is to be. */
export const groupsFor = ({cgroups, hostCgroup, id}: Wanted): Group[] =>
	cgroups === 'enabled' && hostCgroup ? groupsOf(hostCgroup, placeOf(id)) : [];

/** The controller of version 1, or the program that stands in for it in version 2: only root may use either. */
export const deviceGroup = (wanted: Wanted): Group | undefined => {
	return deviceGroupOf(wanted.rootless ? [] : groupsFor(wanted));
};

export const deviceGroupOf = (groups: readonly Group[]): Group | undefined =>
	groupWith(groups, 'devices') ?? groups.find(({version}) => version === 2);
