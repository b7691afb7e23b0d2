import {stateDirectory} from '../host/paths.js';
import {toOci} from '../plan/oci.js';
import {planSeccomp} from '../plan/seccomp.js';
import {encode} from '../spec/encode.js';
import type {Invocation} from './invocation.js';
import {prepare} from './prepare.js';
import {previewNetwork} from './withNetwork.js';

/**
 * Plans, and touches nothing.
 *
 * @param oci a plain OCI document, without what only our helper knows
 * @returns JSON for people, with a newline at the end
 */
export async function planOnly(invocation: Invocation, oci: boolean): Promise<string> {
	const at = stateDirectory(invocation.root);
	const place = await previewNetwork(invocation.request, at);
	const {spec, request, facts} = prepare(invocation, at, 'tmpfs', place);
	return `${encode(oci ? toOci(spec, planSeccomp(request, facts, true)) : spec, '\t')}\n`;
}
