/**
 * What hostile containers and images have made of `cp` elsewhere: CVE-2018-15664 (links swapped while they are looked
 * at), CVE-2019-14271 (the container's libraries loaded), CVE-2019-10152 and CVE-2019-18466 (links followed on the host).
 */
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import type {ExecutionContext} from 'ava';
import {type Box, boxTest, refused} from '../helpers/box.js';
import {Canary, hostileRootfs, plant} from '../helpers/canary.js';
import {copies, inside, withContainer} from '../helpers/copy.js';

boxTest('nothing is executed, preloaded or looked up in the container', async (t, box) => {
	const trap = '#!/bin/busybox sh\n/bin/busybox touch /trapped; exit 1\n';
	const rootfs = hostileRootfs(box, 'rootfs', root => {
		fs.mkdirSync(`${root}/lib/x86_64-linux-gnu`, {recursive: true});
		fs.writeFileSync(`${root}/etc/ld.so.preload`, '/lib/trap.so\n');
		fs.writeFileSync(`${root}/etc/nsswitch.conf`, 'passwd: trap\n');
		const names = ['tar', 'cp', 'sh', 'cat', 'mkdir', 'gzip'].map(name => `bin/${name}`);
		for (const name of [...names, 'lib/trap.so', 'lib/x86_64-linux-gnu/libnss_trap.so.2', 'lib/libc.so.6']) {
			fs.rmSync(`${root}/${name}`, {force: true});
			fs.writeFileSync(`${root}/${name}`, trap, {mode: 0o755});
		}
	});
	const flags = ['-e', 'LD_PRELOAD=/lib/trap.so', '-e', 'PATH=/bin', '--rootfs', rootfs];
	await withContainer(t, box, flags, '', async () => {
		for (const state of ['running', 'stopped']) {
			if (state === 'stopped') {
				await box.cli(['stop', '-t', '0', 'c']);
			}

			await copies(t, box, box.file('f', 'x'), 'c:/f');
			await copies(t, box, 'c:/f', 'g');
			await copies(t, box, 'c:/etc', `etc-${state}`);
			t.is(fs.readFileSync(box.path('g'), 'utf8'), 'x');
		}

		t.false((await box.cli(['diff', 'c'])).stdout.includes('trapped'));
	});
});

/** Nothing of the canary came out. */
function clearOut(t: ExecutionContext, box: Box): void {
	for (const name of fs.readdirSync(box.dir).filter(other => other.startsWith('out-'))) {
		// grep -r follows no links but those that it is given.
		if (!fs.lstatSync(box.path(name)).isSymbolicLink()) {
			t.is(spawnSync('grep', ['-rl', Canary.secret, box.path(name)], {encoding: 'utf8'}).stdout, '');
		}

		fs.rmSync(box.path(name), {recursive: true});
	}
}

/** Both ways, with and without -L, to and from each of these places in container `c`. */
async function copyAll(t: ExecutionContext, box: Box, canary: Canary): Promise<void> {
	const file = box.file('f', 'overwritten');
	const tree = `${box.path('src')}/.`;
	const pairs = [
		...['/way/file', '/way', '/etc/file', '/one'].map(to => [file, `c:${to}`] as const),
		...['/way', '/tree'].map(to => [tree, `c:${to}`] as const),
		...['/way/file', '/etc/file', '/one', '/tree', '/way/'].map((from, i) => [`c:${from}`, `out-${i}`] as const),
	];
	for (const [from, to] of pairs) {
		for (const follow of [[], ['-L']]) {
			const result = await box.cli(['cp', ...follow, from, to]);
			t.true(result.code === 0 || result.code === 125, result.stderr);
			canary.check(t, result);
		}
	}

	canary.check(t, await box.cli(['cp', '-L', 'c:/one', '-']));
	clearOut(t, box);
}

boxTest(
	'links of a hostile image lead nowhere outside, in either direction',
	async (t, box) => {
		const canary = new Canary(box);
		box.file('src/sub/file', 'overwritten');
		for (const [index, link] of canary.links().entries()) {
			const rootfs = hostileRootfs(box, `rootfs-${index}`, root => {
				plant(root, '/etc', link);
				fs.symlinkSync(link, `${root}/way`);
				fs.symlinkSync(`${link}/file`, `${root}/one`);
				fs.mkdirSync(`${root}/tree`);
				fs.symlinkSync(link, `${root}/tree/sub`);
			});
			const made = await box.cli(['create', '--name', 'c', '--rootfs', rootfs, '/bin/busybox', 'true']);
			t.is(made.code, 0, made.stderr);
			await copyAll(t, box, canary);
			await box.cli(['rm', '-f', 'c']);
			await withContainer(t, box, ['--rootfs', rootfs], '', () => copyAll(t, box, canary));
		}
	},
	{patience: 120_000},
);

boxTest('what is copied out goes through no link that is there', async (t, box) => {
	const canary = new Canary(box);
	await withContainer(t, box, [], 'mkdir -p /d/sub; echo evil >/d/sub/file; echo evil >/link', async () => {
		fs.symlinkSync(canary.dir, `${box.directory('to')}/sub`);
		fs.symlinkSync(canary.file, box.path('to/link'));
		fs.symlinkSync(canary.file, box.path('named'));
		refused(t, await box.cli(['cp', 'c:/d/.', 'to']), /sub is there and no directory/);
		await copies(t, box, 'c:/link', 'to');
		t.is(fs.readFileSync(box.path('to/link'), 'utf8'), 'evil\n', 'the link gave way');
		await copies(t, box, 'c:/link', 'named');
		t.is(fs.readFileSync(box.path('named'), 'utf8'), 'evil\n', 'one that is named itself, too');
		canary.check(t);
	});
});

boxTest(
	'a container that swaps directories for links while they are copied',
	async (t, box) => {
		const canary = new Canary(box);
		const swap = `mkdir -p /w/a/x; echo in >/w/a/x/file
			( while :; do mv /w/a /w/c; ln -s ${canary.dir} /w/a; rm /w/a; mv /w/c /w/a; done ) >/dev/null 2>&1 &`;
		box.file('src/x/file', 'overwritten');
		box.file('src/file', 'overwritten');
		await withContainer(t, box, [], swap, async () => {
			for (let round = 0; round < 15; round++) {
				const out = await box.cli(['cp', 'c:/w/a/', `out-${round}`]);
				t.true(out.code === 0 || out.code === 125, out.stderr);
				const to = await box.cli(['cp', 'src/.', 'c:/w/a']);
				t.true(to.code === 0 || to.code === 125, to.stderr);
				canary.check(t, out);
			}
		});
		clearOut(t, box);
	},
	{patience: 60_000},
);

boxTest(
	'a container that swaps, in a volume, what is copied out into it',
	async (t, box) => {
		const canary = new Canary(box);
		const volume = box.directory('volume');
		fs.chmodSync(volume, 0o777);
		const swap = `mkdir -p /src/x; echo evil >/src/x/file; echo evil >/src/x/ptmx
			( while :; do rm -rf /v/src/x; ln -s ${canary.dir} /v/src/x; rm -f /v/src/x; mkdir -p /v/src/x; done ) \\
			>/dev/null 2>&1 &`;
		await withContainer(t, box, ['-v', `${volume}:/v`], swap, async () => {
			for (let round = 0; round < 20; round++) {
				const out = await box.cli(['cp', 'c:/src', 'volume']);
				t.true(out.code === 0 || out.code === 125, out.stderr);
				canary.check(t);
			}
		});
	},
	{patience: 60_000},
);

boxTest('FIFOs are not waited for, devices not copied, /proc not read', async (t, box) => {
	await withContainer(t, box, [], 'mkdir /d; mkfifo /d/fifo; echo x >/d/f', async () => {
		await copies(t, box, 'c:/d', 'out');
		t.true(fs.lstatSync(box.path('out/fifo')).isFIFO());
		await copies(t, box, 'out', 'c:/back');
		await copies(t, box, 'c:/dev', 'dev');
		t.false(fs.readdirSync(box.path('dev')).includes('null'));
		refused(t, await box.cli(['cp', 'c:/dev/null', 'x']), /is a device or a socket/);
		refused(t, await box.cli(['cp', '/dev/null', 'c:/x']), /is a device or a socket/);
		await copies(t, box, box.file('f', 'no fifo'), 'c:/d/fifo');
		t.is(await inside(box, 'cat /d/fifo'), 'no fifo');
		await copies(t, box, 'c:/', 'everything');
		t.deepEqual(fs.readdirSync(box.path('everything/proc')), []);
	});
});
