import {parseHostname} from '../parse/hostname.js';
import type {HostFacts} from '../spec/facts.js';
import {Failure} from '../spec/failure.js';
import {type Extension, type Linux, type Spec, WIRE_VERSION} from '../spec/types.js';
import {planCgroup} from './cgroup.js';
import {checkRequest} from './check.js';
import {planContents} from './contents.js';
import {type Wanted, withDefaults} from './defaults.js';
import {planDevices, planLinks} from './devices.js';
import {type IdMaps, planIdMaps} from './idmaps.js';
import {planMasks} from './masks.js';
import {planMounts} from './mounts.js';
import {planNamespaces} from './namespaces.js';
import {planNetwork} from './network/network.js';
import {hostPath} from './paths.js';
import {planProcess} from './process.js';
import {withProfile} from './profile.js';
import type {Request} from './request.js';
import {planRootfs} from './rootfs.js';
import {checkShape} from './shape.js';
import {planSysctl} from './sysctl.js';
import {planUser} from './user.js';

/** As docker does: the first 12 digits. An id of words may have what a host name may not. */
const shortId = (id: string): string =>
	id
		.slice(0, 12)
		.replace(/[^A-Za-z0-9]+/g, '-')
		.replace(/-$/, '');

/**
 * What the container is, whole: every default spelt out, every name looked up. A function of its arguments: it touches
 * nothing and knows nothing else, so that the same request and facts always give the same spec.
 *
 * @throws Failure with one line for the user
 */
export const plan = (request: Request, facts: Partial<HostFacts> = {}): Spec => {
	checkShape(request);
	const wanted = withDefaults(withProfile(request), facts);
	checkRequest(wanted);
	const who = planUser(wanted);
	const maps = planIdMaps(wanted, who);
	const hostname =
		wanted.uts === 'host' ? undefined : parseHostname(wanted.hostname ?? wanted.joined?.hostname ?? shortId(wanted.id));
	const {root, rootfs} = planRootfs(wanted);
	return {
		ociVersion: '1.2.0',
		process: planProcess(wanted, hostname ?? wanted.hostsName, who, maps),
		root,
		...(hostname !== undefined && {hostname}),
		mounts: planMounts(wanted, maps),
		linux: planLinux(wanted, maps),
		...(Object.keys(wanted.labels).length > 0 && {annotations: {...wanted.labels}}),
		minicontainer: planExtension(wanted, hostname ?? wanted.hostsName, rootfs, maps),
	};
};

const planLinux = (wanted: Wanted, maps: IdMaps | undefined): Linux => ({
	namespaces: planNamespaces(wanted),
	...(maps && {uidMappings: maps.uid, gidMappings: maps.gid}),
	devices: planDevices(wanted),
	sysctl: planSysctl(wanted, maps),
	...planMasks(wanted),
});

/** @throws Failure when a protection that was asked for cannot be given */
const planFilter = ({seccomp, filter}: Wanted): Pick<Extension, 'seccomp'> => {
	if (seccomp === 'unconfined') return {};
	if (!filter && seccomp !== undefined)
		throw new Failure("seccomp needs a compiled filter: the fact 'seccomp' is missing");
	return filter ? {seccomp: filter} : {};
};

const planExtension = (
	wanted: Wanted,
	hostname: string | undefined,
	rootfs: NonNullable<Extension['rootfs']>,
	maps?: IdMaps,
): Extension => {
	const cgroup = planCgroup(wanted);
	return {
		version: WIRE_VERSION,
		id: wanted.id,
		...(wanted.joined?.target && {target: wanted.joined.target}),
		rootfs,
		...(cgroup && {cgroup}),
		...planNetwork(wanted),
		loopback: wanted.network === 'new',
		newKeyring: true,
		...(maps && {setgroups: maps.setgroups}),
		links: planLinks(wanted),
		contents: planContents(wanted, hostname),
		...(!wanted.interactive && {stdin: 'null'}),
		...planFilter(wanted),
		init: wanted.init,
		...(wanted.timeout > 0 && {timeout: wanted.timeout}),
		...(wanted.pidFile !== undefined && {pidFile: hostPath(wanted, wanted.pidFile)}),
	};
};
