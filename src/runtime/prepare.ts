import {allDevices} from '../host/devices.js';
import {gatherFacts} from '../host/facts.js';
import {readText, realDirectory, realPath} from '../host/files.js';
import {claimRange, exampleRange} from '../host/idRange.js';
import {kernelFacts, securityModules} from '../host/seccomp.js';
import {type Container, containerDir, overlayDir} from '../host/store.js';
import {userNetworkFacts} from '../host/userNetwork.js';
import {parseEnvFile} from '../parse/env.js';
import {plan} from '../plan/plan.js';
import {withProfile} from '../plan/profile.js';
import type {DeviceRequest, Request} from '../plan/request.js';
import type {CgroupFacts, HostFacts, JoinedFacts} from '../spec/facts.js';
import {Failure} from '../spec/failure.js';
import type {BridgeFacts, NetworkWish} from '../spec/networkFacts.js';
import type {Spec} from '../spec/types.js';
import type {Invocation} from './invocation.js';
import {confinement, readProfile} from './seccomp.js';

/** Everything that is known before anything is done. */
export interface Prepared {
	container: Container;
	request: Request;
	facts: HostFacts;
	spec: Spec;
	/** Where its control groups are. */
	cgroup?: CgroupFacts | undefined;
	/** What it wants of networks, and what it has. */
	wish?: NetworkWish | undefined;
	bridges?: BridgeFacts | undefined;
	/** The container whose network it has. */
	joins?: string | undefined;
}

/** What it has before it is planned. */
export interface Place {
	id: string;
	/** The network for who names none. */
	defaultNetwork: string;
	wish?: NetworkWish | undefined;
	joined?: JoinedFacts | undefined;
	bridges?: BridgeFacts | undefined;
}

/**
 * Looks around and plans; changes nothing.
 *
 * @param at where containers are kept
 */
export function prepare(
	{request: asked, envFiles, seccompFile, name}: Pick<Invocation, 'request' | 'envFiles' | 'seccompFile' | 'name'>,
	at: string,
	overlay: 'disk' | 'tmpfs',
	{id, defaultNetwork, bridges, wish, joined}: Place,
): Prepared {
	const container = {id, name};
	const profile = seccompFile === '' ? {} : {seccomp: readProfile(seccompFile)};
	const request = settle(withProfile({...asked, ...profile, overlay: asked.overlay ?? {kind: overlay}}), envFiles);
	const directory = overlayDir(at, container.id);
	const layers = request.overlay?.kind === 'dir' ? [`${request.overlay.path}/upper`, request.rootfs] : [request.rootfs];
	const devices = request.devices?.map(device => device.source) ?? [];
	const cgroups = request.cgroups !== 'disabled';
	const question = {id, layers, overlayDir: directory, devices, cgroups};
	const facts = {
		...gatherFacts(question),
		...(typeof request.seccomp === 'object' && kernelFacts()),
		...((request.apparmor ?? request.label) && {modules: securityModules()}),
		defaultNetwork,
		...userFacts(request.network ?? defaultNetwork),
		...(bridges && {bridges}),
		...(joined && {joined}),
		...(hasOwnIds(request) && {
			range: overlay === 'disk' ? claimRange(containerDir(at, id)) : exampleRange(),
		}),
	};
	const seccomp = confinement(request, facts, at, overlay === 'disk');
	const spec = plan(request, {...facts, ...(seccomp && {seccomp})});
	return {container, request, facts, spec, cgroup: facts.cgroup, wish, bridges, joins: joined?.id};
}

/** A user's are what he has; of root's each container has others. */
const hasOwnIds = ({userns}: Request): boolean => userns?.kind === 'private' && process.geteuid?.() === 0;

/** Looked for only where it is wanted. */
const userFacts = (network: string | readonly string[]) =>
	[network].flat().some(text => /^(pasta|slirp4netns)/.test(text)) ? {userNetwork: userNetworkFacts()} : {};

/** Paths without links, so that what lies inside of what can be told by their text; variables from files. */
function settle(request: Request, envFiles: readonly string[]): Request {
	const {overlay, env = [], privileged = false} = request;
	return {
		...request,
		...(privileged && {devices: everyDevice(request)}),
		rootfs: realDirectory(request.rootfs, '--rootfs'),
		overlay: overlay?.kind === 'dir' ? {...overlay, path: realPath(overlay.path)} : overlay,
		env: [...readEnvFiles(envFiles), ...env],
	};
}

/** As they are called on the host; what the request itself says of one goes first. */
function everyDevice({devices = []}: Request): DeviceRequest[] {
	const taken = new Set(devices.map(({destination}) => destination));
	const others = allDevices().filter(path => !taken.has(path));
	return [...others.map(path => ({source: path, destination: path, permissions: 'rwm'})), ...devices];
}

/** @throws Failure that names the file */
export const readEnvFiles = (files: readonly string[]) => files.flatMap(readEnvFile);

function readEnvFile(file: string) {
	const text = readText(file, '--env-file');
	try {
		return parseEnvFile(text);
	} catch (cause) {
		throw cause instanceof Failure ? new Failure(`--env-file ${file}: ${cause.message}`, {cause}) : cause;
	}
}
