import fs from 'node:fs';
import path from 'node:path';
import {boxTest, refused} from '../helpers/box.js';
import {cli} from '../helpers/project.js';

boxTest('says hello', async (t, box) => {
	const result = await box.run(['/bin/echo', 'Hello from container!']);
	t.deepEqual(result, {code: 0, signal: undefined, stdout: 'Hello from container!\n', stderr: ''});
});

boxTest('a host name and a variable', async (t, box) => {
	const result = await box.sh(['--hostname', 'mycontainer', '-e', 'FOO=bar'], 'hostname; echo $FOO; echo $HOSTNAME');
	t.is(result.stdout, 'mycontainer\nbar\nmycontainer\n');
});

for (const code of [0, 1, 2, 42, 125, 126, 127, 128, 255]) {
	boxTest(`exit code ${code} is the command’s own`, async (t, box) => {
		t.deepEqual(await box.sh([], `exit ${code}`), {code, signal: undefined, stdout: '', stderr: ''});
	});
}

boxTest('127 where the command is not found', async (t, box) => {
	refused(t, await box.run(['/bin/missing']), /\/bin\/missing/, 127);
	refused(t, await box.run(['missing']), /missing.*PATH/, 127);
	refused(t, await box.run(['-e', 'PATH=/usr/bin', 'ls']), /ls.*PATH/, 127);
});

boxTest('126 where it cannot be executed', async (t, box) => {
	refused(t, await box.run(['/etc/passwd']), /\/etc\/passwd/, 126);
	refused(t, await box.run(['/etc']), /\/etc/, 126);
});

boxTest('a command without a slash is looked up in the container’s PATH', async (t, box) => {
	t.is((await box.run(['echo', 'found'])).stdout, 'found\n');
	t.is((await box.run(['-e', 'PATH=/nowhere:/bin', 'echo', 'found'])).stdout, 'found\n');
});

boxTest('everything after the command is the command’s, untouched', async (t, box) => {
	const args = [
		'--rm',
		'-t',
		'--help',
		'--',
		'-v',
		'',
		' ',
		'a b',
		"'",
		'"',
		'\\',
		'$HOME',
		'*',
		'é',
		'\n',
		'-e',
		'A=1',
		'--hostname=x',
	];
	const sight = await box.run(['/bin/probe', ...args]);
	t.deepEqual(JSON.parse(sight.stdout).args, ['/bin/probe', ...args]);
	const dashes = await box.run(['--', '/bin/probe', '-x', '--', '--hostname', 'y']);
	t.deepEqual(JSON.parse(dashes.stdout).args, ['/bin/probe', '-x', '--', '--hostname', 'y']);
});

const spellings: [string, string[]][] = [
	['-e A=1', ['-e', 'A=1']],
	['-eA=1', ['-eA=1']],
	['--env A=1', ['--env', 'A=1']],
	['--env=A=1', ['--env=A=1']],
	['-ie A=1', ['-ie', 'A=1']],
	['-ieA=1', ['-ieA=1']],
	['-i -e A=1', ['-i', '-e', 'A=1']],
	['--interactive=false -e A=1', ['--interactive=false', '-e', 'A=1']],
	['--tty=false -e A=1', ['--tty=false', '-e', 'A=1']],
	['--rm --init -eA=1', ['--rm', '--init', '-eA=1']],
	['--rm=true -eA=1', ['--rm=true', '-eA=1']],
];
for (const [title, flags] of spellings) {
	boxTest(`docker’s spelling: ${title}`, async (t, box) => {
		t.deepEqual(await box.sh(flags, 'echo $A'), {code: 0, signal: undefined, stdout: '1\n', stderr: ''});
	});
}

boxTest('docker’s spelling: flags before and after --rootfs, and -w, -h, -u in one word', async (t, box) => {
	const result = await box.cli([
		'run',
		'--rm',
		'-w/tmp',
		'-hbox',
		'--rootfs',
		box.rootfs,
		'-u0',
		'sh',
		'-c',
		'pwd; hostname; id -u',
	]);
	t.is(result.stdout, '/tmp\nbox\n0\n');
	t.is((await box.cli(['run', '--rm', `--rootfs=${box.rootfs}`, 'pwd'])).stdout, '/\n');
});

boxTest('--rootfs relative to the working directory', async (t, box) => {
	const cwd = path.dirname(box.rootfs);
	const result = await box.cli(['run', '--rm', '--rootfs', path.basename(box.rootfs), 'cat', '/etc/issue'], {cwd});
	t.is(result.stdout, 'MiniContainer test root\n');
	t.is((await box.cli(['run', '--rm', '--rootfs', './', 'cat', '/etc/issue'], {cwd: box.rootfs})).code, 0);
});

boxTest('a trailing slash and a symbolic link to the root file system', async (t, box) => {
	const {symlinkSync} = await import('node:fs');
	symlinkSync(box.rootfs, box.path('link'));
	t.is((await box.cli(['run', '--rm', '--rootfs', box.path('link'), 'echo', 'ok'])).stdout, 'ok\n');
	t.is((await box.cli(['run', '--rm', '--rootfs', `${box.path('link')}/`, 'echo', 'ok'])).stdout, 'ok\n');
});

boxTest('--version and help go to stdout', async (t, box) => {
	const version = await box.cli(['--version']);
	t.deepEqual([version.code, version.stderr], [0, '']);
	t.regex(version.stdout, /\d+\.\d+\.\d+\n$/);
	for (const args of [['--help'], ['run', '--help'], ['plan', '--help']]) {
		const help = await box.cli(args);
		t.deepEqual([help.code, help.stderr], [0, ''], args.join(' '));
		t.regex(help.stdout, /minicontainer/i);
	}

	t.regex(
		(await box.cli(['run', '--help'])).stdout,
		/\$ minicontainer run .*--rootfs \S+ .*\/bin\/sh/,
		'real examples',
	);
});

boxTest('two containers at once know nothing of each other', async (t, box) => {
	const run = (name: string) =>
		box.sh(['--hostname', name], `touch /${name}; sleep 0.2; hostname; ls / | grep -c '^[ab]$'; ps > /ps; wc -l < /ps`);
	const [a, b] = await Promise.all([run('a'), run('b')]);
	t.deepEqual([a.stdout, b.stdout], ['a\n1\n3\n', 'b\n1\n3\n']);
});

boxTest('works from any working directory, and from one that is gone', async (t, box) => {
	t.is((await box.run(['pwd'], {cwd: '/'})).stdout, '/\n');
	const script = 'mkdir gone; cd gone; rmdir ../gone; exec "$@"';
	const result = await box.spawn('/bin/sh', [
		'-c',
		script,
		'sh',
		'/usr/bin/env',
		cli,
		'run',
		'--rm',
		'--rootfs',
		box.rootfs,
		'echo',
		'x',
	]);
	t.true(
		result.exitCode === 0 || /^minicontainer: [^\n]+\n([^\n]+\n)?$/.test(String(result.stderr)),
		String(result.stderr),
	);
});

boxTest('with an empty environment', async (t, box) => {
	const result = await box.spawn('/usr/bin/env', [
		'-i',
		`HOME=${box.dir}`,
		process.execPath,
		'--',
		cli,
		'run',
		'--rm',
		'--root',
		box.state,
		'--rootfs',
		box.rootfs,
		'env',
	]);
	t.is(result.stderr, '');
	t.regex(String(result.stdout), /^PATH=/m);
});

boxTest('a script whose interpreter is missing is found in PATH, and says what is wrong', async (t, box) => {
	const script = box.file('bin/lost', '#!/nope/sh\n');
	fs.chmodSync(script, 0o755);
	const result = await box.run(['-v', `${box.path('bin')}:/opt`, '-e', 'PATH=/opt:/bin', 'lost']);
	t.is(result.code, 127);
	t.regex(result.stderr, /^minicontainer: exec: lost: its interpreter is missing\b/);
});

boxTest('/dev/stdout and /dev/stderr open for any user where they are pipes', async (t, box) => {
	// A pipe of a shell's: those of Node are sockets, which cannot be opened by name.
	const script = '"$0" run --rm -u 1000 --rootfs "$1" sh -c "echo out >/dev/stdout; echo err >/dev/stderr" 2>&1 | cat';
	const result = await box.spawn('/bin/sh', ['-c', script, cli, box.rootfs]);
	t.like(result, {exitCode: 0, stdout: 'out\nerr\n'});
});
