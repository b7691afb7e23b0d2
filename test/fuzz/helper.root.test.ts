/** The helper's fuzzers, for some seconds each; `npm run fuzz` runs them for longer. */
import {spawnSync} from 'node:child_process';
import path from 'node:path';
import test from 'ava';
import {project} from '../helpers/project.js';
import {scratch} from '../helpers/rootfs.js';

test('profiles, filters and archives: nothing is found in some seconds', t => {
	t.timeout(300_000);
	const script = path.join(project, 'scripts/fuzz.mjs');
	const {status, stdout, stderr} = spawnSync(process.execPath, [script, '4', scratch('fuzz')], {encoding: 'utf8'});
	t.is(status, 0, stdout + stderr);
	for (const line of stdout.trimEnd().split('\n')) t.log(line);
	for (const name of ['spec', 'seccomp', 'base64', 'tar']) {
		const executions = Number(new RegExp(`^${name}: (\\d+) executions, .* nothing found$`, 'm').exec(stdout)?.[1]);
		t.true(executions > 100, `${name}: ${executions}`);
	}
});
