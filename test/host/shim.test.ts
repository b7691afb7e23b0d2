import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {findHelper, lastWords} from '../../src/host/shim.js';
import {scratch} from '../helpers/rootfs.js';

const rows: [status: string, ending: object | undefined][] = [
	['', undefined],
	['{"event":"created","pid":5}\n{"event":"started"}\n', undefined],
	['{"event":"created","pid":5}\n{"event":"exited","code":3}\n', {event: 'exited', code: 3}],
	['{"event":"exited","signal":9,"timeout":true}\n', {event: 'exited', signal: 9, timeout: true}],
	['{"event":"exited","co', undefined],
	[
		'{"event":"error","phase":"host","step":"x","message":"m","exitCode":125}\n',
		{event: 'error', phase: 'host', step: 'x', message: 'm', exitCode: 125},
	],
	['null\n', undefined],
	['not JSON\n', undefined],
];

for (const [status, ending] of rows) {
	test(`the end of ${JSON.stringify(status)}`, t => {
		t.deepEqual(lastWords(status), ending as never);
	});
}

test('MC_INIT names the helper, and nothing else will do', t => {
	const directory = scratch('helper');
	const file = path.join(directory, 'helper');
	t.throws(() => findHelper({MC_INIT: file}), {message: `helper ${file} not found`});
	fs.writeFileSync(file, '');
	t.throws(() => findHelper({MC_INIT: file}), {message: `helper ${file} not found`});
	fs.chmodSync(file, 0o755);
	t.is(findHelper({MC_INIT: file}), file);
	t.is(findHelper({MC_INIT: path.relative('.', file)}), file);
});

test('in a checkout it is the one that make has made', t => {
	t.regex(findHelper({}), /\/shim\/mc-init$/);
});
