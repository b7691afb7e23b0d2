/** Reads a seccomp profile, docker's or OCI's: what is not understood is refused, for it might forbid something. */
import {type Path, pointerOf, SpecError} from './error.js';
import {type Json, readJson} from './json.js';
import type {SeccompProfile} from './seccomp.js';

/** As the compiler's (shim/seccomp/profile.h). */
const LIMITS = {bytes: 1 << 20, depth: 8};

/** Throws a SpecError; what is looked up in tables (calls, actions …) the compiler refuses. */
type Check = (value: Json, path: Path) => void;

const fail = (path: Path, what: string): never => {
	throw new SpecError(pointerOf(path), what);
};

const kind =
	(is: (value: Json) => boolean, what: string): Check =>
	(value, path) => {
		if (!is(value)) fail(path, what);
	};

const text = kind(value => typeof value === 'string', 'must be a string');
const integer = kind(value => typeof value === 'bigint' || Number.isSafeInteger(value), 'must be an integer');
const kernel = kind(
	value => typeof value === 'string' && /^\d{1,4}\.\d{1,4}$/.test(value),
	'must be two numbers and a dot',
);

/** Go writes an empty list as null. */
const list =
	(item: Check): Check =>
	(value, path) => {
		if (value === null) return;
		if (!Array.isArray(value)) return fail(path, 'must be an array');
		value.forEach((entry, index) => {
			item(entry, [...path, index]);
		});
	};

const object =
	(fields: Readonly<Record<string, Check>>, ...required: string[]): Check =>
	(value, path) => {
		if (typeof value !== 'object' || value === null || Array.isArray(value)) return fail(path, 'must be an object');
		for (const [key, member] of Object.entries(value)) {
			const check = Object.hasOwn(fields, key) ? fields[key] : undefined;
			if (check) check(member, [...path, key]);
			else fail([...path, key], 'unknown key');
		}
		const missing = required.find(key => !Object.hasOwn(value, key));
		if (missing) fail([...path, missing], 'missing');
	};

const conditions = object({caps: list(text), arches: list(text), minKernel: kernel});

const argument = object({index: integer, value: integer, valueTwo: integer, op: text}, 'index', 'value', 'op');

const rule = object(
	{
		...{name: text, names: list(text), action: text, errno: text, errnoRet: integer, args: list(argument)},
		...{comment: text, includes: conditions, excludes: conditions},
	},
	'action',
);

const profile = object(
	{
		...{defaultAction: text, defaultErrno: text, defaultErrnoRet: integer},
		...{architectures: list(text), flags: list(text), listenerPath: text, listenerMetadata: text},
		archMap: list(object({architecture: text, subArchitectures: list(text)}, 'architecture')),
		syscalls: list(rule),
	},
	'defaultAction',
);

/** @throws SpecError that names the place */
export const readSeccomp = (source: string): SeccompProfile => {
	const value = readJson(source, LIMITS);
	checkSeccomp(value);
	return value as unknown as SeccompProfile;
};

/** For a value that a program made. */
export const checkSeccomp = (value: unknown): void => profile(value as Json, []);
