import type {CgroupFacts} from '../spec/facts.js';
import {type Group, groupsOf, groupWith, placeOf} from './groups.js';

/** Where to stop, count and look at a running container; absent: its groups lack the controller. */
export interface Gauges {
	/** Holds the pids of all its processes; a line each. */
	processes?: string;
	/** Write `on` to stop all its processes, `off` to let them go on; they have stopped once `state` says so. */
	freeze?: {file: string; on: string; off: string; state: {file: string; frozen: RegExp}};
	memory?: {
		usage: string;
		/** A number, or `max`; version 1 has a number near 2^63 for none. */
		limit: string;
		/** `NAME VALUE` lines; `cache` names the one that docker takes off the usage. */
		stat: string;
		cache: string;
		/** `oom_kill N` lines; counts those that were killed for reaching the limit. */
		events: string;
	};
	/** Time that its processors have worked: the whole file (nanoseconds), or the number after `key` (microseconds). */
	cpu?: {file: string; key?: string; perSecond: number};
	pids?: {current: string; max: string};
	/** Bytes: lines of version 1 are `8:0 Read 1`, of version 2 `8:0 rbytes=1 wbytes=2 …`. */
	io?: string;
}

/** Names in a group of each version. */
const files = {
	1: {
		freeze: {file: 'freezer.state', on: 'FROZEN', off: 'THAWED', state: 'freezer.state', frozen: /^FROZEN$/m},
		memory: {
			...{usage: 'memory.usage_in_bytes', limit: 'memory.limit_in_bytes', stat: 'memory.stat'},
			...{cache: 'total_inactive_file', events: 'memory.oom_control'},
		},
		cpu: {controller: 'cpuacct', file: 'cpuacct.usage', perSecond: 1e9},
		io: {controller: 'blkio', file: 'blkio.throttle.io_service_bytes'},
	},
	2: {
		freeze: {file: 'cgroup.freeze', on: '1', off: '0', state: 'cgroup.events', frozen: /^frozen 1$/m},
		memory: {
			...{usage: 'memory.current', limit: 'memory.max', stat: 'memory.stat'},
			...{cache: 'inactive_file', events: 'memory.events'},
		},
		// cpu.stat is in every group, whatever its controllers.
		cpu: {controller: undefined, file: 'cpu.stat', key: 'usage_usec', perSecond: 1e6},
		io: {controller: 'io', file: 'io.stat'},
	},
} as const;

const freezeOf = (group: Group): NonNullable<Gauges['freeze']> => {
	const {file, on, off, state, frozen} = files[group.version].freeze;
	return {file: `${group.path}/${file}`, on, off, state: {file: `${group.path}/${state}`, frozen}};
};

const memoryOf = ({version, path}: Group): NonNullable<Gauges['memory']> => {
	const {usage, limit, stat, cache, events} = files[version].memory;
	return {
		...{usage: `${path}/${usage}`, limit: `${path}/${limit}`, stat: `${path}/${stat}`, cache},
		events: `${path}/${events}`,
	};
};

const cpuOf = ({version, path}: Group): NonNullable<Gauges['cpu']> => {
	const {controller: _, file, ...rest} = files[version].cpu;
	return {file: `${path}/${file}`, ...rest};
};

/** @param host as the container's groups were planned */
export const gaugesOf = (host: CgroupFacts, id: string): Gauges => {
	const groups = groupsOf(host, placeOf(id));
	const unified = groups.find(({version}) => version === 2);
	const freezer = groupWith(groups, 'freezer') ?? unified;
	const memory = groupWith(groups, 'memory');
	const cpu = groupWith(groups, 'cpuacct') ?? unified;
	const pids = groupWith(groups, 'pids');
	const io = groupWith(groups, 'blkio') ?? groupWith(groups, 'io');
	const any = pids ?? groups[0];
	return {
		...(any && {processes: `${any.path}/cgroup.procs`}),
		...(freezer && {freeze: freezeOf(freezer)}),
		...(memory && {memory: memoryOf(memory)}),
		...(cpu && {cpu: cpuOf(cpu)}),
		...(pids && {pids: {current: `${pids.path}/pids.current`, max: `${pids.path}/pids.max`}}),
		...(io && {io: `${io.path}/${files[io.version].io.file}`}),
	};
};
