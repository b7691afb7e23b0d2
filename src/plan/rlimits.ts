import {checkUlimit} from '../parse/ulimit.js';
import type {Rlimit} from '../spec/types.js';
import type {Wanted} from './defaults.js';

/**
 * The caller's own NOFILE, because Node raises its soft limit at start-up and a container must not inherit that; no core
 * dumps, for a core_pattern on the host would handle them there. Then what was asked for.
 */
export const planRlimits = ({nofile, ulimits}: Wanted): Rlimit[] => {
	const wanted = [{name: 'nofile', ...nofile}, {name: 'core', soft: 0, hard: 0}, ...ulimits.map(checkUlimit)];
	const limits = wanted.map(({name, soft, hard}): Rlimit => ({type: `RLIMIT_${name.toUpperCase()}`, soft, hard}));
	return [...new Map(limits.map(limit => [limit.type, limit])).values()];
};
