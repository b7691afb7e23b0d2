import type {CgroupFacts} from '../spec/facts.js';
import {Failure} from '../spec/failure.js';
import type {OciResources} from '../spec/ociTypes.js';
import type {Cgroup, DeviceRule, Int64} from '../spec/types.js';
import {deviceText} from './devices.js';
import {deviceGroupOf, type Group, groupWith} from './groups.js';
import {isAsked, isSaid, isTouched, type Row, rowsOf} from './rows.js';

export type Setting = NonNullable<Cgroup['settings']>[number];

/** Groups that are to be made, and what they are to do. */
export interface GroupPlan {
	groups: readonly Group[];
	host: CgroupFacts;
	/** What is asked for must be there. */
	resources: OciResources;
	/** Defaults are where they can be. */
	defaults?: OciResources;
	/** What of the machine's devices can be opened; undefined: that is not looked after. */
	rules?: readonly DeviceRule[] | undefined;
	cannot: (row: Pick<Row, 'what' | 'controller'>) => Failure;
}

const setting = (directory: string, file: string, value: string | number | bigint): Setting => ({
	...{path: `${directory}/${file}`, value: String(value)},
});

/** The rows of a limit, in the hierarchy that has its controller. */
export const settingsOf = (
	groups: readonly Group[],
	row: Row,
	resources: OciResources,
	host: CgroupFacts,
): Setting[] => {
	const group = groupWith(groups, row.controller);
	return group ? row.files(resources, host).map(([file, value]) => setting(group.path, file, value)) : [];
};

/** Each version's rows for the controllers that it has here. */
export const rowsFor = (groups: readonly Group[]): Row[] =>
	([1, 2] as const).flatMap(version =>
		rowsOf[version].filter(({controller}) =>
			groups.some(group => group.version === version && group.controllers.includes(controller)),
		),
	);

/** Controllers that something is asked of. */
export const controllersAsked = (resources: OciResources): string[] => [
	...Object.values(rowsOf).flatMap(rows => rows.filter(row => isAsked(row, resources)).map(row => row.controller)),
	...Object.keys(resources.unified ?? {}).map(controllerOf),
];

const controllerOf = (file: string): string => file.slice(0, file.indexOf('.'));

const limitSettings = ({groups, resources, defaults = {}, host, cannot}: GroupPlan): Setting[] => {
	const rows = rowsFor(groups);
	const all = rowsOf[groups[0]?.version ?? 2];
	const missing = all.find(row => isAsked(row, resources) && !rows.some(({what}) => what === row.what));
	if (missing) throw cannot(missing);
	if (resources.memory?.swap && resources.memory.swap > 0 && groups.length > 0 && !host.swap)
		throw new Failure('a limit of swap needs a kernel that counts swap (swapaccount=1)');
	const limits = {...defaults, ...resources};
	return rows.filter(row => isAsked(row, limits)).flatMap(row => settingsOf(groups, row, limits, host));
};

/** A running container's limits: what is to change, what then holds, and what held before. */
export interface Change {
	groups: readonly Group[];
	host: CgroupFacts;
	change: OciResources;
	whole: OciResources;
	before: OciResources;
}

const height = (limit: Int64 | undefined): number => (limit === undefined || limit <= 0 ? Infinity : Number(limit));

/** Version 1 refuses memory above memory with swap at any moment: what is above goes up first and down last. */
export const planChange = ({groups, host, change, whole, before}: Change): Setting[] => {
	const raises = height(whole.memory?.limit) > height(before.memory?.limit);
	return rowsFor(groups)
		.filter(row => isTouched(row, change) && isSaid(row.of[0]?.(whole)))
		.flatMap(row => {
			const files = settingsOf(groups, row, whole, host);
			return row.controller === 'memory' && raises ? files.reverse() : files;
		});
};

/** Files of version 2 by their own names; those of the group itself (cgroup.max.depth) are there without a controller. */
export const unifiedSettings = ({groups, resources, cannot}: Omit<GroupPlan, 'host'>): Setting[] =>
	Object.entries(resources.unified ?? {}).map(([file, value]) => {
		const controller = controllerOf(file);
		const group = groups.find(
			({version, controllers}) => version === 2 && (controller === 'cgroup' || controllers.includes(controller)),
		);
		if (!group) throw cannot({what: `unified ${file}`, controller});
		return setting(group.path, file, value);
	});

/** A new cpuset of version 1 has no processor and no memory, and no process can be in it (cpuset(7)). */
const cpusetSettings = ({groups, host: {cpuset}}: GroupPlan): Setting[] => {
	const group = groupWith(groups, 'cpuset');
	if (group?.version !== 1 || !cpuset) return [];
	const fresh = [...group.parents, group.path].filter(directory => !cpuset.filled?.includes(directory));
	return fresh.flatMap(directory => [
		setting(directory, 'cpuset.mems', cpuset.mems),
		setting(directory, 'cpuset.cpus', cpuset.cpus),
	]);
};

/** In version 2 each directory says which controllers its children have. */
const controllerSettings = ({groups, host: {v2}}: GroupPlan): Setting[] => {
	const group = groups.find(({version}) => version === 2);
	if (!group || group.controllers.length === 0) return [];
	const turnOn = (names: readonly string[]) => names.map(name => `+${name}`).join(' ');
	const missing = group.controllers.filter(name => !v2?.enabled.includes(name));
	return [
		...(missing.length > 0 ? [setting(group.base, 'cgroup.subtree_control', turnOn(missing))] : []),
		...group.parents.map(parent => setting(parent, 'cgroup.subtree_control', turnOn(group.controllers))),
	];
};

const deviceSettings = ({groups, rules}: GroupPlan): Pick<Cgroup, 'settings' | 'devices'> => {
	const group = rules && deviceGroupOf(groups);
	if (!group) return {};
	if (group.version === 2) return {devices: [...rules]};
	const allow = rules.map(rule => setting(group.path, 'devices.allow', deviceText(rule)));
	return {settings: [setting(group.path, 'devices.deny', 'a'), ...allow]};
};

/**
 * The container's control groups and their limits.
 *
 * @returns undefined where it has none of its own
 * @throws Failure for a limit that cannot be set
 */
export const planGroups = (plan: GroupPlan): Cgroup | undefined => {
	const limits = [...limitSettings(plan), ...unifiedSettings(plan)];
	if (plan.groups.length === 0) return undefined;
	const {settings = [], ...devices} = deviceSettings(plan);
	return {
		create: plan.groups.flatMap(({parents, path}) => [...parents, path]),
		settings: [...controllerSettings(plan), ...cpusetSettings(plan), ...limits, ...settings],
		...devices,
		join: plan.groups.map(({path}) => path),
	};
};
