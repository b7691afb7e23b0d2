/** Each: 125, one line on stderr (and perhaps a hint), nothing on stdout, nothing started, nothing left. */
import fs from 'node:fs';
import {type Box, boxTest, refused} from '../helpers/box.js';
import {isRoot} from '../helpers/project.js';

type Row = [flags: string[], why: RegExp];

const rows: Row[] = [
	[['--frobnicate', 'true'], /--frobnicate/],
	[['-Z', 'true'], /-Z/],
	[['--rootfs'], /--rootfs/],
	[[], /COMMAND/],
	[['--'], /COMMAND/],
	[[''], /command/],
	[['-e', '=x', 'true'], /-e/],
	[['-e', '', 'true'], /-e/],
	[['-e', 'A B=x', 'true'], /-e/],
	[['--env-file', '/missing', 'true'], /\/missing/],
	[['--env-file', '/etc', 'true'], /\/etc/],
	[['-w', 'relative', 'true'], /-w.*relative/],
	[['-w', '', 'true'], /-w/],
	[['--hostname', '', 'true'], /hostname/],
	[['--hostname', 'a'.repeat(65), 'true'], /hostname/],
	[['--hostname', 'a b', 'true'], /hostname/],
	[['--hostname', 'a\nb', 'true'], /hostname/],
	[['--name', '', 'true'], /name/],
	[['--name', '../x', 'true'], /name/],
	[['--name', 'a/b', 'true'], /name/],
	[['--name', '.hidden', 'true'], /name/],
	[['--name', 'a'.repeat(129), 'true'], /name/],
	[['--name', 'a b', 'true'], /name/],
	[['--label', '=x', 'true'], /label/],
	[['-u', '-1', 'true'], /-u/],
	[['-u', '4294967295', 'true'], /4294967295/],
	[['-u', '99999999999999999999', 'true'], /99999999999999999999/],
	[['-u', '0x0', 'true'], /0x0/],
	[['-u', '1:2:3', 'true'], /-u/],
	[['-u', ':1', 'true'], /-u/],
	[['-u', '1:', 'true'], /-u/],
	[['--group-add', '-5', 'true'], /group/],
	[['-v', '/missing:/x', 'true'], /\/missing/],
	[['-v', '/etc', 'true'], /-v/],
	[['-v', '/etc:relative', 'true'], /relative/],
	[['-v', ':/x', 'true'], /-v/],
	[['-v', '/etc:', 'true'], /-v/],
	[['-v', '/etc:/x:frob', 'true'], /frob/],
	[['-v', '/etc:/', 'true'], /-v|\//],
	[['-v', '/etc:/x/../..', 'true'], /mount cannot be at '\/'/],
	[['--mount', 'type=frob,target=/x', 'true'], /frob/],
	[['--mount', 'source=/etc', 'true'], /type/],
	[['--mount', 'type=bind,source=/etc', 'true'], /target/],
	[['--mount', 'type=bind,target=/x', 'true'], /source/],
	[['--mount', 'type=bind,source=/etc,target=/x,frob=1', 'true'], /frob/],
	[['--mount', 'type=bind,source=/etc,target=/x,readonly=perhaps', 'true'], /perhaps/],
	[['--mount', '', 'true'], /--mount/],
	[['--tmpfs', 'relative', 'true'], /relative/],
	[['--tmpfs', '/x:frob=1', 'true'], /frob/],
	[['--tmpfs', '/x:size=many', 'true'], /many/],
	[['--shm-size', 'many', 'true'], /many/],
	[['--shm-size', '-1', 'true'], /-1/],
	[['--shm-size', '1e400', 'true'], /1e400/],
	[['--shm-size', 'NaN', 'true'], /NaN/],
	[['--cap-add', 'FROB', 'true'], /FROB/],
	[['--cap-drop', '', 'true'], /--cap-drop/],
	[['--security-opt', 'frob=1', 'true'], /frob/],
	[['--security-opt', 'no-new-privileges=perhaps', 'true'], /perhaps/],
	[['--device', '/dev/missing', 'true'], /\/dev\/missing/],
	[['--device', '/dev/null:relative', 'true'], /relative/],
	[['--device', '/dev/null:/dev/x:q', 'true'], /q/],
	[['--ulimit', 'frob=1', 'true'], /frob/],
	[['--ulimit', 'nofile', 'true'], /nofile/],
	[['--ulimit', 'nofile=many', 'true'], /many/],
	[['--ulimit', 'nofile=2:1', 'true'], /nofile/],
	[['--ulimit', 'nofile=-2', 'true'], /-2/],
	[['--sysctl', 'kernel.core_pattern=x', 'true'], /kernel\.core_pattern/],
	[['--sysctl', 'vm.overcommit_memory=1', 'true'], /vm\.overcommit_memory/],
	[['--sysctl', 'frob', 'true'], /frob/],
	[['--sysctl', 'net.ipv4.frob=1', 'true'], /net.ipv4.frob/],
	[['--network', 'frob', 'true'], /frob/],
	[['--network', 'host', '--sysctl', 'net.ipv4.ip_default_ttl=33', 'true'], /sysctl|network/],
	[['--ipc', 'host', '--sysctl', 'kernel.shmmni=1', 'true'], /sysctl|ipc/],
	[['--pid', 'frob', 'true'], /frob/],
	[['--ipc', 'frob', 'true'], /frob/],
	[['--uts', 'frob', 'true'], /frob/],
	[['--timeout', 'soon', 'true'], /soon/],
	[['--timeout', '-5', 'true'], /-5/],
	[['--timeout', '1e400', 'true'], /1e400/],
	[['--stop-signal', 'FROB', 'true'], /FROB/],
	[['--stop-signal', '65', 'true'], /65/],
	[['--overlay', '', 'true'], /--overlay/],
	[['--overlay', 'tmpfs,frob=1', 'true'], /frob/],
	[['--overlay', 'tmpfs,size=many', 'true'], /many/],
	[['--init=perhaps', 'true'], /perhaps/],
	[['--tty=perhaps', 'true'], /perhaps/],
	[['--cidfile', '/missing/cid', 'true'], /\/missing\/cid/],
	[['--pidfile', '/missing/pid', 'true'], /\/missing\/pid/],
];

for (const [flags, why] of rows) {
	boxTest(`refused: run ${flags.map(flag => JSON.stringify(flag).slice(0, 40)).join(' ')}`, async (t, box) => {
		refused(t, await box.run(flags), why);
		t.deepEqual(
			fs
				.readdirSync(box.dir)
				.filter(name => name !== 'state')
				.sort(),
			['tmp'],
		);
	});
}

const rootfses: [string, (box: Box) => string | undefined, RegExp][] = [
	['missing', () => undefined, /--rootfs/],
	['empty', () => '', /--rootfs/],
	['absent', box => box.path('absent'), /absent: no such file or directory/],
	['a file', box => box.file('file'), /file: not a directory/],
	[
		'a link that leads nowhere',
		box => {
			fs.symlinkSync('nowhere', box.path('link'));
			return box.path('link');
		},
		/link/,
	],
	['with a file for a parent', box => `${box.file('file')}/x`, /file\/x/],
];
for (const [title, make, why] of rootfses) {
	boxTest(`refused: a root file system that is ${title}`, async (t, box) => {
		const rootfs = make(box);
		refused(t, await box.cli(['run', '--rm', ...(rootfs === undefined ? [] : ['--rootfs', rootfs]), '/bin/true']), why);
	});
}

boxTest('refused: unknown commands, and flags where a command should be', async (t, box) => {
	refused(t, await box.cli(['frobnicate']), /frobnicate/);
	refused(t, await box.cli(['--frobnicate']), /--frobnicate/);
	const {code, stdout, stderr} = await box.cli([]);
	t.is(code, 125);
	t.true(stdout === '' && /minicontainer/i.test(stderr), 'usage goes to stderr when it was not asked for');
});

boxTest('plan refuses the same', async (t, box) => {
	for (const [flags, why] of rows.filter(([flags]) => !/cidfile|pidfile|missing|frob|shmmni/.test(flags.join(' ')))) {
		refused(t, await box.cli(['plan', '--rootfs', box.rootfs, ...flags]), why);
	}
});

boxTest('a stack only with --debug', async (t, box) => {
	const result = await box.run(['--debug', '-w', 'relative', 'true']);
	t.is(result.code, 125);
	t.regex(result.stderr, /\n\s+at /);
});

boxTest('more environment than the kernel takes: said, not thrown', async (t, box) => {
	const file = box.file('env', Array.from({length: 4000}, (_, index) => `V${index}=${'x'.repeat(1000)}\n`).join(''));
	refused(t, await box.run(['--env-file', file, 'true']), /Argument list too long|too large/, 126);
	fs.rmSync(file);
});

boxTest('a state directory that cannot be written', async (t, box) => {
	const file = box.file('file');
	refused(t, await box.run(['--root', `${file}/state`, 'true']), /file\/state/);
});

boxTest('a temporary directory, HOME or runtime directory that is not there does not matter', async (t, box) => {
	const env = {TMPDIR: '/missing', HOME: '/missing', XDG_RUNTIME_DIR: '/missing'};
	t.deepEqual(await box.run(['echo', 'ok'], {env}), {code: 0, signal: undefined, stdout: 'ok\n', stderr: ''});
});

boxTest('a host path in the volumes’ way is left alone', async (t, box) => {
	const volume = box.directory('volume');
	refused(t, await box.run(['-v', `${volume}:/v`, '-v', '/missing:/w', 'true']), /\/missing/);
	t.deepEqual(fs.readdirSync(volume), []);
	t.is(fs.statSync(volume).uid, process.getuid?.() ?? 0);
	t.true(isRoot || process.getuid?.() !== 0);
});
