/** SECURITY.md §2a and §2c: what an image calls its devices, and device nodes where none should work. */
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {boxTest} from '../helpers/box.js';
import {Canary, hostileRootfs, plant, startedOrRefused} from '../helpers/canary.js';
import {isRoot} from '../helpers/project.js';

boxTest('CVE-2025-31133 runc: a mask is not a bind of what the image calls /dev/null', async (t, box) => {
	const before = fs.readFileSync('/proc/sys/kernel/core_pattern', 'utf8');
	for (const [index, link] of ['/proc/sys/kernel/core_pattern', '/proc/sysrq-trigger', '/etc/passwd'].entries()) {
		const rootfs = hostileRootfs(box, `rootfs${index}`, root => plant(root, '/dev/null', link));
		const script =
			'stat -c %T:%t /dev/null /proc/keys; head -c1 /proc/keys | wc -c; echo evil >/proc/sys/kernel/core_pattern; true';
		const result = await box.cli(['run', '--rm', '--rootfs', rootfs, 'sh', '-c', script]);
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
				'--rm',
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
		'--rm',
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
			'--rm',
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
