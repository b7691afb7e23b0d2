import {execFileSync} from 'node:child_process';
import test from 'ava';
import {callersLimits, parseLimits} from '../../src/host/limits.js';

const header = 'Limit                     Soft Limit           Hard Limit           Units     \n';

test('numbers and unlimited', t => {
	t.deepEqual(
		parseLimits(`${header}Max open files            1024                 524288               files     \n`),
		{
			soft: 1024,
			hard: 524288,
		},
	);
	t.deepEqual(
		parseLimits(`${header}Max open files            unlimited            unlimited            files     \n`),
		{
			soft: 2n ** 64n - 1n,
			hard: 2n ** 64n - 1n,
		},
	);
	t.is(parseLimits(''), undefined);
});

test("Node's own limit is not the caller's", t => {
	const {hard} = callersLimits();
	const script = `import {callersLimits} from ${JSON.stringify(new URL('../../src/host/limits.ts', import.meta.url).href)};
		console.log(String(callersLimits().soft), String(callersLimits().hard))`;
	const run = `ulimit -Sn 256; "${process.execPath}" --import=tsx --input-type=module -e "$SCRIPT"; true`;
	const said = execFileSync('sh', ['-c', run], {env: {...process.env, SCRIPT: script}, encoding: 'utf8'});
	t.is(said.trim(), `256 ${hard}`);
});
