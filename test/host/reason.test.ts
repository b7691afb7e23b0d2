import fs from 'node:fs';
import test from 'ava';
import {errnoOf, failure, reason} from '../../src/host/reason.js';
import {Failure} from '../../src/spec/failure.js';

const thrown = (act: () => unknown): unknown => {
	try {
		return act();
	} catch (error) {
		return error;
	}
};

const rows: [cause: unknown, why: string][] = [
	[thrown(() => fs.readFileSync('/nowhere')), 'no such file or directory'],
	[thrown(() => fs.readFileSync('/')), 'illegal operation on a directory'],
	[thrown(() => fs.renameSync('/nowhere', '/else')), 'no such file or directory'],
	[thrown(() => fs.mkdirSync('/proc/a, open\n')), 'no such file or directory'],
	[new Error('spawn /a b/c ENOENT'), 'no such file, or its interpreter is missing'],
	[new Error('spawn x EXDEV'), 'EXDEV'],
	[new Error('anything else'), 'anything else'],
	['text', 'text'],
];

for (const [cause, why] of rows) {
	test(`${String(cause)} is: ${why}`, t => {
		t.is(reason(cause), why);
	});
}

test('a failure keeps what caused it, and stays itself', t => {
	const cause = thrown(() => fs.readFileSync('/nowhere'));
	const failed = failure('cannot read', cause, 'do that');
	t.is(failed.message, 'cannot read: no such file or directory');
	t.is(failed.cause, cause);
	t.is(failed.hint, 'do that');
	t.is(errnoOf(cause), 'ENOENT');
	const known = new Failure('known');
	t.is(failure('cannot', known), known);
});
