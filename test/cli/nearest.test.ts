import test from 'ava';
import {nearest} from '../../src/cli/nearest.js';

const known = ['--rootfs', '--volume', '--env', '--env-file', '--rm'];
const rows: [word: string, meant: string | undefined][] = [
	['--rotfs', '--rootfs'],
	['--volumes', '--volume'],
	['--enf', '--env'],
	['--env-fiel', '--env-file'],
	['--rmm', '--rm'],
	['--something-else', undefined],
	['--', undefined],
];

for (const [word, meant] of rows) {
	test(`${word} is ${meant ? `probably ${meant}` : 'nothing known'}`, t => {
		t.is(nearest(word, known), meant);
	});
}
