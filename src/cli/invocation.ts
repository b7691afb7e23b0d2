import type {Invocation} from '../runtime/invocation.js';
import {Misuse} from './misuse.js';
import type {Draft} from './option.js';

/** @throws Failure for what every container needs and this one lacks */
export function invocationOf({request, oci: _, ...beside}: Draft, args: string[]): Invocation {
	const {rootfs} = request;
	if (rootfs === undefined) {
		throw new Misuse('--rootfs DIR is missing', {
			hint: 'DIR holds the files that the container is to see, such as /bin',
		});
	}

	if (args.length === 0) {
		throw new Misuse('COMMAND is missing', {hint: 'for example: minicontainer run -it --rootfs DIR /bin/sh'});
	}

	return {...beside, request: {...request, rootfs, args}};
}
