import fs from 'node:fs';
import {resultOf} from '../helpers/box.js';
import {helperTest} from '../helpers/helper-test.js';
import {gone, kill} from '../helpers/leaks.js';
import {events, runHelper, stringify} from '../helpers/shim.js';
import {baseSpec} from '../helpers/spec.js';

const names = (list: {event: string}[]) => list.map(({event}) => event);

helperTest('says created, started, exited, and ends with the code of the command', async (t, box, helper) => {
	const result = await runHelper(box, helper, baseSpec(box.rootfs, ['/bin/sh', '-c', 'echo $$; exit 7']));
	t.deepEqual([result.stderr, result.stdout, result.code], ['', '1\n', 7]);
	t.deepEqual(names(result.events), ['created', 'started', 'exited']);
	t.like(result.events[2], {event: 'exited', code: 7});
});

helperTest('tells a death by signal from an exit code, and ends with 128+n', async (t, box, helper) => {
	const spec = baseSpec(box.rootfs, ['/bin/sleep', '1000']);
	let pid = 0;
	const result = await runHelper(box, helper, spec, event => {
		pid = event.event === 'created' ? event.pid : pid;
		if (event.event === 'started') {
			kill(pid, 'SIGKILL');
		}
	});
	t.like(result.events.at(-1), {event: 'exited', signal: 9});
	t.is(result.code, 137);
});

helperTest('passes signals on to the container', async (t, box, helper) => {
	const script = `trap 'echo TERM; exit 3' TERM; echo ready; while :; do sleep 0.05; done`;
	const child = box.spawn(helper, [
		'run',
		box.file('spec.json', stringify(baseSpec(box.rootfs, ['/bin/sh', '-c', script]))),
	]);
	child.stdout?.once('data', () => child.kill('SIGTERM'));
	const result = resultOf(await child);
	t.deepEqual([result.stdout, result.code], ['ready\nTERM\n', 3]);
});

helperTest('takes a spec from a file, from stdin, and says errors on stderr', async (t, box, helper) => {
	const text = stringify(baseSpec(box.rootfs, ['/bin/echo', 'hello']));
	const byFile = resultOf(await box.spawn(helper, ['run', box.file('spec.json', text)]));
	t.deepEqual([byFile.code, byFile.stdout, byFile.stderr], [0, 'hello\n', '']);
	const byStdin = resultOf(await box.spawn(helper, ['run', '-'], {stdin: 'pipe', input: text}));
	t.deepEqual([byStdin.code, byStdin.stdout, byStdin.stderr], [0, 'hello\n', '']);
	const missing = resultOf(await box.spawn(helper, ['run', box.path('missing')]));
	t.deepEqual([missing.code, missing.stdout], [125, '']);
	t.regex(missing.stderr, /^mc-init: .*missing: No such file or directory\n$/);
});

helperTest('stdin is empty with `stdin: null`, and the caller’s without', async (t, box, helper) => {
	const spec = baseSpec(box.rootfs, ['/bin/cat']);
	const empty = await box.spawn(helper, ['run', box.file('a', stringify(spec))], {stdin: 'pipe', input: 'text'});
	t.is(empty.stdout, '');
	delete spec.minicontainer.stdin;
	const open = await box.spawn(helper, ['run', box.file('b', stringify(spec))], {stdin: 'pipe', input: 'text'});
	t.is(open.stdout, 'text');
});

helperTest('kills what lasts too long', async (t, box, helper) => {
	const spec = baseSpec(box.rootfs, ['/bin/sh', '-c', `trap '' TERM INT HUP; sleep 1000`]);
	spec.minicontainer.timeout = 300;
	const begin = Date.now();
	const result = await runHelper(box, helper, spec);
	t.like(result.events.at(-1), {event: 'exited', signal: 9, timeout: true});
	t.is(result.code, 137);
	t.true(Date.now() - begin >= 300);
	t.true(Date.now() - begin < 20_000);
});

helperTest('a timeout that is not reached changes nothing', async (t, box, helper) => {
	const spec = baseSpec(box.rootfs, ['/bin/true']);
	spec.minicontainer.timeout = 4_294_967_295;
	const result = await runHelper(box, helper, spec);
	t.is(result.code, 0);
	t.falsy((result.events.at(-1) as {timeout?: boolean}).timeout);
});

helperTest('writes the pid file before the command starts', async (t, box, helper) => {
	const pidFile = box.path('pid');
	const spec = baseSpec(box.rootfs, ['/bin/true']);
	spec.minicontainer.pidFile = pidFile;
	let created = 0;
	let written = '';
	await runHelper(box, helper, spec, event => {
		created = event.event === 'created' ? event.pid : created;
		written = event.event === 'started' ? fs.readFileSync(pidFile, 'utf8') : written;
	});
	t.is(written, `${created}\n`);
});

helperTest('with `init`, PID 1 reaps orphans and the command is its child', async (t, box, helper) => {
	// Three orphans are handed to PID 1; were they not reaped, they would still be there as zombies.
	const script =
		'for i in 1 2 3; do (sh -c "exit 0" & exit 0); done; sleep 0.3; i=0; \
		while [ $i -lt 100 ] && grep -qs "^State:.Z" /proc/[0-9]*/status; do sleep 0.05; i=$((i + 1)); done; \
		[ $i -lt 100 ] && echo $$ reaped; exit 9';
	const spec = baseSpec(box.rootfs, ['/bin/sh', '-c', script]);
	spec.minicontainer.init = true;
	const result = await runHelper(box, helper, spec);
	t.regex(result.stdout, /^[2-9]\d* reaped\n$/);
	t.is(result.code, 9);
});

helperTest('with `init`, a command that dies by a signal ends with 128+n', async (t, box, helper) => {
	const spec = baseSpec(box.rootfs, ['/bin/sh', '-c', 'kill -USR1 $$; sleep 10']);
	spec.minicontainer.init = true;
	const result = await runHelper(box, helper, spec);
	t.is(result.code, 128 + 10);
});

helperTest('when the helper is killed, the container dies', async (t, box, helper) => {
	const spec = baseSpec(box.rootfs, ['/bin/sh', '-c', `trap '' TERM HUP INT; sleep 1000 & sleep 1000`]);
	let pid = 0;
	const result = await runHelper(box, helper, spec, (event, {kill}) => {
		pid = event.event === 'created' ? event.pid : pid;
		if (event.event === 'started') {
			kill('SIGKILL');
		}
	});
	t.is(result.signal, 'SIGKILL');
	t.deepEqual(names(result.events), ['created', 'started'], 'no terminal event: the caller knows that it died');
	await gone(pid);
});

helperTest('with --die-with, the container dies with the caller', async (t, box, helper) => {
	const spec = box.file('spec.json', stringify(baseSpec(box.rootfs, ['/bin/sh', '-c', 'echo ready; sleep 1000'])));
	const shell = box.spawn('/bin/sh', ['-c', '"$0" run --die-with $$ "$1" & echo $!; wait', helper, spec]);
	let said = '';
	shell.stdout?.on('data', chunk => {
		said += chunk;
		if (/ready/.test(said)) {
			shell.kill('SIGKILL');
		}
	});
	// Its pipes end only when the helper and the container, who hold them too, are gone.
	const result = await shell;
	t.is(result.signal, 'SIGKILL');
	t.false(result.timedOut);
});

helperTest('gives the command nothing but descriptors 0, 1 and 2', async (t, box, helper) => {
	const spec = box.file('spec.json', stringify(baseSpec(box.rootfs, ['/bin/probe'])));
	const leaky = '"$0" run --status-fd 9 "$1" 3</ 5</etc/passwd 8</tmp 9>"$2" 63</';
	const result = await box.spawn('/bin/bash', ['-c', leaky, helper, spec, box.path('status')]);
	t.deepEqual(Object.keys(JSON.parse(String(result.stdout)).fds), ['0', '1', '2']);
	t.deepEqual(names(events(fs.readFileSync(box.path('status'), 'utf8'))), ['created', 'started', 'exited']);
});
