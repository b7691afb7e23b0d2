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

/** All ids of the ranges, with one of them, in the midst of them, the caller's own. */
const around = (id: number, own: number, {start, count}: IdRange): IdMapping[] => [
	...(id > 0 ? [{containerID: 0, hostID: start, size: id}] : []),
	{containerID: id, hostID: own, size: 1},
	...(count > id ? [{containerID: id + 1, hostID: start + id, size: count - id}] : []),
];

/** One id only: then the kernel demands that setgroups(2) is given up, for it could drop a group that forbids something. */
const alone = ({euid, egid}: Wanted, {uid, gid}: Identity): IdMaps => ({
	uid: [{containerID: uid, hostID: euid, size: 1}],
	gid: [{containerID: gid, hostID: egid, size: 1}],
	setgroups: 'deny',
});

/** The caller's own ids stay what they are. */
const keepIds = (wanted: Wanted, who: Identity): IdMaps => {
	const {userns, euid, egid, subordinate} = wanted;
	if (!subordinate || userns.kind !== 'keep-id') return alone(wanted, who);
	const [uid, gid] = [userns.uid ?? euid, userns.gid ?? egid];
	if (uid > subordinate.uid.count || gid > subordinate.gid.count)
		throw new Failure(`--userns keep-id: ${Math.max(uid, gid)} is more than there are subordinate ids`, {hint});
	return {uid: around(uid, euid, subordinate.uid), gid: around(gid, egid, subordinate.gid), setgroups: 'allow'};
};

/** A range of its own, and nothing of the host's in it. */
const apart = ({userns, range}: Wanted): IdMaps => {
	if (userns.kind === 'keep-id') throw new Failure('--userns keep-id is for users: root is root outside');
	if (!range) throw new Failure("a user namespace of root's needs ids: the fact 'range' is missing");
	const size = userns.kind === 'private' && userns.size ? userns.size : range.count;
	const map = [{containerID: 0, hostID: range.start, size: Math.min(size, range.count)}];
	return {uid: map, gid: map, setgroups: 'allow'};
};

const mapsOf = (wanted: Wanted, who: Identity): IdMaps => {
	const {rootless, userns, euid, egid, subordinate} = wanted;
	if (!rootless) return apart(wanted);
	if (userns.kind === 'keep-id') return keepIds(wanted, who);
	return subordinate
		? {uid: ranges(euid, subordinate.uid), gid: ranges(egid, subordinate.gid), setgroups: 'allow'}
		: alone(wanted, who);
};

/**
 * Without root there is a user namespace: with the caller's subordinate ids where there are any, else with one id only,
 * the wanted one (CVE-2014-8989). As root there is one if it is asked for.
 *
 * @returns undefined for root, who needs no user namespace
 * @throws Failure when an id that was asked for lies outside the map
 */
export const planIdMaps = (wanted: Wanted, who: Identity): IdMaps | undefined => {
	if (!wanted.mapped) return undefined;
	const maps = mapsOf(wanted, who);
	checkIds(maps, who);
	return maps;
};

/** @throws Failure when an id has no counterpart outside */
export const checkIds = (maps: IdMaps, who: Identity): void => {
	check(maps.uid, who.uid, 'user');
	for (const gid of [who.gid, ...who.added]) check(maps.gid, gid, 'group');
};
