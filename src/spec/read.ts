import {readJson} from './json.js';
import type {Spec} from './types.js';
import {validate} from './validate.js';

export {SpecError} from './error.js';

/** SPEC_MAX_BYTES and SPEC_MAX_DEPTH of shim/spec.h. */
const LIMITS = {bytes: 4 << 20, depth: 32};

/**
 * A document as the helper would read it: what `mc-init check` refuses is refused here, with the same words. Integers
 * beyond 2^53 become bigint. Throws SpecError.
 */
export const readSpec = (text: string): Spec => validate(readJson(text, LIMITS));
