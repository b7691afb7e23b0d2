/** What the helper says of the wire, by its verbs and under its fuzzer. */
import {execFileSync, spawnSync} from 'node:child_process';
import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {encode} from '../../src/spec/encode.js';
import {type Json, readJson} from '../../src/spec/json.js';
import * as names from '../../src/spec/names.js';
import {WIRE_VERSION} from '../../src/spec/types.js';
import {helper, project, sanitizedHelper} from '../helpers/project.js';
import {remove, scratch} from '../helpers/rootfs.js';
import {documents, invalidDocuments, validDocument, validDocuments} from '../spec/corpus.js';
import {accepts, type Schema} from './schema.js';

const shim = path.join(project, 'shim');
const limits = {bytes: 4 << 20, depth: 64};
const say = (verb: string) => readJson(execFileSync(helper, [verb], {encoding: 'utf8'}), limits);

test('features: the same names as src/spec/names.ts, in the same order', t => {
	const features = say('features') as Record<string, Json>;
	t.deepEqual(features.wire, {min: WIRE_VERSION, max: WIRE_VERSION});
	t.deepEqual(features.capabilities, [...names.CAPABILITIES]);
	t.deepEqual(features.rlimits, [...names.RLIMITS]);
	t.deepEqual(features.filterFlags, [...names.FILTER_FLAGS]);
	t.deepEqual(features.namespaces, [...names.NAMESPACES]);
	t.deepEqual(features.mountTypes, [...names.MOUNT_TYPES]);
	t.deepEqual(features.mountOptions, [...names.MOUNT_OPTIONS]);
	t.is(names.CAPABILITIES.length, 41);
	t.is(names.RLIMITS.length, 16);
});

/** The keys of what a schema describes, nested, as the keys of `encode` would be. */
const keysOf = (schema: Schema): Json => {
	if (schema.items) return keysOf(schema.items);
	if (!schema.properties) return 0;
	return Object.fromEntries(Object.entries(schema.properties).map(([key, inner]) => [key, keysOf(inner)]));
};

/** Of a list's items that with the most keys. */
const fullest = (items: Json[]): Json =>
	items.reduce((one, other) => (Object.keys(other ?? 0).length > Object.keys(one ?? 0).length ? other : one), 0);

/** The same of a document: lists by their fullest item, maps as 0 where the schema has no keys for them. */
const keysIn = (value: Json, schema: Schema): Json => {
	if (Array.isArray(value)) return schema.items ? keysIn(fullest(value), schema.items) : 0;
	if (!schema.properties || typeof value !== 'object' || value === null) return 0;
	const properties = schema.properties;
	return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, keysIn(item, properties[key] ?? {})]));
};

const isClosed = (schema: Schema): boolean => {
	const inner = [...Object.values(schema.properties ?? {}), ...(schema.items ? [schema.items] : [])];
	return (!schema.properties || schema.additionalProperties === false) && inner.every(isClosed);
};

type Excluding = Record<string, unknown>;

test('schema: every object is closed and lists the keys of the document that uses them all, in canonical order', t => {
	const schema = say('schema') as Schema;
	t.is(schema.$schema, 'https://json-schema.org/draft/2020-12/schema');
	const known = keysOf(schema) as {minicontainer: {rootfs: {overlay: Excluding}; files: Excluding}};
	const {overlay} = known.minicontainer.rootfs;
	const {files} = known.minicontainer;
	t.truthy(overlay.tmpfs && files.pack);
	// The keys that exclude others.
	delete overlay.tmpfs;
	delete overlay.parts;
	delete files.pack;
	delete files.diff;
	const everything = readJson(encode(readJson(validDocument('everything.json').toString(), limits) as object), limits);
	t.is(JSON.stringify(known), JSON.stringify(keysIn(everything, schema)));
	t.true(isClosed(schema));
});

test('schema: accepts the valid documents', t => {
	const schema = say('schema') as Schema;
	for (const {name, bytes} of validDocuments()) t.true(accepts(schema, readJson(bytes.toString(), limits)), name);
});

test('schema: refuses the documents of the wrong shape', t => {
	const schema = say('schema') as Schema;
	// What JSON Schema could say only at length.
	const beyond = ['missing-linux-devices-0-major', 'missing-linux-devices-0-minor'];
	for (const {name, bytes} of invalidDocuments().get('shape.json') ?? []) {
		t.is(accepts(schema, readJson(bytes.toString(), limits)), beyond.includes(name), name);
	}
});

test('the sanitized helper has nothing to say about the corpus but its verdicts', t => {
	for (const {name, bytes, error} of documents()) {
		const {status, stderr} = spawnSync(sanitizedHelper, ['check', '-'], {input: bytes, encoding: 'utf8'});
		t.is(status, error === undefined ? 0 : 125, `${name}: ${stderr}`);
		t.is(stderr, error === undefined ? '' : `mc-init: check: -: ${error}\n`, name);
	}
});

test('the fuzzer finds nothing in 20 seconds', async t => {
	t.timeout(180_000);
	await execa('make', ['-s', '-C', shim, 'fuzz']);
	const directory = scratch('fuzz');
	const seeds = path.join(directory, 'seeds');
	mkdirSync(seeds);
	// Not the large ones: they would only slow it down.
	for (const {name, bytes} of documents()) if (bytes.length < 1 << 14) writeFileSync(path.join(seeds, name), bytes);
	const {exitCode, stderr} = await execa(
		path.join(shim, 'build/spec_fuzz'),
		[
			'-max_total_time=20',
			'-max_len=16384',
			'-timeout=10',
			'-rss_limit_mb=1024',
			'-print_final_stats=1',
			`-dict=${path.join(shim, 'fuzz/spec.dict')}`,
			`-artifact_prefix=${directory}/`,
			seeds,
		],
		{reject: false},
	);
	t.is(exitCode, 0, stderr.slice(-4000));
	const executed = Number(/stat::number_of_executed_units:\s*(\d+)/.exec(stderr)?.[1]);
	t.log(`${executed} inputs`);
	t.true(executed > 10_000, `${executed} inputs`);
	remove(directory);
});
