import {cleanPath} from '../parse/path.js';
import {Failure} from '../spec/failure.js';
import type {Cgroup, Link, Mount} from '../spec/types.js';
import type {OciWanted} from './fromOci.js';
import {planOciDeviceRules} from './fromOciDevices.js';
import {bindOptions} from './fromOciOptions.js';
import {type Group, groupsOf} from './groups.js';
import type {Row} from './rows.js';
import {controllersAsked, planGroups} from './settings.js';

/** Relative to every hierarchy; `..` leads nowhere. */
export const ociPlace = ({config: {linux}, run}: Pick<OciWanted, 'config' | 'run'>): string =>
	cleanPath(`/${linux?.cgroupsPath || run.id}`).slice(1) || run.id;

export const ociGroups = (wanted: Pick<OciWanted, 'config' | 'run' | 'facts'>): Group[] => {
	const {run, facts, config} = wanted;
	// The one place where systemd's groups are refused: a scope would have to be asked for over D-Bus.
	if (run.cgroupManager === 'systemd')
		throw new Failure('the systemd cgroup driver is not supported', {
			hint: 'use cgroupfs: podman --cgroup-manager cgroupfs, dockerd --exec-opt native.cgroupdriver=cgroupfs, SystemdCgroup = false',
		});
	if (run.cgroupManager === 'disabled' || !facts.cgroup) return [];
	return groupsOf(facts.cgroup, ociPlace(wanted), controllersAsked(config.linux?.resources ?? {}));
};

const cannot = (groups: readonly Group[], {what, controller}: Pick<Row, 'what' | 'controller'>): Failure =>
	new Failure(
		groups.length === 0
			? `${what} needs a control group, and none can be made here`
			: `${what} needs the ${controller} controller, which is not there`,
	);

export const planOciCgroup = (wanted: OciWanted): Cgroup | undefined => {
	const groups = ociGroups(wanted);
	return planGroups({
		groups,
		host: wanted.facts.cgroup ?? {v1: {}},
		resources: wanted.config.linux?.resources ?? {},
		rules: wanted.facts.euid === 0 ? planOciDeviceRules(wanted) : undefined,
		cannot: row => cannot(groups, row),
	});
};

/** `/sys/fs/cgroup/cpu,cpuacct`: what the hierarchy is called, on the host and so inside. */
const nameOf = ({base}: Group): string => base.slice(base.lastIndexOf('/') + 1);

/** Of version 1 a directory for each hierarchy, in it the container's own group: nothing of the others' is seen. */
export const planOciCgroupMounts = (wanted: OciWanted, destination: string, options: readonly string[]): Mount[] => {
	const groups = ociGroups(wanted);
	const old = groups.filter(({version}) => version === 1);
	// Who does not own the cgroup namespace may not mount it (cgroup_namespaces(7)): the host's is bound, as runc does.
	if (old.length === 0 && wanted.inUserNamespace && !wanted.isNew('cgroup'))
		return [
			{destination, type: 'bind', source: '/sys/fs/cgroup', options: ['rbind', ...bindOptions(options).slice(1)]},
		];
	if (old.length === 0) return [{destination, type: 'cgroup2', source: 'cgroup', options: [...options]}];
	return [
		{destination, type: 'tmpfs', source: 'tmpfs', options: [...options, 'mode=0755', 'size=1m']},
		...old.map(group => ({
			destination: `${destination}/${nameOf(group)}`,
			...{type: 'bind', source: group.path, options: ['bind', ...options]},
		})),
	];
};

/** Those that are mounted together go by each of their names, too. */
export const planOciCgroupLinks = (wanted: OciWanted): Link[] => {
	const mount = wanted.config.mounts?.find(({type}) => type === 'cgroup');
	const together = ociGroups(wanted).filter(group => group.version === 1 && nameOf(group).includes(','));
	if (!mount) return [];
	return together.flatMap(group =>
		nameOf(group)
			.split(',')
			.map(name => ({path: cleanPath(`/${mount.destination}/${name}`), target: nameOf(group)})),
	);
};
