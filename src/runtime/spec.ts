import {readText} from '../host/files.js';
import {Failure} from '../spec/failure.js';
import {readSpec} from '../spec/read.js';
import type {Spec} from '../spec/types.js';
import type {Known} from './lookup.js';
import {titleOf} from './title.js';

/**
 * What the container was, or will be, started with.
 *
 * @throws Failure when it is not there, or no spec
 */
export function specOf(container: Known): Spec {
	try {
		return readSpec(readText(`${container.directory}/spec.json`, 'spec'));
	} catch (cause) {
		const why = cause instanceof Error ? cause.message : String(cause);
		throw new Failure(`container ${titleOf(container)} is damaged: ${why}`, {
			cause,
			hint: `minicontainer rm -f ${titleOf(container)} removes it`,
		});
	}
}
