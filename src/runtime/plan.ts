import {stateDirectory} from '../host/paths.js';
import {toOci} from '../plan/oci.js';
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
	const {spec} = prepare(invocation, stateDirectory(invocation.root), 'tmpfs');
	return `${encode(oci ? toOci(spec) : spec, '\t')}\n`;
}
