/** SECURITY.md §2b: descriptors, /proc/self/exe, terminals, sockets, keys, the environment. */
import {createHash} from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import {boxTest, refused, resultOf} from '../helpers/box.js';
import {Canary, hostileRootfs, plant, startedOrRefused} from '../helpers/canary.js';
import {cli, helper, payload} from '../helpers/project.js';
import {Terminal} from '../helpers/terminal.js';

boxTest('CVE-2024-21626 runc: no descriptor of the caller’s leads out of the container', async (t, box) => {
	const canary = new Canary(box);
	const held = [7, 8, 19, 63].map(fd => `${fd}=${canary.dir}`);
	const rootfs = hostileRootfs(box, 'rootfs', root => plant(root, '/wd', '/proc/self/fd/7'));
	const workdirs = [
		...Array.from({length: 21}, (_, fd) => `/proc/self/fd/${fd}`),
		'/proc/self/fd/63',
		'/proc/1/fd/8',
		'/wd',
		'/wd/..',
		'/proc/self/fd/7/../..',
	];
	const script =
		'echo ok; cat file ../file ../canary/file ./../../canary/file 2>/dev/null; ls -l /proc/self/fd | wc -l';
	for (const workdir of workdirs) {
		const command = [cli, 'run', '--rm', '--rootfs', rootfs, '-w', workdir, 'sh', '-c', script];
		const result = resultOf(await box.spawn(payload('attempt'), ['with-fds', ...held, '--', ...command]));
		startedOrRefused(t, result, /^ok\n/);
		canary.check(t, result);
	}

	const probe = await box.spawn(payload('attempt'), [
		'with-fds',
		...held,
		'--',
		cli,
		'run',
		'--rm',
		'--rootfs',
		rootfs,
		'probe',
	]);
	t.deepEqual(Object.keys(JSON.parse(String(probe.stdout)).fds), ['0', '1', '2']);
});

boxTest('CVE-2024-21626: the helper alone, too', async (t, box) => {
	const canary = new Canary(box);
	const plan = await box.cli(['plan', '--rootfs', box.rootfs, '-w', '/proc/self/fd/7', 'probe']);
	const file = box.file('spec.json', plan.stdout.trim() ? plan.stdout : '{}');
	const result = resultOf(
		await box.spawn(payload('attempt'), ['with-fds', `7=${canary.dir}`, `9=${canary.dir}`, '--', helper, 'run', file]),
	);
	t.true(result.code === 125 || !result.stdout.includes(canary.dir), result.stdout);
});

boxTest('CVE-2019-5736 runc: /proc/self/exe as the command is a sealed copy of the helper at most', async (t, box) => {
	const sum = () => createHash('sha256').update(fs.readFileSync(helper)).digest('hex');
	const before = sum();
	const linked = hostileRootfs(box, 'rootfs', root => plant(root, '/bin/cat', '/proc/self/exe'));
	for (const rootfs of [box.rootfs, linked]) {
		for (const command of [['/proc/self/exe', '--help'], ['/bin/cat'], ['/proc/1/exe', 'features']]) {
			const result = await box.cli(['run', '--rm', '--rootfs', rootfs, ...command]);
			t.true((result.code ?? -1) >= 0, result.stderr);
		}
	}

	// It waits on a FIFO for a spec, while its executable is opened for writing.
	const script =
		'mkfifo /f; /proc/1/exe check /f & sleep 0.2; attempt open w /proc/$!/exe; attempt open rw /proc/$!/exe; timeout 1 sh -c "echo {} >/f"';
	for (const flags of [['--init'], ['--init', '--cap-add', 'all']]) {
		const {stdout} = await box.sh(flags, script);
		t.regex(stdout, /^((Text file busy|Permission denied|Operation not permitted|No such file or directory)\n){2}/);
	}

	t.is(sum(), before);
});

boxTest('CVE-2019-5736: nobody inside can write to a program from outside', async (t, box) => {
	const sum = () => createHash('sha256').update(fs.readFileSync(helper)).digest('hex');
	const before = sum();
	// With --pid host there are programs from outside to be seen: the helper's among them.
	for (const flags of [
		[],
		['--init'],
		['--pid', 'host', '--cap-add', 'sys_ptrace', '--init'],
		['--cap-add', 'all', '--init'],
	]) {
		const {stdout} = await box.sh(
			flags,
			'attempt exe-writable 5 >/tmp/log & attempt open w /proc/1/exe; for i in 1 2 3 4 5 6 7 8; do /bin/true; done; cat /tmp/log',
		);
		t.notRegex(stdout, /^writable/m, flags.join(' '));
		t.regex(stdout, /Text file busy|Permission denied|not permitted|Read-only|No such file/, flags.join(' '));
	}

	t.is(sum(), before);
});

boxTest('CVE-2017-5226 bwrap: nothing can be typed into the caller’s terminal', async (t, box) => {
	const attempts = ['0', '1', '2', '/dev/tty', '/proc/self/fd/0', '/dev/stdin']
		.flatMap(fd => [`attempt tiocsti ${fd} 0`, `attempt tiocsti ${fd} 1`])
		.join('; ');
	for (const flags of [[], ['-i'], ['-i', '--init'], ['-i', '--user', '1000'], ['-i', '--cap-drop', 'all']]) {
		const shell = 'flags=$1; shift; "$@"; stty -icanon min 0 time 2; echo "<$(head -c 100)>"; stty icanon';
		const terminal = new Terminal(box, [
			'/bin/sh',
			'-c',
			shell,
			'sh',
			'',
			cli,
			'run',
			'--rm',
			...flags,
			'--rootfs',
			box.rootfs,
			'sh',
			'-c',
			attempts,
		]);
		t.like(await terminal.end(), {code: 0});
		t.regex(terminal.screen.text, /<>\r\n$/, `${flags}: ${terminal.screen.text}`);
		t.notRegex(terminal.screen.text, /^done/m);
	}
});

boxTest('CVE-2025-52565: the container’s terminals are not the host’s', async (t, box) => {
	const terminal = Terminal.run(box, ['sh', '-c', 'stat -c %d /dev/pts; ls /dev/pts; : >/dev/tty && echo works']);
	await terminal.end();
	const [device, ...rest] = terminal.screen.text.trim().split(/\s+/);
	t.not(Number(device), fs.statSync('/dev/pts').dev);
	t.deepEqual(rest.sort(), ['0', 'ptmx', 'works']);
});

boxTest('CVE-2020-15257 containerd: sockets without a file are the network namespace’s', async (t, box) => {
	const name = `minicontainer-test-${process.pid}`;
	const listener = box.spawn(payload('attempt'), ['abstract-listen', name], {stdin: 'pipe'});
	await new Promise(resolve => listener.stdout?.once('data', resolve));
	t.is((await box.run(['attempt', 'abstract-connect', name])).stdout, 'Connection refused\n');
	t.is(
		(await box.run(['--network', 'host', 'attempt', 'abstract-connect', name])).stdout,
		'done\n',
		'the test can tell',
	);
	listener.stdin?.end();
	await listener;
});

boxTest('the caller’s session keyring is out of reach', async (t, box) => {
	const key = `minicontainer-test-${process.pid}`;
	const attempt = payload('attempt');
	const outside = await box.spawn(attempt, ['key-add', key, attempt, 'key-search', key]);
	t.is(outside.stdout, 'done\n', 'the test can tell');
	const search = (...flags: string[]) =>
		box.spawn(attempt, [
			...['key-add', key, cli, 'run', '--rm', '--rootfs', box.rootfs, ...flags, 'attempt', 'key-search', key],
		]);
	t.is((await search()).stdout, 'Function not implemented\n', 'there are no keyrings at all');
	t.is((await search('--security-opt', 'seccomp=unconfined')).stdout, 'Required key not available\n');
});

boxTest('CVE-2020-14370 podman: the caller’s environment stays outside', async (t, box) => {
	const env = {SECRET_TOKEN: 'leak', AWS_SECRET: 'leak', MC_DEBUG: '', NODE_OPTIONS: '', LD_LIBRARY_PATH: '/leak'};
	const result = await box.sh([], 'env; tr "\\0" "\\n" </proc/1/environ', {env});
	t.notRegex(result.stdout, /leak|MC_|MINICONTAINER|NODE_/);
});

const steering = [
	'NODE_OPTIONS',
	'NODE_PATH',
	'LD_PRELOAD',
	'LD_LIBRARY_PATH',
	'BASH_ENV',
	'ENV',
	'NODE_EXTRA_CA_CERTS',
	'NODE_V8_COVERAGE',
];

boxTest('the container’s variables do not steer the runtime', async (t, box) => {
	const script = box.file('canary.cjs', `require('node:fs').writeFileSync(${JSON.stringify(box.path('ran'))}, 'ran')`);
	const value = (name: string) => (name === 'NODE_OPTIONS' ? `--require=${script}` : script);
	const flags = steering.flatMap(name => ['-e', `${name}=${value(name)}`]);
	t.is((await box.sh(flags, 'echo $NODE_OPTIONS')).stdout, `--require=${script}\n`);
	t.false(fs.existsSync(box.path('ran')), '-e');
	const file = box.file('env', steering.map(name => `${name}=${value(name)}\n`).join(''));
	t.is((await box.sh(['--env-file', file], 'echo $NODE_OPTIONS')).stdout, `--require=${script}\n`);
	t.false(fs.existsSync(box.path('ran')), '--env-file, which Node has too');
	t.is((await box.sh([`--env-file=${file}`], 'echo $NODE_OPTIONS')).stdout, `--require=${script}\n`);
	t.false(fs.existsSync(box.path('ran')), '--env-file=');
	await box.run(['echo', '--env-file', file, `--require=${script}`, '--import', script]);
	t.false(fs.existsSync(box.path('ran')), 'in the command');
});

boxTest('flags of Node’s own are not taken from our command line', async (t, box) => {
	t.is(
		(await box.run(['echo', '--env-file', '/missing', '--env-file=/missing', '--v8-options', '--inspect'])).stdout,
		'--env-file /missing --env-file=/missing --v8-options --inspect\n',
	);
	refused(t, await box.run(['--require', '/x', 'true']), /--require/);
});

boxTest('a program of the container’s is never run on the host', async (t, box) => {
	const names = ['sh', 'ip', 'mount', 'newuidmap', 'newgidmap', 'getent', 'node', 'id', 'tar'];
	const trap = `#!/bin/sh\necho ran >${box.path('ran')}\n`;
	const rootfs = hostileRootfs(box, 'rootfs', root => {
		for (const name of names) {
			fs.rmSync(path.join(root, 'bin', name), {force: true});
			fs.writeFileSync(path.join(root, 'bin', name), trap, {mode: 0o755});
		}
	});
	const cwd = path.join(rootfs, 'bin');
	t.is(
		(await box.cli(['run', '--rm', '--rootfs', rootfs, '--user', 'app', '-e', 'PATH=/bin', 'echo', 'ok'], {cwd}))
			.stdout,
		'ok\n',
	);
	t.false(fs.existsSync(box.path('ran')));
});
