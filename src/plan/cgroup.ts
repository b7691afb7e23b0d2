import {Failure} from '../spec/failure.js';
import type {Cgroup, Mount} from '../spec/types.js';
import type {Wanted} from './defaults.js';
import {planDeviceRules} from './devices.js';
import {deviceGroup, groupsFor} from './groups.js';
import {asResources} from './limits.js';
import type {Row} from './rows.js';
import {planGroups} from './settings.js';

const hintOf = ({hostCgroup, rootless}: Wanted): string => {
	if (!rootless) return 'cgroup file systems must be mounted below /sys/fs/cgroup, and writable';
	const own = hostCgroup?.own;
	return own === undefined
		? 'without root this takes a machine with cgroup version 2 only (systemd.unified_cgroup_hierarchy=1), or root'
		: `have a group delegated: systemd-run --user --scope -p Delegate=yes minicontainer …, or let root chown ${own}, and cgroup.procs and cgroup.subtree_control in it, to you`;
};

const cannot = (wanted: Wanted, {what, controller}: Pick<Row, 'what' | 'controller'>): Failure => {
	if (wanted.cgroups === 'disabled') return new Failure(`${what} does not go with --cgroups disabled`);
	if (groupsFor(wanted).length === 0)
		return new Failure(`${what} needs a control group, and none can be made here`, {hint: hintOf(wanted)});
	return new Failure(`${what} needs the ${controller} controller, which is not there`, {
		hint: wanted.rootless
			? `have it delegated: Delegate=cpu cpuset io memory pids in user@.service (systemctl edit user@.service)`
			: 'is it turned off (cgroup_disable= in /proc/cmdline), or in use elsewhere?',
	});
};

/**
 * @returns undefined where it has none of its own: it is asked for none, or may make none and no limit was asked for
 * @throws Failure for a limit that cannot be set
 */
export const planCgroup = (wanted: Wanted): Cgroup | undefined => {
	const host = wanted.hostCgroup ?? {v1: {}};
	return planGroups({
		groups: groupsFor(wanted),
		host,
		resources: asResources(wanted.limits, host.swap),
		defaults: asResources(wanted.defaultLimits, host.swap),
		rules: deviceGroup(wanted) && planDeviceRules(wanted),
		cannot: row => cannot(wanted, row),
	});
};

/** In its own cgroup namespace the container sees its own group only; of version 1 there would be one mount each. */
export const planCgroupMount = (wanted: Wanted): Mount[] => {
	const groups = groupsFor(wanted);
	const isUnified = groups.length > 0 && groups.every(({version}) => version === 2);
	const options = ['nosuid', 'noexec', 'nodev', ...(wanted.privileged ? [] : ['ro'])];
	return isUnified ? [{destination: '/sys/fs/cgroup', type: 'cgroup2', source: 'cgroup2', options}] : [];
};
