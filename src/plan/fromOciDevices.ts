import {cleanPath} from '../parse/path.js';
import {Failure} from '../spec/failure.js';
import type {OciDevice, OciDeviceRule} from '../spec/ociTypes.js';
import type {Device, DeviceRule, Link, Mount} from '../spec/types.js';
import {alwaysAllowed, defaultDevices, defaultLinks, deviceText} from './devices.js';
import type {OciWanted} from './fromOci.js';
import {isBind} from './fromOciOptions.js';

/** Someone else's /dev is as they want it: nothing is made in it (runc and crun hold it so). */
const hasForeignDev = ({config: {mounts = []}}: OciWanted): boolean =>
	mounts.some(mount => cleanPath(mount.destination) === '/dev' && isBind(mount));

const deviceOf = ({type, path, major, minor, fileMode = 0o666, uid = 0, gid = 0}: OciDevice): Device => ({
	type,
	path: cleanPath(path),
	...(type !== 'p' && {major: major ?? 0, minor: minor ?? 0}),
	...{fileMode: fileMode & 0o7777, uid, gid},
});

const notDevices = new Set([...defaultLinks.map(({path}) => path), '/dev/console']);

const wantedDevices = (wanted: OciWanted): Device[] => {
	if (hasForeignDev(wanted)) return [];
	// Whoever hands on all of the host's (`--privileged`) lists these too, and means the container's own.
	const asked = (wanted.config.linux?.devices ?? []).map(deviceOf).filter(({path}) => !notDevices.has(path));
	return [...new Map([...defaultDevices, ...asked].map(device => [device.path, {...device}])).values()];
};

export const planOciDevices = (wanted: OciWanted): Device[] => (wanted.inUserNamespace ? [] : wantedDevices(wanted));

/** A device node made in a user namespace cannot be opened (mount_namespaces(7)): the host's own are bound instead. */
export const planOciDeviceMounts = (wanted: OciWanted): Mount[] =>
	wanted.inUserNamespace
		? wantedDevices(wanted).map(({path}) => ({
				...{destination: path, type: 'bind', source: path, options: ['bind', 'nosuid', 'noexec']},
			}))
		: [];

export const planOciLinks = (wanted: OciWanted): Link[] => (hasForeignDev(wanted) ? [] : [...defaultLinks]);

const ruleOf = ({type, major, minor, access = 'rwm'}: OciDeviceRule): DeviceRule => ({
	...(type === 'b' ? {type} : type === 'c' || type === 'u' ? {type: 'c' as const} : {}),
	// -1 is how Go writes that nothing is said.
	...(major !== undefined && major >= 0 && {major}),
	...(minor !== undefined && minor >= 0 && {minor}),
	access: access === '' ? 'rwm' : access,
});

const isAll = ({type, major, minor}: DeviceRule): boolean =>
	type === undefined && major === undefined && minor === undefined;

const isSame = (a: DeviceRule, b: DeviceRule): boolean =>
	a.type === b.type && a.major === b.major && a.minor === b.minor;

const isWithin = (a: DeviceRule, b: DeviceRule): boolean =>
	(['type', 'major', 'minor'] as const).every(key => b[key] === undefined || a[key] === b[key]);

/** What is left of a rule where another takes access away. */
const without = (rule: DeviceRule, denied: DeviceRule): DeviceRule[] => {
	if (!isWithin(rule, denied)) {
		if (isWithin(denied, rule) && [...denied.access].some(letter => rule.access.includes(letter)))
			throw new Failure(`linux.resources.devices: no part of ${deviceText(rule)} can be denied after it was allowed`);
		return [rule];
	}
	const access = [...rule.access].filter(letter => !denied.access.includes(letter)).join('');
	return access === '' ? [] : [{...rule, access}];
};

/**
 * The document's list has an order, allow and deny by turns; the wire's is of what is allowed. What every container needs
 * is in it, too, as runc and crun do it.
 */
export const planOciDeviceRules = ({config: {linux}}: OciWanted): DeviceRule[] => {
	let allowed: DeviceRule[] = [];
	for (const asked of linux?.resources?.devices ?? []) {
		const rule = ruleOf(asked);
		if (!asked.allow) allowed = allowed.flatMap(other => without(other, rule));
		else if (isAll(rule) && rule.access.length === 3) allowed = [rule];
		else allowed = [...allowed.filter(other => !isSame(other, rule)), merged(allowed, rule)];
	}
	const own = defaultDevices.map(({major = 0, minor = 0}): DeviceRule => ({type: 'c', major, minor, access: 'rwm'}));
	if (allowed.some(isAll)) return allowed;
	return [...new Map([...alwaysAllowed, ...own, ...allowed].map(rule => [deviceText(rule), {...rule}])).values()];
};

const merged = (allowed: readonly DeviceRule[], rule: DeviceRule): DeviceRule => {
	const before = allowed.find(other => isSame(other, rule))?.access ?? '';
	return {...rule, access: [...'rwm'].filter(letter => (before + rule.access).includes(letter)).join('')};
};
