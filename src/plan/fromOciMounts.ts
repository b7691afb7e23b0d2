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

const planOne = (wanted: OciWanted, mount: OciMount): Mount[] => {
	const {run, inUserNamespace, isNew} = wanted;
	const destination = destinationOf(mount);
	const options = planOptions(mount);
	const type = mount.type ?? '';
	if (isBind(mount)) {
		if (!mount.source) throw new Failure(`mount ${quoted(mount.destination)}: a bind mount needs a source`);
		return [{destination, type: 'bind', source: cleanPath(resolve('/', run.bundle, mount.source)), options}];
	}
	if (type === 'cgroup') return planOciCgroupMounts(wanted, destination, options);
	const owner = owners[type];
	if (inUserNamespace && owner && !isNew(owner))
		return [{destination, type: 'bind', source: destination, options: ['rbind', ...bindOptions(options).slice(1)]}];
	return [{destination, type, source: mount.source || type, options}];
};

/** In the document's order; nodes that cannot be made come where /dev is. */
export const planOciMounts = (wanted: OciWanted): Mount[] => {
	const mounts = (wanted.config.mounts ?? []).flatMap(mount => planOne(wanted, mount));
	const nodes = planOciDeviceMounts(wanted);
	const dev = mounts.findIndex(({destination}) => destination === '/dev');
	return [...mounts.slice(0, dev + 1), ...nodes, ...mounts.slice(dev + 1)];
};
