import type {CgroupFacts} from '../spec/facts.js';
import {Failure} from '../spec/failure.js';
import type {Cgroup} from '../spec/types.js';
import {rowsFor, settingsOf} from './cgroup.js';
import {groupsOf} from './groups.js';
import {checkLimits, type LimitName} from './limits.js';
import type {Limits} from './request.js';

/** A running container whose limits are to change. */
export interface Updated {
	id: string;
	/** As its groups were planned. */
	host: CgroupFacts;
	/** The limits that it has: those of its request, and what was changed since. */
	current: Limits;
	/** Of the machine; 0: not known. */
	processors: number;
}

const isSaid = (value: Limits[LimitName]): boolean => value !== undefined && value !== 0;

/** Limits with nothing in them that says nothing; -1 of processes and of swap stays, for it takes a limit away. */
const said = (limits: Limits): Limits =>
	Object.fromEntries(Object.entries(limits).filter(([, value]) => isSaid(value))) as Limits;

/**
 * What `update` writes, in this order, into a running container's groups, and the limits that it then has.
 *
 * @throws Failure when the new limits do not go together with the old ones, or there is nothing to set them with
 */
export const planUpdate = (change: Limits, {id, host, current, processors}: Updated) => {
	const changed = said(change);
	const limits = {...said(current), ...changed};
	checkLimits(limits, processors, host);
	const groups = groupsOf(host, id);
	const rows = rowsFor(groups).filter(({of}) => of.some(name => Object.hasOwn(changed, name)));
	const lost = Object.keys(changed).find(name => !rows.some(({of}) => (of as readonly string[]).includes(name)));
	if (lost) throw new Failure(`the container has no control group for ${lost}`);
	if (changed.memorySwap !== undefined && !host.swap)
		throw new Failure('a limit of swap needs a kernel that counts swap (swapaccount=1)');
	// Version 1 refuses memory above memory with swap at any moment: what is above goes up first and down last.
	const raises = current.memory !== undefined && (limits.memory ?? 0) > current.memory;
	const written = rows.filter(({of: [name]}) => name !== undefined && isSaid(limits[name]));
	const settings = written.flatMap((row): NonNullable<Cgroup['settings']> => {
		const files = settingsOf(groups, row, limits, host);
		return row.of.includes('memory') && raises ? files.reverse() : files;
	});
	return {settings, limits};
};
