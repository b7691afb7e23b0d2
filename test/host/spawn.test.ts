import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {start, startByModule, startDirectly} from '../../src/host/spawn.js';
import {scratch} from '../helpers/rootfs.js';

/** Starts a line of shell with a file as descriptor 3; what it has written there, and how it died. */
async function run(
	way: typeof startByModule | typeof startDirectly,
	script: string,
	act = (_: (n: number) => void) => {},
) {
	const file = path.join(scratch('spawn'), 'file');
	const fd = fs.openSync(file, 'ax+');
	const child = way('/bin/sh', ['-c', script, 'name', "an 'argument"], [fd]);
	act(child?.kill ?? (() => {}));
	const death = await child?.end;
	fs.closeSync(fd);
	return {death, said: fs.readFileSync(file, 'utf8')};
}

for (const [name, way] of Object.entries({startByModule, startDirectly})) {
	test(`${name}: arguments, environment, files`, async t => {
		process.env.MC_TEST_SPAWN = 'a b';
		const {death, said} = await run(way, `echo "$0|$1|$MC_TEST_SPAWN" >&3; exit 3`);
		t.is(said, "name|an 'argument|a b\n");
		t.is(death, 'with exit code 3');
	});

	test(`${name}: a session of its own`, async t => {
		const {said} = await run(way, 'cat /proc/$$/stat >&3');
		const [pid] = said.split(' ');
		const [, , group, session] = said.slice(said.lastIndexOf(')') + 2).split(' ');
		t.deepEqual([group, session], [pid, pid]);
	});

	test(`${name}: a signal`, async t => {
		const {death} = await run(way, 'exec sleep 10', kill => kill(15));
		t.is(death, 'by SIGTERM');
	});
}

test('what cannot be executed is told by the module', async t => {
	const file = path.join(scratch('spawn'), 'none');
	t.is(startDirectly(file, [], []), undefined);
	await t.throwsAsync(start(file, [], []).end, {
		message: `cannot execute ${file}: no such file, or its interpreter is missing`,
	});
});

test('no warning, even with --pending-deprecation', t => {
	const url = JSON.stringify(new URL('../../src/host/spawn.ts', import.meta.url).href);
	const script = `import {startDirectly} from ${url}; await startDirectly('/bin/true', [], []).end; console.log('end')`;
	const args = ['--pending-deprecation', '--import=tsx', '--input-type=module', '-e', `${script}`];
	const said = execFileSync('sh', ['-c', '"$0" "$@" 2>&1', process.execPath, ...args], {encoding: 'utf8'});
	t.false(said.includes('DEP0111'), said);
	t.true(said.endsWith('end\n'));
});
