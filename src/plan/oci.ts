import type {Seccomp} from '../spec/seccomp.js';
import type {Linux, Mount, Spec, User} from '../spec/types.js';
import {defaultDevicePaths} from './devices.js';
import {type Resources, resourcesOf} from './resources.js';

/** A plain OCI `config.json`. Limits may be bigint, which `encode` writes and JSON.stringify does not. */
export interface OciSpec extends Omit<Spec, 'minicontainer' | 'linux'> {
	linux: Linux & {resources?: Resources; seccomp?: Seccomp};
}

/** The first with recursive mount options (`rro`), and the last that crun 1.8 of Debian 12 takes. */
const OCI_VERSION = '1.1.0';

/** Where nodes are bound the runtime does it itself; runc fails on the /dev/tty that is there already. */
const isDefaultDevice = ({type, destination}: Mount): boolean => type === 'bind' && defaultDevicePaths.has(destination);

/** In a user namespace runc refuses all supplementary groups (1.1, setupUser), even the one that is the own group too. */
const userOf = ({additionalGids, ...user}: User, {uidMappings}: Linux): User => {
	const isOwnOnly = additionalGids?.every(gid => gid === user.gid);
	return additionalGids && !(uidMappings && isOwnOnly) ? {...user, additionalGids} : user;
};

/**
 * What another OCI runtime can be told of a spec; runc and crun run it as it is. Without the overlay the root file
 * system is used, and changed, in place; `links` the runtime makes itself; init, timeout and stdin are its caller's.
 *
 * @param seccomp the profile whose filter the spec has: another runtime compiles it itself
 */
export const toOci = (spec: Spec, seccomp?: Seccomp): OciSpec => {
	const {minicontainer, process, mounts, linux, ...rest} = structuredClone(spec);
	const resources = resourcesOf(minicontainer.cgroup, linux.devices ?? []);
	return {
		...rest,
		ociVersion: OCI_VERSION,
		process: {...process, user: userOf(process.user, linux)},
		mounts: mounts.filter(mount => !isDefaultDevice(mount)),
		linux: {...linux, ...(Object.keys(resources).length > 0 && {resources}), ...(seccomp && {seccomp})},
	};
};
