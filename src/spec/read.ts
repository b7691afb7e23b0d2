import {SpecError} from './error.js';
import {readJson} from './json.js';
import type {Spec} from './types.js';
import {validate} from './validate.js';

export {SpecError} from './error.js';

/** SPEC_MAX_BYTES and SPEC_MAX_DEPTH of shim/spec.h. */
const LIMITS = {bytes: 4 << 20, depth: 32};

/**
 * A document as the helper would read it: what `mc-init check` refuses is refused here, with the same words. Integers
 * beyond 2^53 become bigint. Throws SpecError.
 * @param document what came from a file is best handed over as bytes: a decoder may silently replace what is no UTF-8
 */
export const readSpec = (document: string | Uint8Array): Spec =>
	validate(readJson(typeof document === 'string' ? document : decode(document), LIMITS));

function decode(bytes: Uint8Array): string {
	if (bytes.length > LIMITS.bytes) throw new SpecError('', `larger than ${LIMITS.bytes} bytes`);
	try {
		return new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(bytes);
	} catch {
		throw new SpecError('', 'not valid UTF-8');
	}
}
