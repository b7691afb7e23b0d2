import type {Json} from '../../src/spec/json.js';

/** As much of JSON Schema 2020-12 as `mc-init schema` prints. */
export interface Schema {
	$schema?: string;
	title?: string;
	type?: 'object' | 'array' | 'string' | 'integer' | 'boolean';
	enum?: string[];
	minimum?: number;
	maximum?: number | bigint;
	minLength?: number;
	maxLength?: number;
	pattern?: string;
	minItems?: number;
	maxItems?: number;
	items?: Schema;
	required?: string[];
	properties?: Record<string, Schema>;
	additionalProperties?: false | Schema;
	propertyNames?: {pattern: string};
}

type Members = Record<string, Json>;

const isObject = (value: Json): value is Members =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const types: Record<NonNullable<Schema['type']>, (value: Json) => boolean> = {
	object: isObject,
	array: Array.isArray,
	string: value => typeof value === 'string',
	integer: value => typeof value === 'bigint' || Number.isInteger(value),
	boolean: value => typeof value === 'boolean',
};

type Keyword = Exclude<keyof Schema, '$schema' | 'title' | 'properties'>;
const isWithin = (least: number | bigint, size: number | bigint, most: number | bigint) =>
	least <= size && size <= most;
const size = (value: Json) => [...(value as string)].length;
const matches = (pattern: string, text: string) => new RegExp(pattern, 'u').test(text);

/** Does this keyword of the schema let the value pass? The type has passed already. */
const keywords: {[K in Keyword]: (wanted: NonNullable<Schema[K]>, value: Json, schema: Schema) => boolean} = {
	type: (type, value) => types[type](value),
	enum: (words, value) => (words as Json[]).includes(value),
	minimum: (least, value) => isWithin(least, value as number, value as number),
	maximum: (most, value) => isWithin(value as number, value as number, most),
	minLength: (least, value) => size(value) >= least,
	maxLength: (most, value) => size(value) <= most,
	pattern: (pattern, value) => matches(pattern, value as string),
	minItems: (least, value) => (value as Json[]).length >= least,
	maxItems: (most, value) => (value as Json[]).length <= most,
	items: (schema, value) => (value as Json[]).every(item => accepts(schema, item)),
	required: (keys, value) => keys.every(key => Object.hasOwn(value as Members, key)),
	additionalProperties: (others, value, {properties = {}}) =>
		Object.entries(value as Members).every(([key, member]) => {
			const schema = Object.hasOwn(properties, key) ? properties[key] : others;
			return schema ? accepts(schema, member) : false;
		}),
	propertyNames: ({pattern}, value) => Object.keys(value as Members).every(key => matches(pattern, key)),
};

const annotations = ['$schema', 'title', 'properties'];

export function accepts(schema: Schema, value: Json): boolean {
	return Object.entries(schema)
		.filter(([keyword]) => !annotations.includes(keyword))
		.every(([keyword, wanted]) => {
			const check = keywords[keyword as Keyword] as
				| ((wanted: unknown, value: Json, schema: Schema) => boolean)
				| undefined;
			if (!check) throw new Error(`unknown keyword ${keyword}`);
			return check(wanted, value, schema);
		});
}
