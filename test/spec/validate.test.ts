/** What only a program can hand over; what a document can hold is in the corpus. */
import test from 'ava';
import {readSpec, SpecError} from '../../src/spec/read.js';
import type {Spec} from '../../src/spec/types.js';
import {validate} from '../../src/spec/validate.js';
import {validDocument} from './corpus.js';

const everything = (): Spec => readSpec(validDocument('everything.json'));
const any = (value: unknown) => value as never;

const refused: Record<string, [change: (spec: Spec) => void, message: string]> = {
	'no number at all': [spec => (spec.process.user.uid = Number.NaN), '/process/user/uid: must be an integer'],
	'a fraction': [spec => (spec.process.user.uid = 0.5), '/process/user/uid: must be an integer'],
	'an inexact number': [
		spec => (spec.process.rlimits = [{type: 'RLIMIT_AS', soft: 0, hard: 2 ** 64}]),
		'/process/rlimits/0/hard: must be an integer',
	],
	'a bigint where a number is wanted': [
		spec => (spec.process.user.uid = any(5n)),
		'/process/user/uid: must not be a bigint',
	],
	'a number in words': [spec => (spec.process.user.uid = any('5')), '/process/user/uid: must be an integer'],
	'NUL in an argument': [spec => spec.process.args.push('a\0b'), '/process/args/3: NUL in a string'],
	'NUL in a name': [spec => (spec.annotations = {'a\0': ''}), '/annotations/a?: NUL in a string'],
	'half a character': [spec => spec.process.args.push('\ud800'), '/process/args/3: lone surrogate'],
	'a hole in a list': [spec => (spec.process.args.length = 5), '/process/args/3: must be a string'],
	'undefined in a list': [spec => spec.process.env.push(any(undefined)), '/process/env/3: must be a string'],
	'a required key that is undefined': [spec => (spec.process.cwd = any(undefined)), '/process/cwd: missing'],
	'a list-like object': [spec => (spec.mounts = any({length: 0})), '/mounts: must be an array'],
	'a String object': [spec => (spec.hostname = any(Object('x'))), '/hostname: must be a string'],
	'a function': [spec => (spec.hostname = any(() => 'x')), '/hostname: must be a string'],
};

for (const [what, [change, message]] of Object.entries(refused)) {
	test(`refused: ${what}`, t => {
		const spec = everything();
		change(spec);
		t.throws(() => validate(spec), {instanceOf: SpecError, message});
	});
}

for (const value of [undefined, null, 1, 'spec', [], () => {}]) {
	test(`refused: ${value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value} for a spec`, t => {
		t.throws(() => validate(value), {instanceOf: SpecError, message: '(document): must be an object'});
	});
}

test('inherited keys do not count', t => {
	t.throws(() => validate(Object.create(everything())), {message: '/ociVersion: missing'});
});

test('an optional key that is undefined is absent', t => {
	t.notThrows(() => validate({...everything(), domainname: undefined}));
});

test('the same value comes back, untouched', t => {
	const spec = everything();
	t.is(validate(spec), spec);
	t.deepEqual(spec, everything());
});

test('numbers beyond 2^53 are read as bigint, all others as numbers', t => {
	const limits = readSpec(validDocument('limits-64-bit.json')).process.rlimits ?? [];
	t.deepEqual(
		limits.slice(3, 8).map(({soft, hard}) => [soft, hard]),
		[
			[9007199254740991, 9007199254740991],
			[9007199254740992n, 9007199254740992n],
			[9007199254740993n, 9007199254740993n],
			[9223372036854775807n, 9223372036854775808n],
			[9223372036854775808n, 9223372036854775809n],
		],
	);
});

test('text and bytes are read alike', t => {
	const bytes = validDocument('odd-names.json');
	t.deepEqual(readSpec(bytes.toString()), readSpec(bytes));
	t.throws(() => readSpec('"\ud800"'), {message: '(document): not valid UTF-8'});
});

test('a label named __proto__ is a label', t => {
	const {annotations} = readSpec(validDocument('annotations.json'));
	t.is(Object.getPrototypeOf(annotations), Object.prototype);
	t.is(Object.entries(annotations ?? {}).find(([name]) => name === '__proto__')?.[1], 'label');
});

test('the error says where, by the JSON pointer as well', t => {
	const spec = everything();
	spec.annotations = {'a/b~c': any(1)};
	t.is(t.throws<SpecError>(() => validate(spec))?.pointer, '/annotations/a~1b~0c');
	t.is(t.throws<SpecError>(() => validate(1))?.pointer, '');
});
