import {readFileSync, writeFileSync} from 'node:fs';
import {resolve} from 'node:path';
import {gatherOciFacts} from '../host/ociFacts.js';
import {errnoOf, reason} from '../host/reason.js';
import {type OciRun, planOci} from '../plan/fromOci.js';
import {ociPlace} from '../plan/fromOciCgroup.js';
import {compileSeccomp} from '../runtime/seccomp.js';
import {encode} from '../spec/encode.js';
import {Failure} from '../spec/failure.js';
import {type OciConfig, readOciConfig} from '../spec/oci.js';
import type {Seccomp} from '../spec/seccomp.js';
import type {Filter, Spec} from '../spec/types.js';
import {needed, type Options} from './options.js';

/** Where mc-oci reads the spec: a file or a pipe. */
const SPEC_FD = 3;

/** Whole, in as many pieces as a pipe takes. The helper looks whether it is right, with the same words as we would. */
export const hand = (spec: Spec): void => writeFileSync(SPEC_FD, encode(spec));

export function readDocument(file: string): string {
	try {
		return readFileSync(file === '-' ? 0 : file, 'utf8');
	} catch (cause) {
		throw new Failure(`${file}: ${errnoOf(cause) === 'ENOENT' ? 'no such file' : reason(cause)}`, {cause});
	}
}

/** Compiled, and kept beside the containers for the next one with the same. */
function filterOf(config: OciConfig, state: string): Filter | undefined {
	const profile = config.linux?.seccomp;
	if (!profile) {
		return undefined;
	}

	// What the compiler does not know is passed over, as all in such a document.
	const {defaultAction, defaultErrnoRet, architectures, flags, listenerPath, syscalls} = profile;
	const known = {defaultAction, defaultErrnoRet, architectures, flags, listenerPath, syscalls};
	const said = Object.entries(known).filter(([, value]) => value !== undefined);
	return compileSeccomp(Object.fromEntries(said) as unknown as Seccomp, state, true);
}

const managers = ['cgroupfs', 'systemd', 'disabled'] as const;

function managerOf({one, has}: Options): NonNullable<OciRun['cgroupManager']> {
	const asked = has('systemd-cgroup') ? 'systemd' : (one('cgroup-manager') ?? 'cgroupfs');
	const manager = managers.find(name => name === asked);
	if (!manager) {
		throw new Failure(`--cgroup-manager: it is one of ${managers.join(', ')}`);
	}

	return manager;
}

export function create(options: Options): void {
	const bundle = resolve(options.one('bundle') ?? '.');
	const file = resolve(bundle, options.one('config') ?? 'config.json');
	const config = readOciConfig(readDocument(file));
	const run = {id: options.id, bundle, cgroupManager: managerOf(options), newKeyring: !options.has('no-new-keyring')};
	const seccomp = filterOf(config, needed(options, 'state'));
	const spec = planOci(
		config,
		{...run, ...(seccomp && {seccomp})},
		gatherOciFacts(config, bundle, ociPlace({config, run})),
	);
	hand(spec);
}
