import {parseCapability} from '../parse/capability.js';
import type {HostFacts} from '../spec/facts.js';
import {Failure} from '../spec/failure.js';
import {CAPABILITIES} from '../spec/names.js';
import type {Capabilities} from '../spec/types.js';
import type {Wanted} from './defaults.js';
import type {Request} from './request.js';

/** Podman's: docker's without MKNOD, NET_RAW and AUDIT_WRITE; enough for apt and apk. */
const DEFAULT: readonly string[] = [
	'CAP_CHOWN',
	'CAP_DAC_OVERRIDE',
	'CAP_FOWNER',
	'CAP_FSETID',
	'CAP_KILL',
	'CAP_SETGID',
	'CAP_SETUID',
	'CAP_SETPCAP',
	'CAP_NET_BIND_SERVICE',
	'CAP_SYS_CHROOT',
	'CAP_SETFCAP',
];

/** Whether the caller can give it away: a bit of the facts' mask. */
const isAvailable = (mask: bigint, name: string): boolean => ((mask >> BigInt(CAPABILITIES.indexOf(name))) & 1n) === 1n;

/** Docker's rules: `--cap-add all` is all but the dropped ones; else the added ones win over the dropped ones. */
const choose = (add: ReadonlySet<string>, drop: ReadonlySet<string>): string[] => {
	if (add.has('ALL')) return CAPABILITIES.filter(name => !drop.has(name));
	const base = drop.has('ALL') ? [] : DEFAULT.filter(name => !drop.has(name));
	return CAPABILITIES.filter(name => base.includes(name) || add.has(name));
};

/**
 * Root has them at once; another user can only come by them through a program with file capabilities. Inheritable and
 * ambient sets stay empty: filled ones raise what such programs get (CVE-2022-24769).
 *
 * @throws Failure for an unknown name, and for one that was asked for and is not the caller's to give
 */
export const planCapabilities = (wanted: Wanted, uid: number): Capabilities => {
	const bounding = boundingSet(wanted, wanted);
	const own = uid === 0 ? bounding : [];
	return {bounding, effective: [...own], permitted: [...own], inheritable: [], ambient: []};
};

/** The most that a process in the container can have. */
export const boundingSet = (
	{capAdd = [], capDrop = [], privileged = false}: Pick<Request, 'capAdd' | 'capDrop' | 'privileged'>,
	{capabilities = ~0n}: Pick<HostFacts, 'capabilities'>,
): string[] => {
	const add = new Set([...capAdd.map(parseCapability), ...(privileged ? ['ALL'] : [])]);
	const missing = [...add].find(name => name !== 'ALL' && !isAvailable(capabilities, name));
	if (missing)
		throw new Failure(`${missing} cannot be given to a container`, {hint: 'it is not among your own capabilities'});
	return choose(add, new Set(capDrop.map(parseCapability))).filter(name => isAvailable(capabilities, name));
};
