import {stateDirectory} from '../host/paths.js';
import {toOci} from '../plan/oci.js';
import {planSeccomp} from '../plan/seccomp.js';
import {encode} from '../spec/encode.js';
import type {Invocation} from './invocation.js';
import {prepare} from './prepare.js';

/**
 * Plans, and touches nothing.
 *
 * @param oci a plain OCI document, without what only our helper knows
 * @returns JSON for people, with a newline at the end
 */
export function planOnly(invocation: Invocation, oci: boolean): string {
	const {spec, request, facts} = prepare(invocation, stateDirectory(invocation.root), 'tmpfs');
	return `${encode(oci ? toOci(spec, planSeccomp(request, facts, true)) : spec, '\t')}\n`;
}
