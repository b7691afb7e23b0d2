import type {CgroupFacts} from '../spec/facts.js';
import {Failure} from '../spec/failure.js';
import {groupsOf, placeOf} from './groups.js';
import {asResources, checkLimits, type LimitName} from './limits.js';
import type {Limits} from './request.js';
import {isTouched} from './rows.js';
import {planChange, rowsFor} from './settings.js';

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
	const groups = groupsOf(host, placeOf(id));
	const isKept = ([name, value]: [string, unknown]) =>
		rowsFor(groups).some(row => isTouched(row, asResources({[name]: value}, true)));
	const lost = Object.entries(changed).find(entry => !isKept(entry));
	if (lost) throw new Failure(`the container has no control group for ${lost[0]}`);
	if (changed.memorySwap !== undefined && !host.swap)
		throw new Failure('a limit of swap needs a kernel that counts swap (swapaccount=1)');
	const [wanted, whole, before] = [changed, limits, current].map(some => asResources(some, host.swap));
	return {settings: planChange({groups, host, change: wanted ?? {}, whole: whole ?? {}, before: before ?? {}}), limits};
};
