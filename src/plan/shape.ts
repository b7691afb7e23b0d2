import {Failure, quoted} from '../spec/failure.js';
import type {Request} from './request.js';

/** What a value must be, in words, and whether it is. */
interface Shape {
	is: string;
	test: (value: unknown) => boolean;
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (test: Shape['test']) => (value: unknown) => Array.isArray(value) && value.every(test);
const withTexts =
	(...keys: string[]) =>
	(value: unknown) =>
		isObject(value) && keys.every(key => isText(value[key]));

const text: Shape = {is: 'a string', test: isText};
const texts: Shape = {is: 'a list of strings', test: listOf(isText)};
const flag: Shape = {is: 'true or false', test: value => typeof value === 'boolean'};
const count: Shape = {
	is: 'a whole number, 0 or more',
	test: value => Number.isSafeInteger(value) && Number(value) >= 0,
};
const number: Shape = {is: 'a number', test: value => typeof value === 'number'};
const map: Shape = {is: 'an object of strings', test: value => isObject(value) && Object.values(value).every(isText)};
const sharing: Shape = {is: "'private' or 'host'", test: value => value === 'private' || value === 'host'};

const isEnv = (value: unknown) => withTexts('name')(value) && isText((value as {value?: unknown}).value ?? '');
const isLimit = (value: unknown) => typeof value === 'bigint' || count.test(value);
const isUlimit = (value: unknown) =>
	withTexts('name')(value) && ['soft', 'hard'].every(key => isLimit((value as Record<string, unknown>)[key]));
const isMount = (value: unknown) =>
	withTexts('type', 'destination')(value) && ((value as {type: string}).type === 'tmpfs' || withTexts('source')(value));

const shapes: Readonly<Record<keyof Request, Shape>> = {
	rootfs: text,
	args: texts,
	overlay: {is: "an object with a 'kind'", test: withTexts('kind')},
	hostname: text,
	env: {is: 'a list of {name, value}', test: listOf(isEnv)},
	workdir: text,
	user: {is: 'an object {user, group}', test: withTexts('user')},
	groupAdd: texts,
	mounts: {is: 'a list of mounts, {type, source, destination}', test: listOf(isMount)},
	readOnly: flag,
	tty: flag,
	interactive: flag,
	capAdd: texts,
	capDrop: texts,
	noNewPrivileges: flag,
	userns: {is: "an object with a 'kind'", test: withTexts('kind')},
	profile: {is: "'default' or 'strict'", test: value => value === 'default' || value === 'strict'},
	privileged: flag,
	apparmor: text,
	label: texts,
	mask: texts,
	unmask: texts,
	procOptions: texts,
	seccomp: {
		is: "'default', 'unconfined' or a profile",
		test: value => value === 'default' || value === 'unconfined' || isObject(value),
	},
	devices: {
		is: 'a list of {source, destination, permissions}',
		test: listOf(withTexts('source', 'destination', 'permissions')),
	},
	ulimits: {is: 'a list of {name, soft, hard}', test: listOf(isUlimit)},
	sysctls: map,
	shmSize: count,
	init: flag,
	network: {is: 'a string or a list of strings', test: value => isText(value) || listOf(isText)(value)},
	publish: {
		is: 'a list of {protocol, port}',
		test: listOf(value => withTexts('protocol')(value) && count.test((value as {port?: unknown}).port)),
	},
	ip: text,
	macAddress: text,
	networkAliases: texts,
	dns: texts,
	dnsSearch: texts,
	dnsOptions: texts,
	addHost: {is: 'a list of {name, address}', test: listOf(withTexts('name', 'address'))},
	pid: sharing,
	ipc: sharing,
	uts: sharing,
	timeout: count,
	labels: map,
	pidFile: text,
	memory: count,
	memorySwap: number,
	memoryReservation: count,
	cpus: number,
	cpuShares: count,
	cpusetCpus: text,
	pidsLimit: number,
	blkioWeight: count,
	oomScoreAdj: number,
	cgroups: {is: "'enabled' or 'disabled'", test: value => value === 'enabled' || value === 'disabled'},
};

/**
 * For programs, which no compiler need have checked: a typo in a security key must never be ignored.
 *
 * @throws Failure that names the first key that is unknown, missing or of another shape
 */
export const checkShape = (request: Request): void => {
	for (const [key, value] of Object.entries(request)) {
		const shape = Object.hasOwn(shapes, key) ? shapes[key as keyof Request] : undefined;
		if (!shape) throw new Failure(`request: unknown key ${quoted(key)}`);
		if (value !== undefined && !shape.test(value)) throw new Failure(`request: ${key} must be ${shape.is}`);
	}
	for (const key of ['rootfs', 'args'] as const) {
		if (request[key] === undefined) throw new Failure(`request: ${key} is missing`);
	}
};
