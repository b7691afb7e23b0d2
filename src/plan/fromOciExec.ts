import {join} from 'node:path/posix';
import {cleanPath} from '../parse/path.js';
import type {CgroupFacts} from '../spec/facts.js';
import {Failure} from '../spec/failure.js';
import type {OciProcess, OciResources} from '../spec/ociTypes.js';
import type {Spec} from '../spec/types.js';
import {planEntry, type Target} from './entry.js';
import {planOciProcess} from './fromOciProcess.js';
import {type Group, groupsOf} from './groups.js';
import {resourcesOf} from './resources.js';
import {isTouched, rowsOf} from './rows.js';
import {controllersAsked, planChange, rowsFor, type Setting, unifiedSettings} from './settings.js';

export interface OciEntry extends Target {
	/** Contents of the container's /etc/passwd. */
	passwd?: string;
	/** The caller's, as in OciFacts. */
	capabilities?: bigint;
	/** A group below each of the container's own, `--cgroup`. */
	cgroup?: string;
}

/**
 * One more process in an engine's container: planEntry() says what it shares with it.
 *
 * @throws Failure with one line for the caller
 */
export const planOciExec = (container: Spec, process: OciProcess, facts: OciEntry): Spec => {
	const {passwd = '', capabilities, cgroup} = facts;
	const entry = planEntry(
		container,
		planOciProcess(process, {
			inUserNamespace: container.linux.namespaces.some(({type}) => type === 'user'),
			facts: {
				passwd,
				...(capabilities !== undefined && {capabilities}),
				setgroupsDenied: container.minicontainer.setgroups === 'deny',
			},
		}),
		facts,
	);
	const {minicontainer} = entry;
	if (!cgroup || !minicontainer.cgroup) return entry;
	const groups = minicontainer.cgroup.join.map(path => cleanPath(join(path, cleanPath(`/${cgroup}`))));
	return {...entry, minicontainer: {...minicontainer, cgroup: {join: groups}}};
};

/** The container's groups are those that it was given, whatever was planned since. */
const groupsIn = (container: Spec, host: CgroupFacts, resources: OciResources): Group[] => {
	const {join: own = []} = container.minicontainer.cgroup ?? {};
	const bases = [...Object.values(host.v1), ...(host.v2 ? [host.v2.directory] : [])];
	const base = bases.find(directory => own[0]?.startsWith(`${directory}/`)) ?? '';
	const groups = groupsOf(host, own[0]?.slice(base.length + 1) ?? '', controllersAsked(resources));
	return groups.filter(({path}) => own.includes(path));
};

/**
 * What `update` writes, in this order, into a running container's groups.
 *
 * @throws Failure when there is nothing to set a limit with
 */
export const planOciUpdate = (container: Spec, resources: OciResources, host: CgroupFacts): Setting[] => {
	const groups = groupsIn(container, host, resources);
	// Of the rows of its version: what is blkio's in the first is io's in the second.
	const there = rowsFor(groups);
	const all = rowsOf[groups[0]?.version ?? 2];
	const lost = all.find(row => isTouched(row, resources) && !there.some(({what}) => what === row.what));
	if (lost)
		throw new Failure(`${lost.what} needs the ${lost.controller} controller, and the container has no group of it`);
	const {devices: _, ...before} = resourcesOf(container.minicontainer.cgroup, []);
	const whole: OciResources = {
		...before,
		...resources,
		memory: {...before.memory, ...resources.memory},
		cpu: {...before.cpu, ...resources.cpu},
	};
	const cannot = ({what}: {what: string}) => new Failure(`${what} needs cgroup version 2`);
	return [
		...planChange({groups, host, change: resources, whole, before}),
		...unifiedSettings({groups, resources, cannot}),
	];
};
