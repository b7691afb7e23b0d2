import type {CgroupFacts} from '../spec/facts.js';
import type {Wanted} from './defaults.js';

/** A container's group in one hierarchy. */
export interface Group {
	version: 1 | 2;
	/** Where ours begin; the hierarchy's root, or what was delegated. */
	base: string;
	/** {@link base}'s only child that is ours: all containers' groups are in it. */
	parent: string;
	/** The container's own. */
	path: string;
	controllers: readonly string[];
}

/** What is limited, counted or stopped by; a container is in no group of the others. */
export const V1_CONTROLLERS = ['cpu', 'cpuacct', 'cpuset', 'memory', 'devices', 'freezer', 'blkio', 'pids'];
const V2_CONTROLLERS = ['cpuset', 'cpu', 'io', 'memory', 'pids'];

const NAME = 'minicontainer';

const group = (version: 1 | 2, base: string, id: string, controllers: readonly string[]): Group => ({
	...{version, base, parent: `${base}/${NAME}`, path: `${base}/${NAME}/${id}`, controllers},
});

/**
 * Controllers that are mounted together have one group. Where version 1 has all that we need, version 2 is left alone:
 * systemd keeps its own books there.
 */
export const groupsOf = ({v1, v2}: CgroupFacts, id: string): Group[] => {
	const ours = V1_CONTROLLERS.filter(name => Object.hasOwn(v1, name));
	const bases = [...new Set(ours.map(name => v1[name] ?? ''))];
	const old = bases.map(base =>
		group(
			1,
			base,
			id,
			ours.filter(name => v1[name] === base),
		),
	);
	const controllers = V2_CONTROLLERS.filter(name => v2?.controllers.includes(name));
	const isNeeded = controllers.length > 0 || !ours.includes('devices');
	return v2 && isNeeded ? [...old, group(2, v2.directory, id, controllers)] : old;
};

export const groupWith = (groups: readonly Group[], controller: string): Group | undefined =>
	groups.find(({controllers}) => controllers.includes(controller));

/** Those of a container that is to be. */
export const groupsFor = ({cgroups, hostCgroup, id}: Wanted): Group[] =>
	cgroups === 'enabled' && hostCgroup ? groupsOf(hostCgroup, id) : [];

/** The controller of version 1, or the program that stands in for it in version 2: only root may use either. */
export const deviceGroup = (wanted: Wanted): Group | undefined => {
	const groups = wanted.rootless ? [] : groupsFor(wanted);
	return groupWith(groups, 'devices') ?? groups.find(({version}) => version === 2);
};
