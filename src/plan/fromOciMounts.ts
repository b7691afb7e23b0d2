import {resolve} from 'node:path/posix';
import {cleanPath} from '../parse/path.js';
import {Failure, quoted} from '../spec/failure.js';
import type {OciMount} from '../spec/ociTypes.js';
import type {Mount} from '../spec/types.js';
import type {OciWanted} from './fromOci.js';
import {planOciCgroupMounts} from './fromOciCgroup.js';
import {planOciDeviceMounts} from './fromOciDevices.js';
import {bindOptions, isBind, planOptions} from './fromOciOptions.js';

/** crun and runc take a relative one as if it began with a slash; links are the helper's to follow, inside. */
const destinationOf = ({destination}: OciMount): string => {
	const path = cleanPath(`/${destination}`);
	if (path === '/') throw new Failure(`mount ${quoted(destination)}: the root cannot be mounted over`);
	return path;
};

/** A namespace's file system can only be mounted by who owns the namespace (mount_namespaces(7)): else the host's is bound. */
const owners: Readonly<Record<string, string>> = {proc: 'pid', sysfs: 'network', mqueue: 'ipc'};

/** Where the document gives no mode a tmpfs looks like what it lies over; runc and crun hold it so. */
const inherited = (type: string, options: readonly string[]): string[] =>
	type === 'tmpfs' && !options.some(option => option.startsWith('mode=')) ? ['mode=inherit'] : [];

/** Without mappings of its own an idmapped mount has those of the container's user namespace. */
const planIds = (
	{config: {linux = {}}}: OciWanted,
	mount: OciMount,
	options: string[],
): Pick<Mount, 'options' | 'uidMappings' | 'gidMappings'> => {
	const isAsked = options.includes('idmap') || options.includes('ridmap');
	const {uidMappings = [], gidMappings = []} = mount.uidMappings || mount.gidMappings ? mount : isAsked ? linux : {};
	if (uidMappings.length === 0 && gidMappings.length === 0) {
		if (isAsked) throw new Failure(`mount ${quoted(mount.destination)}: there are no mappings for idmap`);
		return {options};
	}
	return {options, uidMappings, gidMappings};
};

const planOne = (wanted: OciWanted, mount: OciMount): Mount[] => {
	const {run, inUserNamespace, isNew} = wanted;
	const destination = destinationOf(mount);
	const options = planOptions(mount);
	const type = mount.type ?? '';
	if (isBind(mount)) {
		if (!mount.source) throw new Failure(`mount ${quoted(mount.destination)}: a bind mount needs a source`);
		const source = cleanPath(resolve('/', run.bundle, mount.source));
		return [{destination, type: 'bind', source, ...planIds(wanted, mount, options)}];
	}
	if (type === 'cgroup') return planOciCgroupMounts(wanted, destination, options);
	const owner = owners[type];
	if (inUserNamespace && owner && !isNew(owner))
		return [{destination, type: 'bind', source: destination, options: ['rbind', ...bindOptions(options).slice(1)]}];
	if (mount.uidMappings || mount.gidMappings)
		throw new Failure(`mount ${quoted(mount.destination)}: only bind mounts can have id mappings`);
	return [{destination, type, source: mount.source || type, options: [...options, ...inherited(type, options)]}];
};

/** In the document's order; nodes that cannot be made come where /dev is. */
export const planOciMounts = (wanted: OciWanted): Mount[] => {
	const mounts = (wanted.config.mounts ?? []).flatMap(mount => planOne(wanted, mount));
	const nodes = planOciDeviceMounts(wanted);
	const dev = mounts.findIndex(({destination}) => destination === '/dev');
	return [...mounts.slice(0, dev + 1), ...nodes, ...mounts.slice(dev + 1)];
};
