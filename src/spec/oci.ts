/**
 * The lenient door: others' `config.json`, the process of `exec --process` and the resources of `update`. What is unknown
 * is passed over, as runtime-spec demands ("extensibility"); what is known and cannot be done here is an error.
 */
import {type Json, readJson} from './json.js';
import * as fields from './ociFields.js';
import type {OciConfig, OciProcess, OciResources} from './ociTypes.js';
import {assertIs, type Check} from './schema.js';

export type * from './ociTypes.js';

const LIMITS = {bytes: 4 << 20, depth: 64};

export const readOciConfig = (text: string): OciConfig => read(text, fields.config);

export const readOciProcess = (text: string): OciProcess => read(text, fields.process);

export const readOciResources = (text: string): OciResources => read(text, fields.resources);

function read<T>(text: string, check: Check<T>): T {
	const value: unknown = withoutNulls(readJson(text, LIMITS));
	assertIs(check, value);
	return value;
}

/** Go's encoder writes what is not there as null. */
function withoutNulls(value: Json): Json {
	if (Array.isArray(value)) return value.map(withoutNulls);
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(
		Object.entries(value)
			.filter(([, member]) => member !== null)
			.map(([key, member]) => [key, withoutNulls(member)]),
	);
}
