import fs from 'node:fs';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import {type Box, boxTest, refused} from '../helpers/box.js';
import {Canary, hostileRootfs, plant, startedOrRefused} from '../helpers/canary.js';
import {payload} from '../helpers/project.js';
import {score, times} from '../helpers/score.js';

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
				'--rm',
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
			canary.check(t, await box.cli(['run', '--rm', '--rootfs', rootfs, ...flags, 'true']));
		}
	}
});

boxTest('CVE-2026-87766 bwrap: names that a runtime might use for the old root lead nowhere', async (t, box) => {
	const canary = new Canary(box);
	for (const name of ['oldroot', '.old_root', 'put_old', '.pivot_root', 'newroot']) {
		const rootfs = hostileRootfs(box, name, root => plant(root, '/a', `/${name}${canary.dir}`));
		const result = await box.cli([
			'run',
			'--rm',
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
				'--rm',
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
				'--rm',
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

/** By the link that the volume is swapped for. */
const ROUNDS = times({test: 8, gate: 20, release: 2000});

const swapped = async (t: ExecutionContext, box: Box) => {
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
		for (let round = 0; round < ROUNDS; round++) {
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
		score('swapped volumes', ROUNDS);
	}
};

boxTest('CVE-2021-30465 runc: a volume swapped for a link while it is mounted into', swapped, {
	patience: 6000 * ROUNDS,
});
