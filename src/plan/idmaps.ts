import type {IdRange} from '../spec/facts.js';
import {Failure} from '../spec/failure.js';
import type {IdMapping} from '../spec/types.js';
import type {Wanted} from './defaults.js';
import type {Identity} from './user.js';

/** How ids in the container's user namespace are the host's: user_namespaces(7). */
export interface IdMaps {
	uid: IdMapping[];
	gid: IdMapping[];
	setgroups: 'allow' | 'deny';
}

const ranges = (own: number, {start, count}: IdRange): IdMapping[] => [
	{containerID: 0, hostID: own, size: 1},
	{containerID: 1, hostID: start, size: count},
];

const isIn = (map: readonly IdMapping[], id: number): boolean =>
	map.some(({containerID, size}) => id >= containerID && id < containerID + size);

/** Whether a group exists in the container; without a user namespace each does. */
export const hasGroup = (maps: IdMaps | undefined, gid: number): boolean => !maps || isIn(maps.gid, gid);

/** The largest group id of the container. */
export const lastGroup = (maps: IdMaps): number => Math.max(...maps.gid.map(line => line.containerID + line.size - 1));

const hint =
	'install newuidmap and newgidmap (package uidmap), and give the user enough ids in /etc/subuid and /etc/subgid';

const check = (map: readonly IdMapping[], id: number, what: string): void => {
	if (!isIn(map, id)) throw new Failure(`${what} ${id} has no id outside the container to stand for it`, {hint});
};

/**
 * Without root there is a user namespace: with the caller's subordinate ids where there are any, else with one id only,
 * the wanted one. Then the kernel demands that setgroups(2) is given up, for it could drop a group that forbids
 * something (CVE-2014-8989).
 *
 * @returns undefined for root, who needs no user namespace
 * @throws Failure when an id that was asked for lies outside the map
 */
export const planIdMaps = ({rootless, euid, egid, subordinate}: Wanted, who: Identity): IdMaps | undefined => {
	if (!rootless) return undefined;
	const maps: IdMaps = subordinate
		? {uid: ranges(euid, subordinate.uid), gid: ranges(egid, subordinate.gid), setgroups: 'allow'}
		: {
				uid: [{containerID: who.uid, hostID: euid, size: 1}],
				gid: [{containerID: who.gid, hostID: egid, size: 1}],
				setgroups: 'deny',
			};
	checkIds(maps, who);
	return maps;
};

/** @throws Failure when an id has no counterpart outside */
export const checkIds = (maps: IdMaps, who: Identity): void => {
	check(maps.uid, who.uid, 'user');
	for (const gid of [who.gid, ...who.added]) check(maps.gid, gid, 'group');
};
