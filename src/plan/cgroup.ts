import type {CgroupFacts} from '../spec/facts.js';
import {Failure} from '../spec/failure.js';
import type {Cgroup, Mount} from '../spec/types.js';
import type {Wanted} from './defaults.js';
import {deviceText, planDeviceRules} from './devices.js';
import {deviceGroup, type Group, groupsFor, groupWith} from './groups.js';
import {isLimit, type Row, rowsOf, type Said} from './limits.js';
import type {Limits} from './request.js';

type Setting = NonNullable<Cgroup['settings']>[number];

const setting = (directory: string, file: string, value: string | number): Setting => ({
	...{path: `${directory}/${file}`, value: String(value)},
});

const hintOf = ({hostCgroup, rootless}: Wanted): string => {
	if (!rootless) return 'cgroup file systems must be mounted below /sys/fs/cgroup, and writable';
	const own = hostCgroup?.own;
	return own === undefined
		? 'without root this takes a machine with cgroup version 2 only (systemd.unified_cgroup_hierarchy=1), or root'
		: `have a group delegated: systemd-run --user --scope -p Delegate=yes minicontainer …, or let root chown ${own}, and cgroup.procs and cgroup.subtree_control in it, to you`;
};

const cannot = (wanted: Wanted, {what, controller}: Row): Failure => {
	if (wanted.cgroups === 'disabled') return new Failure(`${what} does not go with --cgroups disabled`);
	if (groupsFor(wanted).length === 0)
		return new Failure(`${what} needs a control group, and none can be made here`, {hint: hintOf(wanted)});
	return new Failure(`${what} needs the ${controller} controller, which is not there`, {
		hint: wanted.rootless
			? `have it delegated: Delegate=cpu cpuset io memory pids in user@.service (systemctl edit user@.service)`
			: 'is it turned off (cgroup_disable= in /proc/cmdline), or in use elsewhere?',
	});
};

/** The rows of a limit, in the hierarchy that has its controller. */
export const settingsOf = (groups: readonly Group[], row: Row, limits: Limits, host: CgroupFacts): Setting[] => {
	const group = groupWith(groups, row.controller);
	return group ? row.files(limits as Said, host).map(([file, value]) => setting(group.path, file, value)) : [];
};

const isAsked = ({of: [name]}: Row, limits: Limits): boolean => name !== undefined && isLimit(limits[name]);

/** Each version's rows for the controllers that it has here. */
export const rowsFor = (groups: readonly Group[]): Row[] =>
	([1, 2] as const).flatMap(version =>
		rowsOf[version].filter(({controller}) =>
			groups.some(group => group.version === version && group.controllers.includes(controller)),
		),
	);

/** What was asked for must be there; defaults are where they can be. */
const planLimits = (wanted: Wanted, groups: readonly Group[], host: CgroupFacts): Setting[] => {
	const rows = rowsFor(groups);
	const [version] = groups.map(group => group.version);
	const all = rowsOf[version ?? 2];
	const missing = all.find(row => isAsked(row, wanted.limits) && !rows.some(({what}) => what === row.what));
	if (missing) throw cannot(wanted, missing);
	if (isLimit(wanted.limits.memorySwap) && !host.swap)
		throw new Failure('a limit of swap needs a kernel that counts swap (swapaccount=1)');
	const limits = {...wanted.limits, pidsLimit: wanted.limits.pidsLimit ?? wanted.defaultLimits.pidsLimit};
	return rows.filter(row => isAsked(row, limits)).flatMap(row => settingsOf(groups, row, limits, host));
};

/** A new cpuset of version 1 has no processor and no memory, and no process can be in it (cpuset(7)). */
const planCpuset = (groups: readonly Group[], {cpuset}: CgroupFacts): Setting[] => {
	const group = groupWith(groups, 'cpuset');
	if (group?.version !== 1 || !cpuset) return [];
	return [group.parent, group.path].flatMap(directory => [
		setting(directory, 'cpuset.mems', cpuset.mems),
		setting(directory, 'cpuset.cpus', cpuset.cpus),
	]);
};

/** In version 2 each directory says which controllers its children have. */
const planControllers = (groups: readonly Group[], {v2}: CgroupFacts): Setting[] => {
	const group = groups.find(({version}) => version === 2);
	if (!group || group.controllers.length === 0) return [];
	const turnOn = (names: readonly string[]) => names.map(name => `+${name}`).join(' ');
	const missing = group.controllers.filter(name => !v2?.enabled.includes(name));
	return [
		...(missing.length > 0 ? [setting(group.base, 'cgroup.subtree_control', turnOn(missing))] : []),
		setting(group.parent, 'cgroup.subtree_control', turnOn(group.controllers)),
	];
};

const planDevices = (wanted: Wanted): Pick<Cgroup, 'settings' | 'devices'> => {
	const group = deviceGroup(wanted);
	if (!group) return {};
	const rules = planDeviceRules(wanted);
	if (group.version === 2) return {devices: rules};
	const allow = rules.map(rule => setting(group.path, 'devices.allow', deviceText(rule)));
	return {settings: [setting(group.path, 'devices.deny', 'a'), ...allow]};
};

/**
 * The container's control groups and their limits.
 *
 * @returns undefined where it has none of its own: it is asked for none, or may make none and no limit was asked for
 * @throws Failure for a limit that cannot be set
 */
export const planCgroup = (wanted: Wanted): Cgroup | undefined => {
	const host = wanted.hostCgroup ?? {v1: {}};
	const groups = groupsFor(wanted);
	const limits = planLimits(wanted, groups, host);
	if (groups.length === 0) return undefined;
	const {settings = [], ...devices} = planDevices(wanted);
	return {
		create: groups.flatMap(({parent, path}) => [parent, path]),
		settings: [...planControllers(groups, host), ...planCpuset(groups, host), ...limits, ...settings],
		...devices,
		join: groups.map(({path}) => path),
	};
};

/** In its own cgroup namespace the container sees its own group only; of version 1 there would be one mount each. */
export const planCgroupMount = (wanted: Wanted): Mount[] => {
	const groups = groupsFor(wanted);
	const isUnified = groups.length > 0 && groups.every(({version}) => version === 2);
	const options = ['nosuid', 'noexec', 'nodev', 'ro'];
	return isUnified ? [{destination: '/sys/fs/cgroup', type: 'cgroup2', source: 'cgroup2', options}] : [];
};
