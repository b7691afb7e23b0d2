/** The command as a whole, where no container is needed. */
import test from 'ava';
import {execa} from 'execa';
import {cli} from '../helpers/project.js';

const call = async (args: string[], options = {}) => {
	const {exitCode, stdout, stderr} = await execa(process.execPath, [cli, ...args], {reject: false, ...options});
	return {code: exitCode, stdout: String(stdout ?? ''), stderr: String(stderr ?? '')};
};

const refused: [args: string[], stderr: RegExp][] = [
	[
		['rum'],
		/^minicontainer: unknown command 'rum' \(did you mean run\?\)\nhint: minicontainer --help shows all commands$/,
	],
	[['constructor'], /^minicontainer: unknown command 'constructor'\n/],
	[['help', 'plam'], /^minicontainer: unknown command 'plam' \(did you mean plan\?\)\n/],
	[['--bogus'], /^minicontainer: unknown flag --bogus$/],
	[['run'], /^minicontainer: run: --rootfs DIR is missing\nhint: .+$/],
	[['plan'], /^minicontainer: plan: --rootfs DIR is missing\nhint: .+$/],
	[['run', '--rootfs', '/'], /^minicontainer: run: COMMAND is missing\nhint: .+$/],
	[['run', '--rotfs', '/', 'sh'], /^minicontainer: run: unknown flag --rotfs \(did you mean --rootfs\?\)$/],
	[['run', '--rootfs'], /^minicontainer: run: --rootfs needs a value$/],
	[['run', '--rootfs', '/nowhere', 'sh'], /^minicontainer: --rootfs \/nowhere: no such file or directory$/],
	[['run', '--rootfs', '/etc/passwd', 'sh'], /^minicontainer: --rootfs \/etc\/passwd: not a directory$/],
	[
		['run', '--rootfs', '/a\n\u001b[31mb', 'sh'],
		/^minicontainer: --rootfs \/a\\n\\u\{1b\}\[31mb: no such file or directory$/,
	],
	[['run', '--oci', '--rootfs', '/', 'sh'], /unknown flag --oci/],
];

for (const [args, stderr] of refused) {
	test(`refused: ${JSON.stringify(args.join(' '))}`, async t => {
		const result = await call(args);
		t.regex(result.stderr, stderr);
		t.is(result.code, 125);
		t.is(result.stdout, '');
	});
}

test('without a command: the help, but on stderr', async t => {
	const result = await call([]);
	t.is(result.code, 125);
	t.is(result.stdout, '');
	t.regex(result.stderr, /minicontainer run/);
});

for (const args of [['--version'], ['-v'], ['version']]) {
	test(args.join(' '), async t => {
		const result = await call(args);
		t.deepEqual({...result, stdout: ''}, {code: 0, stdout: '', stderr: ''});
		t.regex(result.stdout, /^minicontainer \d+\.\d+\.\d+$/);
	});
}

for (const args of [['--help'], ['-h'], ['help']]) {
	test(`${args.join(' ')} shows every command`, async t => {
		const {code, stdout, stderr} = await call(args);
		t.is(code, 0);
		t.is(stderr, '');
		t.regex(stdout, /minicontainer run <--rootfs DIR> <COMMAND>|minicontainer run/);
		t.regex(stdout, /minicontainer plan/);
	});
}

for (const args of [
	['run', '--help'],
	['help', 'run'],
	['--help', 'run'],
	['run', '--rootfs', '/', '--help'],
]) {
	test(`${args.join(' ')} shows flags and examples`, async t => {
		const {code, stdout, stderr} = await call(args);
		t.is(code, 0);
		t.is(stderr, '');
		t.regex(stdout, /-e,--env NAME\[=VALUE\] {2,}set a variable/);
		t.regex(stdout, /\$ minicontainer run --rm -it --rootfs \.\/rootfs \/bin\/sh/);
		t.false(stdout.includes('#0') || stdout.includes('\u001b'));
	});
}

test('a word that is not UTF-8 is refused, not changed', async t => {
	const shell = (octal: string) =>
		execa('sh', ['-c', `exec "$0" "$1" plan --rootfs / "$(printf '${octal}')"`, process.execPath, cli], {
			reject: false,
		});
	const refused = await shell('a\\377');
	t.is(refused.exitCode, 125);
	t.regex(refused.stderr, /^minicontainer: argument 'a\uFFFD' is not UTF-8 text$/);
	const text = await shell('a\\357\\277\\275');
	t.is(text.exitCode, 0, text.stderr);
});

test('a stack only where it is asked for', async t => {
	const bad = ['run', '--rootfs', '/nowhere', 'sh'];
	t.notRegex((await call(bad)).stderr, /\n {4}at /);
	for (const result of [
		await call(['--debug', ...bad]),
		await call(['run', '--debug', ...bad.slice(1)]),
		await call(bad, {env: {MC_DEBUG: '1'}}),
	]) {
		t.is(result.code, 125);
		t.regex(result.stderr, /^minicontainer: --rootfs \/nowhere: no such file or directory\n(.*\n)* {4}at /);
		t.regex(result.stderr, /caused by: Error: ENOENT/);
	}
});

test('a plan is JSON with a newline at its end', async t => {
	const {stdout, code} = await call(['plan', '--rootfs', '/', 'sh', '-c', 'x'], {stripFinalNewline: false});
	t.is(code, 0);
	t.true(stdout.endsWith('}\n'));
	t.deepEqual(JSON.parse(stdout).process.args, ['sh', '-c', 'x']);
});

test('a reader that goes away is no error; a full disk is one', async t => {
	const sh = (script: string) => execa('bash', ['-c', script, process.execPath, cli], {reject: false});
	const early = await sh('set -o pipefail; "$0" "$1" plan --rootfs / sh | true');
	t.is(early.exitCode, 0);
	t.is(early.stderr, '');
	const full = await sh('"$0" "$1" plan --rootfs / sh >/dev/full');
	t.is(full.exitCode, 125);
	t.regex(full.stderr, /^minicontainer: cannot write to standard output: no space left on device$/);
});
