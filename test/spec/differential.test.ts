/** Thousands of spoilt documents: whatever the two readers say of one, they say the same. */
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {text} from 'node:stream/consumers';
import test from 'ava';
import {readSpec, SpecError} from '../../src/spec/read.js';
import {helper} from '../helpers/project.js';
import {score, times} from '../helpers/score.js';
import {validDocuments} from './corpus.js';

const DOCUMENTS = times({test: 3000, gate: 3000, release: 1_000_000});
/** Another one by MC_SEED=N; it is in the message of what fails. */
const seed = Number(process.env.MC_SEED ?? 1);

/** mulberry32: a reproducible choice of 0..n-1. */
function chooser(state: number): (n: number) => number {
	let a = state;
	return n => {
		a = (a + 0x6d2b79f5) | 0;
		let x = Math.imul(a ^ (a >>> 15), 1 | a);
		x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
		return ((x ^ (x >>> 14)) >>> 0) % n;
	};
}

const PIECES = [
	...['', '"', '\\', '{', '}', '[', ']', ',', ':', '-', '.5', '1e5', '00', '\0', '\n', '  ', 'é', '\\u0000', '\\ud800'],
	...['null', 'true', '0', '-1', '4294967295', '18446744073709551615', '18446744073709551616', '{}', '[]', '""'],
	...['"/"', '"/a/../b"', '"//"', '"a=b"', '"bind"', '"type"', '"uid"', '"__proto__"'],
];

/** One token for another, or for a piece; or a piece anywhere. */
function spoil(document: string, choose: (n: number) => number): string {
	const tokens = [...document.matchAll(/"(?:[^"\\]|\\.)*"|-?\d+|[a-z]+|[[\]{},:]/g)];
	const piece = PIECES[choose(PIECES.length)] ?? '';
	if (choose(4) === 0) {
		const at = choose(document.length + 1);
		return document.slice(0, at) + piece + document.slice(at + choose(3));
	}
	const [out] = tokens[choose(tokens.length)] ?? [''];
	const {index = 0} = tokens[choose(tokens.length)] ?? {};
	const old = tokens.find(token => token.index === index)?.[0] ?? '';
	return document.slice(0, index) + (choose(2) ? out : piece) + document.slice(index + old.length);
}

function inTypeScript(document: string): string {
	try {
		readSpec(document);
		return '';
	} catch (error) {
		if (error instanceof SpecError) return `mc-init: check: -: ${error.message}\n`;
		throw error;
	}
}

async function inC(document: string): Promise<string> {
	const child = spawn(helper, ['check', '-'], {stdio: ['pipe', 'ignore', 'pipe']});
	child.stdin.end(document);
	const [said] = await Promise.all([text(child.stderr), once(child, 'close')]);
	return said;
}

test(`${DOCUMENTS} spoilt documents, one verdict each`, async t => {
	t.timeout(120_000 + 20 * DOCUMENTS);
	const choose = chooser(seed);
	const good = validDocuments().map(({bytes}) => bytes.toString());
	let accepted = 0;
	for (let i = 0; i < DOCUMENTS; i++) {
		const document = spoil(good[choose(good.length)] ?? '', choose);
		const verdict = inTypeScript(document);
		if (verdict === '') accepted++;
		if (verdict !== (await inC(document))) t.is(await inC(document), verdict, `seed ${seed}, ${i}: ${document}`);
	}
	t.log(`${accepted} of them still valid`);
	t.true(accepted > DOCUMENTS / 50 && accepted < DOCUMENTS / 2);
	score('malformed specs', DOCUMENTS);
});
