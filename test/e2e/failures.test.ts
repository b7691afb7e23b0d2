/** What is not the user's fault: a helper that is missing, old, or dies; a kernel that lacks something. */
import fs from 'node:fs';
import path from 'node:path';
import {boxTest, refused} from '../helpers/box.js';
import {cli, helper} from '../helpers/project.js';

boxTest('a missing helper', async (t, box) => {
	refused(t, await box.run(['true'], {env: {MC_INIT: box.path('missing')}}), /helper .*missing/);
});

boxTest('a helper that may not be executed, or is no program', async (t, box) => {
	refused(t, await box.run(['true'], {env: {MC_INIT: box.file('plain')}}), /plain/);
	const alien = box.file('alien', '\x7fELF but not quite');
	fs.chmodSync(alien, 0o755);
	const {code, stderr} = await box.run(['true'], {env: {MC_INIT: alien}});
	t.is(code, 125);
	t.regex(stderr, /minicontainer: [^\n]*(alien|helper)/);
});

const liars: [string, string][] = [
	['that ends without a word', '#!/bin/sh\nexit 0\n'],
	['that ends with a word of its own', '#!/bin/sh\necho >&4 "frob"\nexit 3\n'],
	['that stops in the middle of a word', '#!/bin/sh\nprintf >&4 \'{"event":"exi\'\nexit 0\n'],
	['that only says started', '#!/bin/sh\nprintf >&4 \'{"event":"started"}\\n\'\nexit 0\n'],
	['that kills itself', '#!/bin/sh\nkill -SEGV $$\n'],
];
for (const [title, script] of liars) {
	boxTest(`a helper ${title}`, async (t, box) => {
		const liar = box.file('liar', script);
		fs.chmodSync(liar, 0o755);
		refused(t, await box.run(['true'], {env: {MC_INIT: liar}}), /helper died/);
	});
}

boxTest('a bundle without its helper says how to get one', async (t, box) => {
	const bundle = box.file('lib/dist/minicontainer.cjs');
	fs.cpSync(path.dirname(cli), path.dirname(bundle), {
		recursive: true,
		filter: file => !path.basename(file).startsWith('mc-init'),
	});
	const result = await box.spawn(bundle, ['run', '--rm', '--rootfs', box.rootfs, 'true'], {env: {MC_INIT: ''}});
	t.is(result.exitCode, 125);
	t.regex(String(result.stderr), /^minicontainer: [^\n]*helper[^\n]*\n([^\n]+\n)?$/);
});

/** seccomp would do as well; a limit on namespaces is what a locked-down host sets. */
boxTest('a kernel without user namespaces: one line', async (t, box) => {
	const script = 'echo 0 >/proc/sys/user/max_user_namespaces && exec "$@"';
	const run = ['unshare', '--user', '--map-root-user', 'sh', '-c', script, 'sh'];
	const command = ['/usr/bin/env', cli, 'run', '--rm', '--rootfs', box.rootfs, 'true'];
	const result = await box.spawn(run[0] as string, [
		...run.slice(1),
		'setpriv',
		'--reuid=0',
		'--inh-caps=-all',
		'--bounding-set=-all',
		...command,
	]);
	t.is(result.exitCode, 125);
	t.regex(String(result.stderr), /^minicontainer: [^\n]+\n([^\n]+\n)?$/);
});

boxTest('no more namespaces: ENOSPC is explained', async (t, box) => {
	const script = 'echo 0 >/proc/sys/user/max_net_namespaces && exec "$@"';
	const result = await box.spawn('unshare', [
		'--user',
		'--map-root-user',
		'sh',
		'-c',
		script,
		'sh',
		'/usr/bin/env',
		cli,
		'run',
		'--rm',
		'--rootfs',
		box.rootfs,
		'true',
	]);
	t.is(result.exitCode, 125);
	t.regex(String(result.stderr), /^minicontainer: [^\n]+\nhint: [^\n]+\n$/);
});

boxTest('a full disk under the upper layer is the command’s problem, and leaves nothing', async (t, box) => {
	const result = await box.sh(
		['--overlay', 'tmpfs,size=64k'],
		'dd if=/dev/zero of=/x bs=64k count=4 2>/dev/null; echo $?',
	);
	t.is(result.stdout, '1\n');
});

boxTest('the helper on disk is not what runs: a container cannot reach it', async (t, box) => {
	const result = await box.sh([], 'readlink /proc/1/exe; grep -l mc-init /proc/*/maps 2>/dev/null');
	t.notRegex(result.stdout, /mc-init/);
	t.is(fs.statSync(helper).mode & 0o6000, 0);
});
