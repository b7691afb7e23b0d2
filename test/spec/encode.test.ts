import test from 'ava';
import {encode} from '../../src/spec/encode.js';
import {readSpec, SpecError} from '../../src/spec/read.js';
import type {Spec} from '../../src/spec/types.js';
import {validate} from '../../src/spec/validate.js';
import {validDocument, validDocuments} from './corpus.js';

const minimal = (): Spec => readSpec(validDocument('minimal.json'));

/** The same value with every object's keys the other way round. */
const reversed = (value: unknown): unknown => {
	if (Array.isArray(value)) return value.map(reversed);
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(
		Object.entries(value)
			.reverse()
			.map(([key, item]) => [key, reversed(item)]),
	);
};

test('what is written reads back the same, for all valid documents', t => {
	for (const {name, bytes} of validDocuments()) {
		const spec = readSpec(bytes);
		t.deepEqual(readSpec(encode(spec)), spec, name);
		t.deepEqual(readSpec(encode(spec, '\t')), spec, name);
	}
});

test('one spec, one text: the order of keys in the value does not matter', t => {
	for (const {name, bytes} of validDocuments()) {
		const spec = readSpec(bytes);
		// fromEntries() would lose it.
		if (name !== 'annotations.json') t.is(encode(validate(reversed(spec))), encode(spec), name);
	}
});

test('the documents of the corpus are in canonical order already', t => {
	for (const name of ['everything.json', 'minimal.json', 'devices.json', 'cgroup-v1.json']) {
		const text = validDocument(name).toString();
		t.is(encode(readSpec(text)), text.replaceAll(/(?<=[[{,:])\s+|\s+(?=[\]}])|\s+$/g, ''), name);
	}
});

test('integers are exact', t => {
	const spec = minimal();
	spec.process.rlimits = [{type: 'RLIMIT_AS', soft: 2n ** 53n + 1n, hard: 2n ** 64n - 1n}];
	t.true(encode(spec).includes('"soft":9007199254740993,"hard":18446744073709551615'));
});

for (const number of [Number.NaN, Number.POSITIVE_INFINITY, 1.5, 2 ** 53]) {
	test(`${number} is not written as something else`, t => {
		const spec = minimal();
		spec.process.user.uid = number;
		t.throws(() => encode(spec), {instanceOf: SpecError});
	});
}

test('undefined is absent', t => {
	const spec = {...minimal(), hostname: undefined} as unknown as Spec;
	t.is(encode(spec), encode(minimal()));
});

test('a key that the tables do not know is written, so that a reader can refuse it', t => {
	const spec = {unheard: 'of', ...minimal()};
	t.true(encode(spec).endsWith(',"unheard":"of"}'));
	t.throws(() => readSpec(encode(spec)), {message: '/unheard: unknown key'});
});

test('maps are sorted', t => {
	t.is(encode({annotations: {b: '1', a: '2', __proto: '3'}}), '{"annotations":{"__proto":"3","a":"2","b":"1"}}');
});

test('for people: indented, empty brackets closed at once', t => {
	t.is(
		encode({hostname: 'a', mounts: [], annotations: {}, linux: {namespaces: [{type: 'uts'}]}}, '  '),
		`{
  "hostname": "a",
  "mounts": [],
  "linux": {
    "namespaces": [
      {
        "type": "uts"
      }
    ]
  },
  "annotations": {}
}`,
	);
});
