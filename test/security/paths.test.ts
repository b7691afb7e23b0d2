/** SECURITY.md §2a: links in the image, on the way to a mount point or a file that the runtime would touch. */
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {boxTest, refused} from '../helpers/box.js';
import {Canary, hostileRootfs, plant, startedOrRefused} from '../helpers/canary.js';
import {isRoot, payload} from '../helpers/project.js';

boxTest('CVE-2024-45310 runc: a mount target made through a link makes nothing on the host', async (t, box) => {
	const canary = new Canary(box);
	const volume = box.file('volume/file', 'volume');
	for (const [index, link] of canary.links().entries()) {
		const rootfs = hostileRootfs(box, `rootfs${index}`, root => plant(root, '/a', link));
		for (const [source, target] of [
			[box.path('volume'), '/a/b/c'],
			[volume, '/a/f'],
			[box.path('volume'), '/a'],
			[volume, '/a/file'],
		]) {
			const result = await box.cli([
				'run',
				'--rootfs',
				rootfs,
				'-v',
				`${source}:${target}`,
				'sh',
				'-c',
				`echo ok; ls -la ${target}`,
			]);
			startedOrRefused(t, result, /^ok\n/);
			canary.check(t, result);
		}

		for (const flags of [
			['--tmpfs', '/a/t'],
			['--device', '/dev/null:/a/null'],
		]) {
			canary.check(t, await box.cli(['run', '--rootfs', rootfs, ...flags, 'true']));
		}
	}
});

boxTest('CVE-2026-87766 bwrap: names that a runtime might use for the old root lead nowhere', async (t, box) => {
	const canary = new Canary(box);
	for (const name of ['oldroot', '.old_root', 'put_old', '.pivot_root', 'newroot']) {
		const rootfs = hostileRootfs(box, name, root => plant(root, '/a', `/${name}${canary.dir}`));
		const result = await box.cli([
			'run',
			'--rootfs',
			rootfs,
			'-v',
			`${box.directory('v')}:/a/b`,
			'sh',
			'-c',
			`echo ok; ls /${name} 2>/dev/null | grep -v tmp; cat /a/file`,
		]);
		startedOrRefused(t, result, /^ok\n/);
		canary.check(t, result);
	}
});

boxTest('CVE-2019-16884 runc, crun: a volume over /proc does not hide what confines', async (t, box) => {
	const fake = box.directory('fake');
	fs.mkdirSync(path.join(fake, 'self/attr'), {recursive: true});
	for (const target of [
		'/proc',
		'/proc/',
		'/proc/self',
		'/proc/self/attr',
		'/proc/sys/kernel',
		'/proc/1',
		'/sys',
		'/dev',
		'//proc',
		'/x/../proc',
	]) {
		const result = await box.run([
			'-v',
			`${fake}:${target}`,
			'sh',
			'-c',
			'stat -f -c %T /proc; grep NoNewPrivs /proc/self/status',
		]);
		startedOrRefused(t, result, /^proc\nNoNewPrivs:\t1\n$/);
		t.deepEqual(fs.readdirSync(path.join(fake, 'self/attr')), [], 'nothing was written to it');
	}

	refused(t, await box.run(['--tmpfs', '/proc', 'true']), /\/proc/);
	refused(t, await box.run(['--mount', `type=bind,source=${fake},target=/proc`, 'true']), /\/proc/);
});

for (const place of ['/proc', '/sys', '/dev', '/dev/shm', '/dev/pts']) {
	boxTest(`CVE-2019-19921, CVE-2023-27561, CVE-2026-41579: ${place} of the image is a link`, async (t, box) => {
		const canary = new Canary(box);
		for (const [index, link] of [...canary.links(), '/tmp', '../..', '.', 'self'].entries()) {
			const rootfs = hostileRootfs(box, `rootfs${index}`, root => plant(root, place, link));
			const result = await box.cli([
				'run',
				'--rootfs',
				rootfs,
				'sh',
				'-c',
				'stat -f -c %T /proc /sys; stat -c %T:%t /dev/null; cat /proc/self/status | grep NoNew',
			]);
			startedOrRefused(t, result, /^proc\nsysfs\n3:1\nNoNewPrivs:\t1\n$/);
			canary.check(t, result);
		}
	});
}

boxTest('CVE-2025-31133 runc: a mask is not a bind of what the image calls /dev/null', async (t, box) => {
	const before = fs.readFileSync('/proc/sys/kernel/core_pattern', 'utf8');
	for (const [index, link] of ['/proc/sys/kernel/core_pattern', '/proc/sysrq-trigger', '/etc/passwd'].entries()) {
		const rootfs = hostileRootfs(box, `rootfs${index}`, root => plant(root, '/dev/null', link));
		const script =
			'stat -c %T:%t /dev/null /proc/keys; head -c1 /proc/keys | wc -c; echo evil >/proc/sys/kernel/core_pattern; true';
		const result = await box.cli(['run', '--rootfs', rootfs, 'sh', '-c', script]);
		t.regex(result.stdout, /^3:1\n3:1\n0\n$/, result.stderr);
	}

	t.is(fs.readFileSync('/proc/sys/kernel/core_pattern', 'utf8'), before);
});

boxTest(
	'CVE-2025-52565 runc, CVE-2026-88264 crun: the console is not bound over a link of the image’s',
	async (t, box) => {
		const canary = new Canary(box);
		for (const [index, name] of [
			'/dev/console',
			'/dev/pts/0',
			'/dev/tty',
			'/dev/ptmx',
			'/dev/stdin',
			'/dev/fd',
		].entries()) {
			const rootfs = hostileRootfs(box, `rootfs${index}`, root => {
				fs.mkdirSync(path.join(root, 'dev/pts'), {recursive: true});
				plant(root, name, canary.file);
			});
			const result = await box.cli([
				'run',
				'-t',
				'--rootfs',
				rootfs,
				'sh',
				'-c',
				'test -c /dev/console && test -t 0 && chown 1:1 /dev/console; chmod 0 /dev/console; echo ok',
			]);
			startedOrRefused(t, result, /ok\r\n$/);
			canary.check(t, result);
		}
	},
);

boxTest('CVE-2026-88265 crun: stdio on /dev/null is not what the image calls so', async (t, box) => {
	const canary = new Canary(box);
	const rootfs = hostileRootfs(box, 'rootfs', root => plant(root, '/dev/null', canary.file));
	const result = await box.cli([
		'run',
		'--rootfs',
		rootfs,
		'--user',
		'1000',
		'sh',
		'-c',
		'cat; readlink /proc/self/fd/0; echo ok',
	]);
	startedOrRefused(t, result, /^\/dev\/null\nok\n$/);
	canary.check(t, result);
});

boxTest('CVE-2025-52881 runc: writes to procfs are not led elsewhere', async (t, box) => {
	const before = ['kernel/core_pattern', 'net/ipv4/ip_forward'].map(name =>
		fs.readFileSync(`/proc/sys/${name}`, 'utf8'),
	);
	const volume = box.directory('volume');
	fs.symlinkSync('/proc/sys/kernel/core_pattern', path.join(volume, 'ip_default_ttl'));
	for (const target of ['/proc/sys/net/ipv4', '/proc/sys/net', '/proc/sys']) {
		refused(
			t,
			await box.run(['-v', `${volume}:${target}`, '--sysctl', 'net.ipv4.ip_default_ttl=33', 'true']),
			/\/proc/,
		);
	}

	t.deepEqual(
		before,
		['kernel/core_pattern', 'net/ipv4/ip_forward'].map(name => fs.readFileSync(`/proc/sys/${name}`, 'utf8')),
	);
});

boxTest('CVE-2026-55686 podman: a working directory through a link is not made on the host', async (t, box) => {
	const canary = new Canary(box);
	for (const [index, link] of canary.links().entries()) {
		const rootfs = hostileRootfs(box, `rootfs${index}`, root => plant(root, '/wd', link));
		for (const workdir of ['/wd/new', '/wd/sub/new/deep', '/wd']) {
			const result = await box.cli([
				'run',
				'--rootfs',
				rootfs,
				'-w',
				workdir,
				'sh',
				'-c',
				'echo ok; cat file ../file 2>/dev/null; true',
			]);
			startedOrRefused(t, result, /^ok\n/);
			canary.check(t, result);
		}
	}
});

boxTest('CVE-2024-5154 CRI-O: files of /etc that are links are not written through', async (t, box) => {
	const canary = new Canary(box);
	const names = ['mtab', 'hosts', 'resolv.conf', 'hostname', 'localtime', 'machine-id'];
	const linked = hostileRootfs(box, 'linked', root => {
		for (const name of names) {
			plant(root, `/etc/${name}`, canary.file);
		}
	});
	const whole = canary
		.links()
		.map((link, index) => hostileRootfs(box, `whole${index}`, root => plant(root, '/etc', link)));
	const others = ['/run', '/tmp', '/var', '/root', '/home'].map((place, index) =>
		hostileRootfs(box, `other${index}`, root => plant(root, place, canary.dir)),
	);
	for (const rootfs of [linked, ...whole, ...others]) {
		const result = await box.cli(['run', '--rootfs', rootfs, '--hostname', 'x', '--user', '1000', 'echo', 'ok']);
		startedOrRefused(t, result, /^ok\n$/);
		canary.check(t, result);
	}
});

boxTest('CVE-2024-9676 containers/storage: a link to the host’s passwd is not followed', async (t, box) => {
	const passwd = box.file('host/passwd', 'spy:x:4242:4242::/:/bin/sh\n');
	const group = box.file('host/group', 'spies:x:4343:\n');
	for (const [index, climb] of ['', '../'.repeat(24).slice(0, -1), '/proc/self/root', '/proc/1/root'].entries()) {
		const rootfs = hostileRootfs(box, `rootfs${index}`, root => {
			plant(root, '/etc/passwd', `${climb}${passwd}`);
			plant(root, '/etc/group', `${climb}${group}`);
		});
		refused(t, await box.cli(['run', '--rootfs', rootfs, '--user', 'spy', 'true']), /spy/);
		refused(t, await box.cli(['run', '--rootfs', rootfs, '--group-add', 'spies', 'true']), /spies/);
	}
});

const obstacles: [string, (rootfs: string) => void][] = [
	['FIFOs', root => fifo(root, '/etc/passwd', '/etc/group')],
	[
		'a FIFO behind a link',
		root => {
			fifo(root, '/etc/fifo');
			plant(root, '/etc/passwd', 'fifo');
		},
	],
	[
		'links to themselves',
		root => {
			plant(root, '/etc/passwd', 'passwd');
			plant(root, '/etc/group', '/etc/group');
		},
	],
	[
		'directories',
		root => {
			fs.rmSync(`${root}/etc/passwd`);
			fs.mkdirSync(`${root}/etc/passwd`);
		},
	],
	[
		'a socket’s neighbour: /etc is a file',
		root => {
			fs.rmSync(`${root}/etc`, {recursive: true});
			fs.writeFileSync(`${root}/etc`, '');
		},
	],
	[
		'/proc a file',
		root => {
			fs.rmSync(`${root}/proc`, {recursive: true});
			fs.writeFileSync(`${root}/proc`, '');
		},
	],
	[
		'/dev a FIFO',
		root => {
			fs.rmSync(`${root}/dev`, {recursive: true});
			fifo(root, '/dev');
		},
	],
];

function fifo(rootfs: string, ...names: string[]): void {
	for (const name of names) {
		fs.rmSync(`${rootfs}${name}`, {force: true});
		execFileSync('mkfifo', [`${rootfs}${name}`]);
	}
}

for (const [title, change] of obstacles) {
	boxTest(`CVE-2024-9676: hangs on nothing in the image: ${title}`, async (t, box) => {
		const rootfs = hostileRootfs(box, 'rootfs', change);
		const begin = Date.now();
		for (const flags of [[], ['--user', 'app'], ['--user', '1000', '--group-add', 'audio']]) {
			const result = await box.cli(['run', '--rootfs', rootfs, ...flags, 'echo', 'ok']);
			startedOrRefused(t, result, /^ok\n$/);
		}

		t.true(Date.now() - begin < 12_000);
	});
}

boxTest('CVE-2026-47262 containerd: gigabytes of passwd and group are not read', async (t, box) => {
	const rootfs = hostileRootfs(box, 'rootfs', root => {
		for (const name of ['passwd', 'group']) {
			fs.truncateSync(`${root}/etc/${name}`, 8 * 2 ** 30);
		}
	});
	const begin = Date.now();
	for (const flags of [
		['--user', 'app'],
		['--user', 'missing'],
		['--user', '1000'],
		['--group-add', 'audio'],
	]) {
		const result = await box.cli(['run', '--rootfs', rootfs, ...flags, 'echo', 'ok'], {
			env: {NODE_OPTIONS: '--max-old-space-size=64'},
		});
		startedOrRefused(t, result, /^ok\n$/);
	}

	t.true(Date.now() - begin < 25_000);
});

boxTest('CVE-2024-1753, CVE-2024-9407 buildah: nothing is smuggled in by the options of a mount', async (t, box) => {
	const canary = new Canary(box);
	const volume = box.directory('a');
	for (const options of [
		'ro,bind,/etc',
		'ro,rshared',
		'ro:/x',
		'ro,upperdir=/etc',
		'shared',
		'ro\nrw',
		'suid',
		'dev,exec',
	]) {
		const result = await box.run(['-v', `${volume}:/b:${options}`, 'true']);
		t.is(result.code, 125, options);
	}

	for (const option of ['bind-propagation=rshared', 'propagation=shared', 'options=suid', 'volume-opt=x']) {
		const result = await box.run(['--mount', `type=bind,source=${volume},target=/b,${option}`, 'true']);
		t.is(result.code, 125, option);
	}

	canary.check(t);
});

boxTest('CVE-2021-30465 runc: a volume swapped for a link while it is mounted into', async (t, box) => {
	const canary = new Canary(box);
	for (const link of [
		canary.dir,
		`${'../'.repeat(24)}${canary.dir.slice(1)}`,
		'/',
		'../../../../../../../../../..',
		'/proc/self/root',
	]) {
		const volume = fs.mkdtempSync(box.path('shared-'));
		fs.mkdirSync(path.join(volume, 'dir/sub'), {recursive: true});
		fs.symlinkSync(link, path.join(volume, 'link'));
		const swapper = box.spawn(payload('attempt'), ['swap', path.join(volume, 'dir'), path.join(volume, 'link')], {
			stdin: 'pipe',
		});
		await new Promise(resolve => swapper.stdout?.once('data', resolve));
		for (let round = 0; round < 8; round++) {
			const flags = [
				'-v',
				`${volume}:/v`,
				'-v',
				`${box.directory('nested')}:/v/dir/sub`,
				'-v',
				`${box.file('nested/f', 'f')}:/v/dir/f`,
				'--tmpfs',
				'/v/dir/t',
				'-w',
				'/v/dir/sub',
			];
			const result = await box.run([
				...flags,
				'sh',
				'-c',
				`echo ok; cat /v/dir/file /v/dir/sub/file ${canary.file} 2>/dev/null; stat -f -c %T /proc`,
			]);
			startedOrRefused(t, result, /^ok\nproc\n$/);
			canary.check(t, result);
		}

		swapper.stdin?.end();
		await swapper;
	}
});

boxTest('CVE-2020-17367 firejail: no argument reaches a shell', async (t, box) => {
	const name = `$(touch ${box.path('shell')})`.replaceAll('/', '∕');
	for (const evil of [
		'$(touch shell)',
		'`touch shell`',
		';touch shell;',
		'|touch shell',
		'&& touch shell',
		'\ntouch shell\n',
		name,
	]) {
		const volume = box.file(`${evil}/file`, 'x');
		await box.run([
			'-v',
			`${path.dirname(volume)}:/mnt/${evil}`,
			'-w',
			`/mnt/${evil}`,
			'-e',
			`A=${evil}`,
			'--label',
			`a=${evil}`,
			'--name',
			'x',
			'true',
		]);
		await box.run(['--hostname', evil, '--user', evil, '--name', evil, 'true']);
		await box.cli(['run', '--rootfs', path.dirname(volume), 'true']);
	}

	t.false(fs.existsSync(box.path('shell')));
	t.false(fs.existsSync('shell'));
});

boxTest('CVE-2020-5291 bwrap: nothing is setuid, and the state is private', async (t, box) => {
	const {project} = await import('../helpers/project.js');
	const files = execFileSync('find', [path.join(project, 'dist'), path.join(project, 'shim'), '-perm', '/6000'], {
		encoding: 'utf8',
	});
	t.is(files, '');
	const container = box.start(['run', '-i', '--rootfs', box.rootfs, 'sh', '-c', 'echo ready; read x'], {
		stdin: 'pipe',
		env: {MINICONTAINER_ROOT: box.path('private')},
	});
	await new Promise(resolve => container.stdout?.once('data', resolve));
	// The layers' own modes are the image's; the directory above them keeps everyone out.
	const layers = ['-path', '*/overlay/*/*', '-prune', '-o'];
	const open = execFileSync(
		'find',
		[box.path('private'), '-mindepth', '1', ...layers, '-type', 'd', '-perm', '/0077', '-print'],
		{encoding: 'utf8'},
	);
	t.is(open, '', 'CVE-2021-41091: nobody else may look into it');
	container.stdin?.end('\n');
	await container;
});

boxTest(
	'device nodes of an image and of a volume do not work',
	async (t, box) => {
		const [major, minor] = execFileSync('stat', ['-c', '%Hd %Ld', '/'], {encoding: 'utf8'}).trim().split(' ') as [
			string,
			string,
		];
		const rootfs = hostileRootfs(box, 'rootfs', root =>
			execFileSync('mknod', ['-m', '666', `${root}/disk`, 'b', major, minor]),
		);
		execFileSync('mknod', ['-m', '666', box.path('disk'), 'b', major, minor]);
		execFileSync('mknod', ['-m', '666', box.path('mem'), 'c', '1', '1']);
		const script =
			'for f in /disk /v/disk /v/mem; do [ -e $f ] && head -c 16 $f | wc -c; done; mknod /tmp/d b $0 $1; head -c 16 /tmp/d';
		const result = await box.cli([
			'run',
			'--rootfs',
			rootfs,
			'--cap-add',
			'mknod',
			'-v',
			`${box.dir}:/v`,
			'sh',
			'-c',
			script,
			major,
			minor,
		]);
		t.is(result.stdout, '0\n0\n0\n', result.stderr);
		t.is(result.stderr.match(/Permission denied|not permitted/g)?.length, 4, result.stderr);
	},
	{as: 'root'},
);

boxTest('the host’s devices keep their owner and mode, whatever root does inside', async (t, box) => {
	const before = fs.statSync('/dev/null');
	await box.sh(
		['--cap-add', 'all'],
		'chmod 0 /dev/null /dev/zero /dev/tty; chown 1:1 /dev/null; rm -f /dev/zero; echo x >/dev/null; mount -o remount,ro /dev',
	);
	const after = fs.statSync('/dev/null');
	t.deepEqual([after.mode, after.uid, after.gid], [before.mode, before.uid, before.gid]);
	t.true(fs.existsSync('/dev/zero'));
	t.true(isRoot || after.uid === 0);
});
