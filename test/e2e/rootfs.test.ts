import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {boxTest, refused} from '../helpers/box.js';
import {isRoot, project} from '../helpers/project.js';
import {changes, fingerprint, makeRootfs, scratch} from '../helpers/rootfs.js';

const change =
	'echo new >/etc/issue; rm /etc/group; touch /made; mkdir /dir; ln -s x /link; chmod 700 /home; cat /etc/issue; ls / /etc';

for (const kind of ['disk', 'tmpfs', 'tmpfs,size=8m']) {
	boxTest(`--overlay ${kind}: changes are seen inside, and gone afterwards`, async (t, box) => {
		const result = await box.sh(['--overlay', kind], change);
		t.is(result.stderr, '');
		t.regex(result.stdout, /^new\n/);
		t.regex(result.stdout, /made/);
		t.notRegex(result.stdout, /^group$/m);
		t.regex(
			(await box.sh(['--overlay', kind], 'cat /etc/issue; ls /')).stdout,
			/^MiniContainer test root\nbin\ndev\netc\nhome\nproc\n/,
		);
	});
}

boxTest('the default is on disk: what is written may be large', async (t, box) => {
	const {mountinfo} = await box.probe(t);
	t.true(mountinfo.some((line: string) => / \/ .* - overlay /.test(line)));
	const result = await box.sh([], 'dd if=/dev/zero of=/big bs=1M count=64 2>/dev/null && stat -c %s /big');
	t.is(result.stdout, `${64 << 20}\n`);
});

boxTest('--overlay tmpfs,size=N is a limit', async (t, box) => {
	const result = await box.sh(['--overlay', 'tmpfs,size=2m'], 'dd if=/dev/zero of=/big bs=1M count=8; stat -c %s /big');
	t.regex(result.stderr, /No space left/);
	t.true(Number(result.stdout) < 3 << 20, result.stdout);
});

boxTest('--overlay DIR keeps the changes, and takes them up again', async (t, box) => {
	const dir = box.directory('kept');
	t.is((await box.sh(['--overlay', dir], 'echo one >/made; rm /etc/group')).code, 0);
	t.is(fs.readFileSync(path.join(dir, 'upper/made'), 'utf8'), 'one\n');
	t.is((await box.sh(['--overlay', dir], 'cat /made; ls /etc/group 2>/dev/null; echo two >>/made')).stdout, 'one\n');
	t.is(fs.readFileSync(path.join(dir, 'upper/made'), 'utf8'), 'one\ntwo\n');
	t.is(
		(await box.sh([], 'ls /made /etc/group 2>/dev/null')).stdout,
		'/etc/group\n',
		'the root file system is as it was',
	);
});

boxTest('--overlay DIR, relative to the working directory', async (t, box) => {
	box.directory('here/kept');
	t.is((await box.sh(['--overlay', './kept'], 'touch /made', {cwd: box.path('here')})).code, 0);
	t.true(fs.existsSync(box.path('here/kept/upper/made')));
});

for (const name of ['a,upperdir=c', 'a:b', 'a b', 'a\\b', 'a\nb', '$(touch x)', 'ü', '\\040', '"q"', "'"]) {
	boxTest(`root file system and kept changes in directories named ${JSON.stringify(name)}`, async (t, box) => {
		const rootfs = makeRootfs(box.directory(name));
		const kept = box.directory(`kept/${name}`);
		const before = fingerprint(rootfs);
		const flags = ['run', '--rm', '--rootfs', rootfs, '--overlay', kept];
		t.deepEqual(await box.cli([...flags, 'sh', '-c', 'touch /made; cat /etc/issue']), {
			code: 0,
			signal: undefined,
			stdout: 'MiniContainer test root\n',
			stderr: '',
		});
		t.true(fs.existsSync(path.join(kept, 'upper/made')));
		t.deepEqual(changes(before, fingerprint(rootfs)), []);
		t.deepEqual(fs.readdirSync(box.dir).sort(), [name, 'kept', 'state', 'tmp'].sort(), 'nothing else was made');
	});
}

boxTest('--overlay none: the root file system as it is', async (t, box) => {
	const rootfs = makeRootfs(scratch('none'));
	const result = await box.cli([
		'run',
		'--rm',
		'--rootfs',
		rootfs,
		'--overlay',
		'none',
		'sh',
		'-c',
		'touch /made; cat /proc/self/mountinfo',
	]);
	t.is(result.code, 0, result.stderr);
	t.true(fs.existsSync(path.join(rootfs, 'made')));
	t.notRegex(result.stdout, / \/ .* - overlay /);
	t.deepEqual(fs.readdirSync(rootfs).sort(), [
		'bin',
		'dev',
		'etc',
		'home',
		'made',
		'proc',
		'root',
		'run',
		'sys',
		'tmp',
		'usr',
		'var',
	]);
	t.deepEqual(fs.readdirSync(path.join(rootfs, 'dev')), [], 'nodes are made on a tmpfs');
	t.deepEqual(fs.readdirSync(path.join(rootfs, 'proc')), []);
});

boxTest('--overlay none --read-only', async (t, box) => {
	const result = await box.sh(['--overlay', 'none', '--read-only'], 'touch /made');
	t.regex(result.stderr, /Read-only file system/);
});

boxTest('--rootfs /: a copy-on-write view of this machine', async (t, box) => {
	const script =
		'cat /etc/os-release >/dev/null && touch /etc/made-inside /made-inside && ls /made-inside; hostname; ps -e 2>/dev/null | wc -l';
	for (const overlay of [[], ['--overlay', 'tmpfs']]) {
		const result = await box.cli([
			'run',
			'--rm',
			'--rootfs',
			'/',
			'--hostname',
			'twin',
			...overlay,
			'/bin/sh',
			'-c',
			isRoot ? script : 'hostname; id -u',
		]);
		t.is(result.stderr, '');
		t.regex(result.stdout, isRoot ? /^\/made-inside\ntwin\n/ : /^twin\n0\n$/);
		t.false(fs.existsSync('/made-inside') || fs.existsSync('/etc/made-inside'));
	}
});

boxTest('--rootfs /: the machine’s own mounts do not shine through', async (t, box) => {
	const {stdout} = await box.cli([
		'run',
		'--rm',
		'--rootfs',
		'/',
		'/bin/sh',
		'-c',
		'cat /proc/self/mountinfo; ls /sys/fs/cgroup',
	]);
	t.notRegex(stdout, /cgroup/);
});

boxTest('a root file system without any of the mount points', async (t, box) => {
	const rootfs = box.directory('bare');
	fs.mkdirSync(path.join(rootfs, 'bin'));
	fs.copyFileSync('/bin/busybox', path.join(rootfs, 'bin/sh'));
	const before = fingerprint(rootfs);
	const result = await box.cli(['run', '--rm', '--rootfs', rootfs, '/bin/sh', '-c', 'echo /*; echo x >/dev/null']);
	t.deepEqual([result.stdout, result.stderr], ['/bin /dev /proc /sys\n', '']);
	t.deepEqual(changes(before, fingerprint(rootfs)), []);
});

boxTest('--overlay DIR is made where it is missing; a file is refused', async (t, box) => {
	refused(t, await box.run(['--overlay', box.file('file'), 'true']), /file/);
	t.is((await box.run(['--overlay', box.path('missing/deep'), 'touch', '/made'])).code, 0);
	t.true(fs.existsSync(box.path('missing/deep/upper/made')));
});

/** Made once; by rename, so that half of one is never taken for it. */
function debian(): string {
	const rootfs = path.join(project, '.cache/debian');
	if (!fs.existsSync(rootfs)) {
		fs.mkdirSync(path.dirname(rootfs), {recursive: true});
		const making = fs.mkdtempSync(`${rootfs}-`);
		execFileSync(path.join(project, 'fixtures/rootfs.sh'), ['debian', making], {
			stdio: ['ignore', 'ignore', 'inherit'],
		});
		fs.chmodSync(making, 0o755);
		fs.renameSync(making, rootfs);
	}

	return rootfs;
}

boxTest(
	'Debian: apt’s own user, dpkg, perl, a service account',
	async (t, box) => {
		const rootfs = debian();
		const before = fingerprint(path.join(rootfs, 'etc'));
		const run = (...args: string[]) => box.cli(['run', '--rm', '--rootfs', rootfs, ...args]);
		const script = `
			. /etc/os-release && echo $ID $VERSION_CODENAME
			perl -e 'print join(",", map { $_ * 2 } 1..3), "\n"'
			dpkg --audit && echo audited
			useradd --system --user-group tester && getent passwd tester | cut -d: -f1
			chown tester /tmp && su -s /bin/sh tester -c 'touch /tmp/x && stat -c %U /tmp/x'
			tar -C /etc -cf /tmp/etc.tar . && tar -tf /tmp/etc.tar | grep -cx ./passwd
			find / -xdev -newer /etc/os-release -name 'made-*'; rm -rf /usr/share/doc && ls /usr/share/doc 2>&1 | head -1`;
		const result = await run('--init', '/bin/bash', '-c', script);
		t.deepEqual(result.stdout.replaceAll(/ +/g, ' ').trim().split('\n'), [
			'debian bookworm',
			'2,4,6',
			'audited',
			'tester',
			'tester',
			'1',
			"ls: cannot access '/usr/share/doc': No such file or directory",
		]);
		t.is((await run('--user', 'www-data', 'id', '-un')).stdout, 'www-data\n');
		t.is((await run('--user', '_apt', 'id', '-gn')).stdout, 'nogroup\n');
		t.deepEqual(changes(before, fingerprint(path.join(rootfs, 'etc'))), []);
	},
	{as: 'root', commands: ['debootstrap'], patience: 600_000},
);

boxTest(
	'Debian: apt-get installs, configures and removes a package, with the default system calls',
	async (t, box) => {
		const script = `
			mkdir -p /tmp/p/DEBIAN /tmp/p/usr/bin && cd /tmp/p
			printf 'Package: probe\\nVersion: 1\\nArchitecture: all\\nMaintainer: t <t@t>\\nDescription: t\\n' >DEBIAN/control
			printf '#!/bin/sh\\necho configured >/var/lib/probe\\n' >DEBIAN/postinst
			printf '#!/bin/sh\\necho probed\\n' >usr/bin/probe && chmod 755 DEBIAN/postinst usr/bin/probe
			dpkg-deb --build /tmp/p /tmp/probe.deb >/dev/null && apt-get install -qq -y /tmp/probe.deb >/dev/null 2>&1
			probe && cat /var/lib/probe && apt-get remove -qq -y probe >/dev/null && apt-get check -qq && [ ! -e /usr/bin/probe ] && echo gone`;
		const result = await box.cli(['run', '--rm', '--rootfs', debian(), '/bin/bash', '-c', script]);
		t.is(result.stdout, 'probed\nconfigured\ngone\n', result.stderr);
	},
	{as: 'root', commands: ['debootstrap'], patience: 600_000},
);
