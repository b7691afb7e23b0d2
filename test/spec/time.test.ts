import test from 'ava';
import fc from 'fast-check';
import {isoTime} from '../../src/spec/time.js';

test('a time is written as Date writes it', t => {
	const same = (milliseconds: number) => isoTime(milliseconds) === new Date(milliseconds).toISOString();
	for (const text of [
		'1970-01-01',
		'1999-12-31',
		'2000-02-28',
		'2000-02-29',
		'2000-03-01',
		'2100-02-28',
		'2100-03-01',
	]) {
		t.true(same(Date.parse(text)), text);
		t.true(same(Date.parse(text) + 86_399_999), text);
	}

	t.notThrows(() => fc.assert(fc.property(fc.integer({min: 0, max: 253_402_300_799_999}), same)));
});
