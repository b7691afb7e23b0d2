import type {Cgroup, Device, DeviceRule} from '../spec/types.js';

/** OCI's words for limits, as far as we set them (runtime-spec 1.1, config-linux.md). */
export interface Resources {
	memory?: {limit?: number; reservation?: number; swap?: number};
	cpu?: {shares?: number; quota?: number; period?: number; cpus?: string; mems?: string};
	pids?: {limit: number};
	blockIO?: {weight: number};
	/** Files of version 2 and what is written to them. */
	unified?: Record<string, string>;
	devices?: OciDeviceRule[];
}

interface OciDeviceRule extends DeviceRule {
	allow: boolean;
}

/** What a file of a container's group means; read from the rows, so that a spec says all there is to say. */
const meanings: Readonly<Record<string, (value: string, found: Resources) => Resources>> = {
	'memory.limit_in_bytes': (value, {memory}) => ({memory: {...memory, limit: Number(value)}}),
	'memory.max': (value, {memory}) => ({memory: {...memory, limit: Number(value)}}),
	'memory.memsw.limit_in_bytes': (value, {memory}) => ({memory: {...memory, swap: Number(value)}}),
	// OCI counts memory and swap together, as version 1 does; the limit is in the row before.
	'memory.swap.max': (value, {memory}) => ({
		memory: {...memory, swap: value === 'max' ? -1 : Number(value) + (memory?.limit ?? 0)},
	}),
	'memory.soft_limit_in_bytes': (value, {memory}) => ({memory: {...memory, reservation: Number(value)}}),
	'memory.low': (value, {memory}) => ({memory: {...memory, reservation: Number(value)}}),
	'cpu.cfs_period_us': (value, {cpu}) => ({cpu: {...cpu, period: Number(value)}}),
	'cpu.cfs_quota_us': (value, {cpu}) => ({cpu: {...cpu, quota: Number(value)}}),
	'cpu.max': (value, {cpu}) => {
		const [quota, period] = value.split(' ').map(Number);
		return {cpu: {...cpu, ...(quota && {quota}), ...(period && {period})}};
	},
	'cpu.shares': (value, {cpu}) => ({cpu: {...cpu, shares: Number(value)}}),
	'cpuset.cpus': (value, {cpu}) => ({cpu: {...cpu, cpus: value}}),
	'cpuset.mems': (value, {cpu}) => ({cpu: {...cpu, mems: value}}),
	'pids.max': value => ({pids: {limit: value === 'max' ? -1 : Number(value)}}),
	'blkio.bfq.weight': value => ({blockIO: {weight: Number(value)}}),
	// OCI has only version 1's numbers for these, and each runtime its own way to make the new ones of them.
	'cpu.weight': (value, {unified}) => ({unified: {...unified, 'cpu.weight': value}}),
	'io.weight': (value, {unified}) => ({unified: {...unified, 'io.weight': value}}),
	'io.bfq.weight': (value, {unified}) => ({unified: {...unified, 'io.bfq.weight': value}}),
};

/** `c 136:* rwm` */
const ruleOf = (text: string): DeviceRule => {
	const [type, numbers = '', access = ''] = text.split(' ');
	const [major, minor] = numbers.split(':').map(number => (number === '*' ? undefined : Number(number)));
	return {
		...(type === 'c' || type === 'b' ? {type} : {}),
		...(major !== undefined && {major}),
		...(minor !== undefined && {minor}),
		access,
	};
};

/** Without a control group of ours the list is made of the nodes: other runtimes have no nodev on the root mount. */
const rulesOf = ({settings = [], devices}: Cgroup, nodes: readonly Device[]): DeviceRule[] => {
	if (devices) return devices;
	const rows = settings.filter(({path}) => path.endsWith('/devices.allow')).map(({value}) => ruleOf(value));
	return rows.length > 0
		? rows
		: nodes.map(({type, major = 0, minor = 0}) => ({type: type === 'b' ? 'b' : 'c', major, minor, access: 'rwm'}));
};

/** @param nodes that the container has in /dev */
export const resourcesOf = (cgroup: Cgroup = {join: []}, nodes: readonly Device[]): Resources => {
	let found: Resources = {};
	for (const {path, value} of cgroup.settings ?? []) {
		const name = path.slice(path.lastIndexOf('/') + 1);
		const meaning = Object.hasOwn(meanings, name) ? meanings[name] : undefined;
		if (meaning && cgroup.join.includes(path.slice(0, -name.length - 1))) found = {...found, ...meaning(value, found)};
	}
	const rules = rulesOf(cgroup, nodes);
	const devices = [{allow: false, access: 'rwm'}, ...rules.map(rule => ({allow: true, ...rule}))];
	return {...found, ...(rules.length > 0 && {devices})};
};
