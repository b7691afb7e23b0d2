/**
 * The kinds of values that field tables (fields.ts) are made of, as typanion validators: shim/schema.c in TypeScript.
 * They stop at the first error, so that both readers name the same one.
 */
import * as t from 'typanion';
import {pointerOf, SpecError} from './error.js';

export type Check<T> = t.StrictValidator<unknown, T>;
type State = t.ValidationState | undefined;

/** What is wrong with a value, or undefined. */
type Complaint<T> = (value: T) => string | undefined;

/** Between the members of one object; the key (or keys) of the culprit and what is wrong. */
export type Verify<T> = (object: T) => {path: (string | number)[]; what: string} | undefined;

/** One row for each key of T, optional exactly where T's is. */
export type Fields<T> = {
	[K in keyof T]-?: Field<Exclude<T[K], undefined>, Record<never, never> extends Pick<T, K> ? false : true>;
};
interface Field<T, Required extends boolean> {
	check: Check<T>;
	required: Required;
}

export const required = <T>(check: Check<T>): Field<T, true> => ({check, required: true});
export const optional = <T>(check: Check<T>): Field<T, false> => ({check, required: false});

/** `test` pushes one error and returns false, or returns true. */
const validator = <T>(test: (value: unknown, state: State) => boolean): Check<T> =>
	t.makeValidator<unknown, T>({test: test as (value: unknown, state?: t.ValidationState) => value is T & unknown});

/** typanion's state, with JSON pointers in `p` and what is found kept apart from where. */
interface Findings extends t.ValidationState {
	found: {pointer: string; what: string}[];
}

const fail = (state: State, what: string): false => {
	(state as Findings | undefined)?.found.push({pointer: state?.p ?? '', what});
	return false;
};

const below = (state: State, key: string | number): State =>
	state && {...state, p: `${state.p ?? ''}${pointerOf([key])}`};

/**
 * A value of one kind, about which `complain` may still complain. The kinds are told apart here, not by typanion's
 * isString() and its like: those print what they refuse with JSON.stringify(), which throws on a bigint (3.14).
 */
const kind = <T>(is: (value: unknown) => boolean, what: string, complain?: Complaint<T>): Check<T> =>
	validator((value, state) => {
		if (!is(value)) return fail(state, what);
		const wrong = complain?.(value as T);
		return wrong === undefined || fail(state, wrong);
	});

export const flag = (): Check<boolean> => kind(value => typeof value === 'boolean', 'must be true or false');

/** What JSON text cannot carry into the helper, but a program's strings can hold. */
const unwritable: Complaint<string> = value =>
	value.includes('\0') ? 'NUL in a string' : /\p{Surrogate}/u.test(value) ? 'lone surrogate' : undefined;

const isString = (value: unknown) => typeof value === 'string';

export const text = (...complaints: Complaint<string>[]): Check<string> =>
	kind<string>(isString, 'must be a string', value => {
		for (const complain of [unwritable, ...complaints]) {
			const wrong = complain(value);
			if (wrong !== undefined) return wrong;
		}
		return undefined;
	});

/** One of a closed list. */
export const word = <T extends string>(words: readonly T[], what: string): Check<T> =>
	text(value => ((words as readonly string[]).includes(value) ? undefined : `unknown ${what}`)) as Check<T>;

/** A number that is exact, or a bigint. */
export const int64 = (min: number | bigint, max: number | bigint): Check<number | bigint> =>
	kind<number | bigint>(
		value => typeof value === 'bigint' || Number.isSafeInteger(value),
		'must be an integer',
		value => (value < min || value > max ? `must be ${min}..${max}` : undefined),
	);

/** The range must lie within ±2^53, so that what is in it needs no bigint. */
export const integer = (min: number, max: number): Check<number> => {
	const range = int64(min, max);
	return validator(
		(value, state) => range(value, state) && (typeof value === 'number' || fail(state, 'must not be a bigint')),
	);
};

export const list = <T>(item: Check<T>, options: {min?: 1; max?: number; unique?: keyof T & string} = {}): Check<T[]> =>
	validator((value, state) => {
		if (!Array.isArray(value)) return fail(state, 'must be an array');
		if (options.min && value.length === 0) return fail(state, 'must not be empty');
		if (options.max && value.length > options.max) return fail(state, `more than ${options.max} items`);
		const seen = new Set<unknown>();
		// Not every(), which passes over holes.
		for (const [index, entry] of value.entries()) {
			const here = below(state, index);
			if (!item(entry, here)) return false;
			if (options.unique === undefined) continue;
			const key = entry[options.unique];
			if (seen.has(key)) return fail(below(here, options.unique), 'the same as an earlier one');
			seen.add(key);
		}
		return true;
	});

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

export const map = <T>(item: Check<T>, complain: Complaint<string>): Check<Record<string, T>> =>
	validator((value, state) => {
		if (!isPlainObject(value)) return fail(state, 'must be an object');
		return Object.entries(value).every(([key, entry]) => {
			const here = below(state, key);
			const wrong = unwritable(key) ?? complain(key);
			return wrong === undefined ? item(entry, here) : fail(here, wrong);
		});
	});

/** No keys but these. Unknown ones first: of a misspelt key that says more than that the right one is missing. */
export const closed = <T extends object>(fields: Fields<T>, verify?: Verify<T>): Check<T> =>
	object(fields, verify, true);

/** Others' documents: what is not in the table is passed over. */
export const open = <T extends object>(fields: Fields<T>, verify?: Verify<T>): Check<T> =>
	object(fields, verify, false);

const object = <T extends object>(fields: Fields<T>, verify: Verify<T> | undefined, isClosed: boolean): Check<T> => {
	const rows = Object.entries<Field<unknown, boolean>>(fields);
	return validator((value, state) => {
		if (!isPlainObject(value)) return fail(state, 'must be an object');
		const unknown = isClosed && Object.keys(value).find(key => !Object.hasOwn(fields, key));
		if (typeof unknown === 'string') return fail(below(state, unknown), 'unknown key');
		for (const [key, field] of rows) {
			const member = Object.hasOwn(value, key) ? value[key] : undefined;
			if (member === undefined && !field.required) continue;
			if (member === undefined) return fail(below(state, key), 'missing');
			if (!field.check(member, below(state, key))) return false;
		}
		const culprit = verify?.(value as T);
		return !culprit || fail(culprit.path.reduce<State>(below, state), culprit.what);
	});
};

/** Known, and not to be had here: that is said, never passed over. */
export const refused = (why: string): Check<never> => kind<never>(() => false, why);

/** Throws a SpecError for the first thing that is wrong. */
export const assertIs: <T>(check: Check<T>, value: unknown) => asserts value is T = (check, value) => {
	const state: Findings = {p: '', found: []};
	const good = check(value, state);
	const first = state.found[0];
	if (!good) throw new SpecError(first?.pointer ?? '', first?.what ?? 'not valid');
};
