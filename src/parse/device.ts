import {Failure, quoted} from '../spec/failure.js';
import {isWithin, parsePath} from './path.js';

export interface DeviceRequest {
	source: string;
	destination: string;
	/** Any of r, w, m; enforced with the device cgroup. */
	permissions: string;
}

const usage = 'use HOST[:CONTAINER][:rwm], both paths absolute';

/** Permissions, each letter once. */
const isAccess = (text: string): boolean => /^(?!.*(.).*\1)[rwm]{1,3}$/.test(text);

/**
 * `HOST[:CONTAINER][:PERMISSIONS]`.
 *
 * @throws Failure
 */
export const parseDevice = (text: string): DeviceRequest => {
	const parts = text.split(':');
	const permissions = parts.length > 1 && isAccess(parts.at(-1) ?? '') ? (parts.pop() ?? '') : 'rwm';
	const [source = '', destination = source, ...more] = parts;
	if (more.length > 0 || !source.startsWith('/') || !destination.startsWith('/'))
		throw new Failure(`${quoted(text)} is not a device: ${usage}`);
	const path = parsePath(destination);
	// Only the container's /dev is a file system on which device nodes work.
	if (path === '/dev' || !isWithin(path, '/dev'))
		throw new Failure(`${quoted(path)} is no place for a device: in the container it must be below /dev`);
	return {source: parsePath(source), destination: path, permissions};
};
