import type {DeviceRequest} from '../parse/device.js';
import {Failure, quoted} from '../spec/failure.js';
import type {Device, DeviceRule, Link, Mount} from '../spec/types.js';
import type {Wanted} from './defaults.js';
import {deviceGroup} from './groups.js';
import {planPartLinks} from './parts.js';
import {hostPath} from './paths.js';

/** Documentation/admin-guide/devices.txt of the kernel. */
const numbers: readonly [name: string, major: number, minor: number][] = [
	['null', 1, 3],
	['zero', 1, 5],
	['full', 1, 7],
	['random', 1, 8],
	['urandom', 1, 9],
	['tty', 5, 0],
];

/** Every container has these. */
export const defaultDevices: readonly Device[] = numbers.map(([name, major, minor]) => ({
	...{type: 'c', path: `/dev/${name}`, major, minor, fileMode: 0o666, uid: 0, gid: 0},
}));

export const defaultLinks: readonly Link[] = [
	{path: '/dev/fd', target: '/proc/self/fd'},
	{path: '/dev/stdin', target: '/proc/self/fd/0'},
	{path: '/dev/stdout', target: '/proc/self/fd/1'},
	{path: '/dev/stderr', target: '/proc/self/fd/2'},
	{path: '/dev/ptmx', target: 'pts/ptmx'},
];

const CONSOLE = '/dev/console';

export const defaultDevicePaths: ReadonlySet<string> = new Set(defaultDevices.map(({path}) => path));

/** Paths that the helper makes itself, after the mounts. */
export const ownDevicePaths: ReadonlySet<string> = new Set([
	...defaultDevicePaths,
	...defaultLinks.map(({path}) => path),
	CONSOLE,
]);

const findOnHost = (wanted: Wanted, {source, permissions}: DeviceRequest) => {
	const path = hostPath(wanted, source);
	// More than was asked for must not be given.
	if ((!permissions.includes('r') || !permissions.includes('w')) && !deviceGroup(wanted))
		throw new Failure(
			`device ${quoted(source)}: permissions ${quoted(permissions)} need a device control group, and there is none: use rwm or rw`,
		);
	const device = Object.hasOwn(wanted.hostDevices, path) ? wanted.hostDevices[path] : undefined;
	if (!device) throw new Failure(`device ${quoted(source)}: there is no such device on the host`);
	return {path, device};
};

interface Allowed {
	device: Device;
	access: string;
}

/** The same path once, as it was asked for. */
const allowed = (wanted: Wanted): Allowed[] => {
	const own = defaultDevices.map(device => ({device, access: 'rwm'}));
	const requested = wanted.devices.map(
		(request): Allowed => ({
			device: {...findOnHost(wanted, request).device, path: request.destination},
			access: request.permissions,
		}),
	);
	return [...new Map([...own, ...requested].map(entry => [entry.device.path, entry])).values()];
};

/** Made with mknod(2), which root can. */
export const planDevices = (wanted: Wanted): Device[] =>
	wanted.mapped ? [] : allowed(wanted).map(({device}) => ({...device}));

/** Any node may be made, by us too, but not opened; and terminals are everyone's own. */
export const alwaysAllowed: readonly DeviceRule[] = [
	{type: 'c', access: 'm'},
	{type: 'b', access: 'm'},
	{type: 'c', major: 136, access: 'rwm'},
	{type: 'c', major: 5, minor: 1, access: 'rwm'},
	{type: 'c', major: 5, minor: 2, access: 'rwm'},
];

/** As devices.allow of cgroup version 1 has it: `c 136:* rwm`. */
export const deviceText = ({type, major, minor, access}: DeviceRule): string =>
	`${type ?? 'a'} ${major ?? '*'}:${minor ?? '*'} ${access}`;

/** What of the machine's devices can be opened: by their numbers, whatever they are called. */
export const planDeviceRules = (wanted: Wanted): DeviceRule[] => {
	if (wanted.privileged) return [{access: 'rwm'}];
	const listed = allowed(wanted).map(({device: {type, major = 0, minor = 0}, access}): DeviceRule => {
		return {type: type === 'b' ? 'b' : 'c', major, minor, access};
	});
	return [...new Map([...alwaysAllowed, ...listed].map(rule => [deviceText(rule), {...rule}])).values()];
};

/** A device node made in a user namespace cannot be opened (mount_namespaces(7)): the host's own are bound instead. */
export const planDeviceMounts = (wanted: Wanted): Mount[] => {
	if (!wanted.mapped) return [];
	const bind = (destination: string, source: string): Mount => ({
		...{destination, type: 'bind', source, options: ['bind', 'nosuid', 'noexec']},
	});
	const requested = wanted.devices.map(request => bind(request.destination, findOnHost(wanted, request).path));
	const mounts = [...defaultDevices.map(({path}) => bind(path, path)), ...requested];
	return [...new Map(mounts.map(mount => [mount.destination, mount])).values()];
};

/** With a terminal the helper binds it at /dev/console. */
export const planLinks = (wanted: Wanted): Link[] => [
	...planPartLinks(wanted),
	...defaultLinks,
	...(wanted.tty ? [] : [{path: CONSOLE, target: 'null'}]),
];
