/** SECURITY.md §2a: files of the image that the runtime reads or might write, and names that it might hand to a shell. */
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {boxTest, refused} from '../helpers/box.js';
import {Canary, hostileRootfs, plant, startedOrRefused} from '../helpers/canary.js';

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
		const result = await box.cli([
			'run',
			'--rm',
			'--rootfs',
			rootfs,
			'--hostname',
			'x',
			'--user',
			'1000',
			'echo',
			'ok',
		]);
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
		refused(t, await box.cli(['run', '--rm', '--rootfs', rootfs, '--user', 'spy', 'true']), /spy/);
		refused(t, await box.cli(['run', '--rm', '--rootfs', rootfs, '--group-add', 'spies', 'true']), /spies/);
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
			const result = await box.cli(['run', '--rm', '--rootfs', rootfs, ...flags, 'echo', 'ok']);
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
		const result = await box.cli(['run', '--rm', '--rootfs', rootfs, ...flags, 'echo', 'ok'], {
			env: {NODE_OPTIONS: '--max-old-space-size=64'},
		});
		startedOrRefused(t, result, /^ok\n$/);
	}

	t.true(Date.now() - begin < 25_000);
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
		await box.cli(['run', '--rm', '--rootfs', path.dirname(volume), 'true']);
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
	const container = box.start(['run', '--rm', '-i', '--rootfs', box.rootfs, 'sh', '-c', 'echo ready; read x'], {
		stdin: 'pipe',
		env: {MINICONTAINER_ROOT: box.path('private')},
	});
	await new Promise(resolve => container.stdout?.once('data', resolve));
	// The layers' own modes are the image's; the directory above them keeps everyone out.
	const layers = ['-path', '*/overlay/*', '-prune', '-o'];
	const open = execFileSync(
		'find',
		[box.path('private'), '-mindepth', '1', ...layers, '-type', 'd', '-perm', '/0077', '-print'],
		{encoding: 'utf8'},
	);
	t.is(open, '', 'CVE-2021-41091: nobody else may look into it');
	container.stdin?.end('\n');
	await container;
});
