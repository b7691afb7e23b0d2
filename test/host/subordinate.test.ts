import test from 'ava';
import {parseRanges} from '../../src/host/subordinate.js';

const rows: [text: string, owners: (string | undefined)[], range: {start: number; count: number} | undefined][] = [
	['', ['u', '1000'], undefined],
	['u:100000:65536\n', ['u', '1000'], {start: 100000, count: 65536}],
	['1000:100000:65536\n', ['u', '1000'], {start: 100000, count: 65536}],
	['1000:100000:65536', [undefined, '1000'], {start: 100000, count: 65536}],
	['other:1:1\nu:100000:10\nu:200000:65536\n', ['u', '1000'], {start: 200000, count: 65536}],
	['uu:100000:65536\n', ['u', '1000'], undefined],
	['u:100000\n', ['u', '1000'], undefined],
	['u:-1:5\nu:1:x\nu:1:0\n', ['u', '1000'], undefined],
	['u:4294967290:65536\n', ['u', '1000'], undefined],
];

for (const [text, owners, range] of rows) {
	test(`${JSON.stringify(text)} for ${owners.join(', ')}`, t => {
		t.deepEqual(parseRanges(text, owners), range);
	});
}
