/** The one door for values that are to become a Spec. */
import {SpecError} from './error.js';
import {spec} from './fields.js';
import {sysctlNamespace} from './names.js';
import {assertIs} from './schema.js';
import type {NamespaceType, Spec} from './types.js';
import {WIRE_VERSION} from './types.js';

export {SpecError} from './error.js';

/**
 * What asks for something inside a namespace must bring that namespace, or it would be done to the host. The helper has
 * the same rules in the same order (shim/spec.c).
 */
const RULES: {namespace: NamespaceType; pointer: string; asks: (spec: Spec) => boolean | undefined}[] = [
	{namespace: 'mount', pointer: '/root/readonly', asks: ({root}) => root?.readonly},
	{namespace: 'uts', pointer: '/hostname', asks: ({hostname}) => hostname !== undefined},
	{namespace: 'uts', pointer: '/domainname', asks: ({domainname}) => domainname !== undefined},
	{namespace: 'mount', pointer: '/mounts', asks: ({mounts}) => hasItems(mounts)},
	{namespace: 'user', pointer: '/linux/uidMappings', asks: ({linux}) => hasItems(linux.uidMappings)},
	{namespace: 'user', pointer: '/linux/gidMappings', asks: ({linux}) => hasItems(linux.gidMappings)},
	{
		namespace: 'time',
		pointer: '/linux/timeOffsets',
		asks: ({linux: {timeOffsets = {}}}) => Boolean(timeOffsets.monotonic ?? timeOffsets.boottime),
	},
	{namespace: 'mount', pointer: '/linux/rootfsPropagation', asks: ({linux}) => linux.rootfsPropagation !== undefined},
	{namespace: 'mount', pointer: '/linux/devices', asks: ({linux}) => hasItems(linux.devices)},
	{namespace: 'mount', pointer: '/linux/maskedPaths', asks: ({linux}) => hasItems(linux.maskedPaths)},
	{namespace: 'mount', pointer: '/linux/readonlyPaths', asks: ({linux}) => hasItems(linux.readonlyPaths)},
	{
		namespace: 'mount',
		pointer: '/minicontainer/rootfs/overlay',
		asks: ({minicontainer}) => minicontainer.rootfs?.overlay !== undefined,
	},
	{
		namespace: 'mount',
		pointer: '/minicontainer/rootfs/options',
		asks: ({minicontainer}) => hasItems(minicontainer.rootfs?.options),
	},
	{
		namespace: 'user',
		pointer: '/minicontainer/rootfs/idmap',
		asks: ({minicontainer}) => minicontainer.rootfs?.idmap,
	},
	{namespace: 'network', pointer: '/minicontainer/loopback', asks: ({minicontainer}) => minicontainer.loopback},
	{
		namespace: 'user',
		pointer: '/minicontainer/setgroups',
		asks: ({minicontainer}) => minicontainer.setgroups !== undefined,
	},
	{namespace: 'mount', pointer: '/minicontainer/links', asks: ({minicontainer}) => hasItems(minicontainer.links)},
	{
		namespace: 'mount',
		pointer: '/minicontainer/contents',
		asks: ({minicontainer}) => hasItems(minicontainer.contents),
	},
];

const hasItems = (items: unknown[] | undefined) => items !== undefined && items.length > 0;

/** Throws a SpecError that names the first thing that is wrong; returns the same value, typed. */
export function validate(value: unknown): Spec {
	checkVersion(value);
	assertIs(spec, value);
	checkNamespaces(value);
	return value;
}

/** Before anything else: of a newer document, "unknown key" would be true but would not help. */
function checkVersion(value: unknown): void {
	const version = (value as {minicontainer?: {version?: unknown}} | null | undefined)?.minicontainer?.version;
	const isNumber = typeof version === 'bigint' || Number.isSafeInteger(version);
	if (isNumber && version !== WIRE_VERSION) {
		throw new SpecError('/minicontainer/version', `unsupported: not in ${WIRE_VERSION}..${WIRE_VERSION}`);
	}
}

const NEVER_ENTERED: readonly NamespaceType[] = ['mount', 'user', 'time'];
/** Of a namespace that is entered one must know what it is: it can't be asked for. */
const SETGROUPS = '/minicontainer/setgroups';

function checkNamespaces(spec: Spec): void {
	const brought = new Set(spec.linux.namespaces.filter(({path}) => path === undefined).map(({type}) => type));
	// A new mount namespace is for a root file system of one's own; entered ones have theirs.
	if (!spec.root && brought.has('mount')) throw new SpecError('/root', 'missing');
	const listed = new Set(spec.linux.namespaces.map(({type}) => type));
	// Mounts, maps and offsets are a new one's. Others may be entered: who shares them with the container shares what is set.
	const isBrought = (type: NamespaceType, pointer: string) =>
		brought.has(type) || (listed.has(type) && (!NEVER_ENTERED.includes(type) || pointer === SETGROUPS));
	const needed = [
		...RULES.filter(({asks}) => asks(spec)),
		...Object.keys(spec.linux.sysctl ?? {}).map(name => ({
			pointer: `/linux/sysctl/${name}`,
			// Never undefined: fields.ts refuses other names.
			namespace: sysctlNamespace(name) as NamespaceType,
		})),
	];
	for (const {pointer, namespace} of needed) {
		if (!isBrought(namespace, pointer)) throw new SpecError(pointer, `needs the namespace ${namespace}`);
	}
}
