import fs from 'node:fs';
import {type Box, boxTest, resultOf} from '../helpers/box.js';
import {gone, kill, marked, parentOf} from '../helpers/leaks.js';
import {cli, payload} from '../helpers/project.js';

const loop = 'while :; do sleep 0.05; done';

/** A container that has said `ready`. */
async function ready(box: Box, script: string, flags: string[] = []) {
	const container = box.start([
		'run',
		'--rm',
		'--pidfile',
		box.path('pid'),
		...flags,
		'--rootfs',
		box.rootfs,
		'/bin/sh',
		'-c',
		`${script.replace('READY', 'echo ready')}`,
	]);
	await new Promise(resolve => container.stdout?.once('data', resolve));
	return {container, inner: Number(fs.readFileSync(box.path('pid'), 'utf8'))};
}

const numbers = {HUP: 1, INT: 2, QUIT: 3, USR1: 10, USR2: 12, TERM: 15, CONT: 18, WINCH: 28};

for (const name of Object.keys(numbers)) {
	boxTest(`SIG${name} to the CLI reaches the command`, async (t, box) => {
		const {container} = await ready(box, `trap 'echo ${name}; exit 3' ${name}; READY; ${loop}`);
		container.kill(`SIG${name}` as NodeJS.Signals);
		t.deepEqual(resultOf(await container), {code: 3, signal: undefined, stdout: `ready\n${name}\n`, stderr: ''});
	});
}

// Not a shell that says so before it becomes the command: until then busybox's ignores SIGQUIT.
const unhandling = `exec awk 'BEGIN { print "ready"; fflush(); while (1); }'`;

for (const name of ['HUP', 'INT', 'QUIT', 'USR1', 'TERM'] as const) {
	boxTest(`SIG${name} without a handler, through --init: 128+n`, async (t, box) => {
		const {container} = await ready(box, unhandling, ['--init']);
		container.kill(`SIG${name}`);
		t.is((await container).exitCode, 128 + numbers[name]);
	});
}

boxTest('a PID 1 without a handler is not ended by SIGTERM, as the kernel has it; SIGKILL ends it', async (t, box) => {
	const {container, inner} = await ready(box, 'READY; exec sleep 1000');
	container.kill('SIGTERM');
	kill(inner, 'SIGKILL');
	t.is((await container).exitCode, 137);
});

boxTest('when the CLI is killed with -9, the container dies with it, and the next run sweeps up', async (t, box) => {
	const {container, inner} = await ready(box, `trap '' TERM HUP INT QUIT; READY; sleep 1000 & ${loop}`);
	container.kill('SIGKILL');
	t.is((await container).signal, 'SIGKILL');
	await gone(inner);
	t.is((await box.run(['true'])).code, 0);
});

boxTest('with --init, too', async (t, box) => {
	const {container, inner} = await ready(box, `trap '' TERM HUP INT QUIT; READY; ${loop}`, ['--init']);
	container.kill('SIGKILL');
	await container;
	await gone(inner);
	t.is((await box.run(['true'])).code, 0);
});

boxTest('when the helper is killed with -9, the container dies, and the CLI says so: 125', async (t, box) => {
	const {container, inner} = await ready(box, `trap '' TERM HUP INT QUIT; READY; ${loop}`);
	kill(parentOf(inner), 'SIGKILL');
	const result = resultOf(await container);
	t.is(result.code, 125);
	t.regex(result.stderr, /^minicontainer: the helper died by SIGKILL[^\n]*\n([^\n]+\n)?$/);
	await gone(inner);
});

boxTest('signals while the container is being made end it', async (t, box) => {
	for (let delay = 0; delay < 120; delay += 12) {
		const container = box.start(['run', '--rm', '--rootfs', box.rootfs, 'sleep', '1000']);
		setTimeout(() => container.kill('SIGTERM'), delay);
		setTimeout(() => container.kill('SIGKILL'), 1500 + delay);
		const {exitCode, signal} = await container;
		// Once it runs, PID 1 has no handler for it: then the second one ends it.
		t.true(
			exitCode === 143 || signal === 'SIGTERM' || signal === 'SIGKILL' || exitCode === 125,
			`${delay} ms: ${exitCode} ${signal}`,
		);
	}

	t.is((await box.run(['true'])).code, 0);
});

boxTest('kill -9 at any moment leaves nothing that the next run does not remove', async (t, box) => {
	for (let delay = 20; delay < 140; delay += 6) {
		const container = box.start(['run', '--rm', '--rootfs', box.rootfs, 'sh', '-c', 'echo x >/file; sleep 1000']);
		setTimeout(() => container.kill('SIGKILL'), delay);
		await container;
	}

	t.is((await box.run(['true'])).code, 0);
});

boxTest(
	'a caller that ignores SIGINT and SIGHUP (nohup, cron): the command starts with clean handlers',
	async (t, box) => {
		const result = await box.spawn(payload('attempt'), [
			'ignore',
			'1',
			'/usr/bin/env',
			cli,
			'run',
			'--rm',
			'--rootfs',
			box.rootfs,
			'probe',
		]);
		t.is(JSON.parse(String(result.stdout)).SigIgn, '0000000000000000');
	},
);

boxTest('exit code 128+n where the command kills itself', async (t, box) => {
	t.is((await box.sh(['--init'], 'kill -SEGV $$')).code, 139);
	t.is((await box.sh([], "sh -c 'kill -9 $$'; exit $?")).code, 137, 'the code of a shell whose child was killed');
});

boxTest('while it runs, there is one helper and one CLI, and afterwards none', async (t, box) => {
	const {container} = await ready(box, `trap 'exit 0' TERM; READY; ${loop}`);
	t.is(marked([box.mark]).length, 2, marked([box.mark]).join('\n'));
	container.kill('SIGTERM');
	await container;
	t.deepEqual(marked([box.mark]), []);
});
