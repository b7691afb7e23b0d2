import type {Device, Linux, Mount, Spec, User} from '../spec/types.js';
import {defaultDevicePaths} from './devices.js';

interface DeviceRule {
	allow: boolean;
	access: string;
	type?: string;
	major?: number;
	minor?: number;
}

/** A plain OCI `config.json`. Limits may be bigint, which `encode` writes and JSON.stringify does not. */
export interface OciSpec extends Omit<Spec, 'minicontainer' | 'linux'> {
	linux: Linux & {resources?: {devices: DeviceRule[]}};
}

/** The first with recursive mount options (`rro`), and the last that crun 1.8 of Debian 12 takes. */
const OCI_VERSION = '1.1.0';

/**
 * Other runtimes have no nodev on the root mount, but a device cgroup; runc allows there what is listed only. Their own
 * terminals they add themselves.
 */
const rules = (devices: readonly Device[]): DeviceRule[] => [
	{allow: false, access: 'rwm'},
	...devices.map(({type, major = 0, minor = 0}) => ({allow: true, type, major, minor, access: 'rwm'})),
];

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
 */
export const toOci = (spec: Spec): OciSpec => {
	const {minicontainer: _, process, mounts, linux, ...rest} = structuredClone(spec);
	const devices = linux.devices ?? [];
	return {
		...rest,
		ociVersion: OCI_VERSION,
		process: {...process, user: userOf(process.user, linux)},
		mounts: mounts.filter(mount => !isDefaultDevice(mount)),
		linux: {...linux, ...(devices.length > 0 && {resources: {devices: rules(devices)}})},
	};
};
