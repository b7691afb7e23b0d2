import fs from 'node:fs';
import test from 'ava';
import {type Box, resultOf} from '../helpers/box.js';
import {helperTest} from '../helpers/helper-test.js';
import {helper as plainHelper} from '../helpers/project.js';
import {stringify} from '../helpers/shim.js';
import {baseSpec} from '../helpers/spec.js';

const call = async (box: Box, helper: string, ...args: string[]) => resultOf(await box.spawn(helper, args));

helperTest('check says nothing of a good spec, and where a bad one is wrong', async (t, box, helper) => {
	const spec = baseSpec(box.rootfs, ['/bin/true']);
	t.deepEqual(await call(box, helper, 'check', box.file('good', stringify(spec))), {
		code: 0,
		signal: undefined,
		stdout: '',
		stderr: '',
	});
	spec.process.user.uid = -1;
	const bad = await call(box, helper, 'check', box.file('bad', stringify(spec)));
	t.deepEqual([bad.code, bad.stdout], [125, '']);
	t.regex(bad.stderr, /^mc-init: .*\/process\/user\/uid: [^\n]+\n$/);
});

helperTest('check does not do what the spec says', async (t, box, helper) => {
	const spec = baseSpec(box.rootfs, ['/bin/true']);
	spec.minicontainer.pidFile = box.path('pid');
	const result = await call(box, helper, 'check', box.file('spec', stringify(spec)));
	t.is(result.code, 0);
	t.false(fs.existsSync(box.path('pid')));
});

helperTest('explain lists the steps that this very spec takes, in order', async (t, box, helper) => {
	const spec = baseSpec(box.rootfs, ['/bin/true']);
	const said = await call(box, helper, 'explain', box.file('spec', stringify(spec)));
	t.deepEqual([said.code, said.stderr], [0, '']);
	const at = (step: string) => said.stdout.search(new RegExp(`\\b${step}\\b`));
	const order = ['clone', 'propagation', 'rootfs', 'pivot', 'masks', 'exec'].map(at);
	t.deepEqual(
		order,
		[...order].sort((a, b) => a - b),
	);
	t.false(order.includes(-1), said.stdout);
	t.is(at('console'), -1, 'no terminal was asked for');
});

helperTest('features and trace name the same steps', async (t, box, helper) => {
	const features = JSON.parse((await call(box, helper, 'features')).stdout);
	t.deepEqual(features.wire, {min: 1, max: 1});
	const known = features.steps.map(({phase, step}: {phase: string; step: string}) => `${phase}/${step}`);
	const file = box.file('spec', stringify(baseSpec(box.rootfs, ['/bin/true'])));
	const script = '"$0" run --trace --status-fd 3 "$1" 3>"$2"';
	t.is((await box.spawn('/bin/sh', ['-c', script, helper, file, box.path('status')])).exitCode, 0);
	const traced = fs
		.readFileSync(box.path('status'), 'utf8')
		.split('\n')
		.filter(line => line.includes('"trace"'))
		.map(line => JSON.parse(line))
		.map(({phase, step}) => `${phase}/${step}`);
	t.true(traced.length > 10);
	t.deepEqual(
		traced.filter(step => !known.includes(step)),
		[],
	);
	t.deepEqual(
		traced,
		known.filter((step: string) => traced.includes(step)),
		'in the order of the table',
	);
});

helperTest('schema is a JSON Schema that closes every object', async (t, box, helper) => {
	const schema = JSON.parse((await call(box, helper, 'schema')).stdout);
	t.regex(schema.$schema, /2020-12/);
	const open: string[] = [];
	const visit = (node: unknown, path: string) => {
		if (typeof node !== 'object' || node === null) {
			return;
		}

		if ('properties' in node && (node as {additionalProperties?: unknown}).additionalProperties !== false) {
			open.push(path);
		}

		for (const [key, child] of Object.entries(node)) {
			visit(child, `${path}/${key}`);
		}
	};
	visit(schema, '');
	t.deepEqual(open, []);
});

helperTest('misuse gets one line and 125', async (t, box, helper) => {
	const file = box.file('spec', stringify(baseSpec(box.rootfs, ['/bin/true'])));
	const misuses = [
		['frobnicate'],
		['run'],
		['run', '--frobnicate', file],
		['run', '--status-fd', '99', file],
		['run', '--status-fd', '1', file],
		['run', '--spec-fd', '3x'],
		['run', file, file],
	];
	for (const args of misuses) {
		const result = await call(box, helper, ...args);
		t.deepEqual([result.code, result.stdout], [125, ''], args.join(' '));
		t.regex(result.stderr, /^mc-init: [^\n]+\n$/, args.join(' '));
	}

	t.is((await call(box, helper)).code, 125);
	t.regex((await call(box, helper, '--help')).stdout, /^usage: mc-init run/);
	t.regex((await call(box, helper, '--version')).stdout, /^mc-init \d+\.\d+\.\d+/);
});

/** A small linear congruential generator: a failure can be had again. */
function numbers(seed: number): () => number {
	let state = seed;
	return () => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return state / 2 ** 32;
	};
}

function mutate(text: string, next: () => number): string {
	const bytes = Buffer.from(text);
	const at = () => Math.floor(next() * bytes.length);
	const kinds = [
		() => Buffer.concat([bytes.subarray(0, at())]),
		() => {
			bytes[at()] = Math.floor(next() * 256);
			return bytes;
		},
		() => {
			const [from, to] = [at(), at()].sort((a, b) => a - b) as [number, number];
			return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
		},
		() => {
			const [from, to] = [at(), at()].sort((a, b) => a - b) as [number, number];
			return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
		},
	];
	return (kinds[Math.floor(next() * kinds.length)] as () => Buffer)().toString('latin1');
}

helperTest('damaged specs are refused or understood, never crashed over', async (t, box, helper) => {
	const text = stringify(baseSpec(box.rootfs, ['/bin/true']));
	const next = numbers(20260101);
	const files = Array.from({length: 150}, (_, index) => {
		const file = box.path(`spec-${index}`);
		fs.writeFileSync(file, mutate(text, next), 'latin1');
		return file;
	});
	const script = 'for f; do "$0" check "$f" 2>/dev/null; echo $?; done | sort -u';
	const result = await box.spawn('/bin/sh', ['-c', script, helper, ...files]);
	t.regex(String(result.stdout), /^(0\n)?125\n$/);
});

test('the helper is static, small, and has no setuid bit', t => {
	const stat = fs.statSync(plainHelper);
	t.is(stat.mode & 0o7777 & ~0o755, 0);
	t.true(stat.size < 150 * 1024, `${stat.size} bytes`);
	t.false(fs.readFileSync(plainHelper).includes('ld-linux'), 'no dynamic loader');
	t.false(fs.readFileSync(plainHelper).includes('/lib/ld-musl'), 'no dynamic loader');
});
