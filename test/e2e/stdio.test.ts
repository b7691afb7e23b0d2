import {createHash} from 'node:crypto';
import fs from 'node:fs';
import {boxTest} from '../helpers/box.js';
import {cli} from '../helpers/project.js';
import {score} from '../helpers/score.js';

boxTest('without -i, stdin is empty', async (t, box) => {
	const result = await box.run(['cat'], {stdin: 'pipe', input: 'not for you'});
	t.deepEqual([result.code, result.stdout], [0, '']);
	t.is((await box.sh([], 'readlink /proc/self/fd/0')).stdout, '/dev/null\n');
});

boxTest('with -i, stdin is the caller’s, to its end', async (t, box) => {
	t.is((await box.run(['-i', 'cat'], {stdin: 'pipe', input: 'for you\n'})).stdout, 'for you\n');
	t.is((await box.run(['--interactive', 'cat'], {stdin: 'pipe', input: ''})).stdout, '');
	t.is((await box.run(['-i=false', 'cat'], {stdin: 'pipe', input: 'x'})).stdout, '');
});

boxTest('stdout and stderr stay apart', async (t, box) => {
	const result = await box.sh([], 'echo out; echo err >&2; exit 3');
	t.deepEqual(result, {code: 3, signal: undefined, stdout: 'out\n', stderr: 'err\n'});
});

boxTest('32 MiB go in and come out unharmed', async (t, box) => {
	const size = 32 << 20;
	const file = box.path('random');
	fs.writeFileSync(file, Buffer.alloc(size));
	// Not random, but no block is like another, and all bytes occur.
	const bytes = Buffer.alloc(size);
	for (let i = 0, state = 1; i < size; i += 4) {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		bytes.writeUInt32LE(state, i);
	}

	fs.writeFileSync(file, bytes);
	const script = `"$0" "$1" run --rm -i --rootfs "$2" cat <"$3" | "$0" "$1" run --rm -i --rootfs "$2" sha256sum`;
	const result = await box.spawn('/bin/sh', ['-c', script, '/usr/bin/env', cli, box.rootfs, file]);
	t.is(String(result.stdout), `${createHash('sha256').update(bytes).digest('hex')}  -\n`);
	t.is(result.stderr, '');
	score('exhaustion', 1);
});

boxTest('a reader that goes away is a broken pipe for the command, as without a container', async (t, box) => {
	// Without --init the command is a PID 1, which SIGPIPE does not end: it would find out by EPIPE.
	const script = '"$0" "$1" run --rm --init --rootfs "$2" yes | head -c 2';
	const result = await box.spawn('/bin/sh', ['-c', script, '/usr/bin/env', cli, box.rootfs]);
	t.deepEqual([result.stdout, result.stderr, result.exitCode], ['y\n', '', 0]);
});

boxTest('closed descriptors: the command gets /dev/null, not somebody’s file', async (t, box) => {
	const script = '"$0" "$1" run --rm --rootfs "$2" probe >"$3" <&- 2>&-';
	const result = await box.spawn('/bin/sh', ['-c', script, '/usr/bin/env', cli, box.rootfs, box.path('out')]);
	t.is(result.exitCode, 0);
	t.like(JSON.parse(fs.readFileSync(box.path('out'), 'utf8')).fds, {0: '/dev/null', 2: '/dev/null'});
});

boxTest('output to a file and from a file is the file itself', async (t, box) => {
	const script = '"$0" "$1" run --rm -i --rootfs "$2" sh -c "head -n1; echo over" <"$3" >>"$4"';
	box.file('out', 'before\n');
	await box.spawn('/bin/sh', [
		'-c',
		script,
		'/usr/bin/env',
		cli,
		box.rootfs,
		box.file('in', 'a\nb\n'),
		box.path('out'),
	]);
	t.is(fs.readFileSync(box.path('out'), 'utf8'), 'before\na\nover\n');
});

boxTest('what runs on in the background when the command ends is killed, and its pipes are closed', async (t, box) => {
	const result = await box.sh([], 'sh -c "sleep 1000; echo late" & echo early');
	t.deepEqual([result.code, result.stdout], [0, 'early\n']);
});
