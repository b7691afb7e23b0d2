import {type Gauges, gaugesOf} from '../plan/gauges.js';
import {Failure} from '../spec/failure.js';
import type {Known} from './lookup.js';
import {titleOf} from './title.js';

/** What there is to read of a container; nothing where it has no control groups. */
export const gauges = ({id, config}: Known): Gauges => (config?.cgroup ? gaugesOf(config.cgroup, id) : {});

/** @throws Failure for a container that lacks what is wanted, with what to do about it */
export function gauge<Name extends keyof Gauges>(
	container: Known,
	name: Name,
	what: string,
): NonNullable<Gauges[Name]> {
	const found = gauges(container)[name];
	if (found === undefined) {
		throw new Failure(`container ${titleOf(container)} cannot be ${what}: it has no control group for it`, {
			hint: 'without root a sub-tree of cgroup version 2 must be delegated: systemd-run --user --scope -p Delegate=yes …',
		});
	}

	return found;
}
