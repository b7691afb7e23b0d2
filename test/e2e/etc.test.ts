/** /etc/resolv.conf, /etc/hosts and /etc/hostname: the container's, not the image's. */
import fs from 'node:fs';
import {boxTest, refused} from '../helpers/box.js';
import {changes, fingerprint, makeRootfs} from '../helpers/rootfs.js';

const show = 'cat /etc/resolv.conf /etc/hosts /etc/hostname';

boxTest('what was asked for, in an image without any', async (t, box) => {
	const flags = [
		...['--hostname', 'box', '--dns', '192.0.2.1', '--dns', '2001:db8::1', '--dns-search', 'a.org'],
		...['--dns-option', 'ndots:2', '--add-host', 'db:192.0.2.7', '--network-alias', 'other'],
	];
	const {stdout, stderr} = await box.sh(flags, show);
	t.is(stderr, '');
	t.regex(
		stdout,
		/^nameserver 192\.0\.2\.1\nnameserver 2001:db8::1\nsearch a\.org\noptions ndots:2\n127\.0\.0\.1\tlocalhost\n/,
	);
	t.regex(stdout, /\n127\.0\.1\.1\tbox other\n192\.0\.2\.7\tdb\nbox\n$/);
	t.regex((await box.sh(flags, 'ping -c 1 -w 1 db 2>&1; true')).stdout, /db \(192\.0\.2\.7\)/, 'and it is read');
});

boxTest('an image that has them stays as it is, also without an overlay and read-only', async (t, box) => {
	const rootfs = makeRootfs(box.directory('image'));
	for (const name of ['hosts', 'resolv.conf', 'hostname']) {
		fs.writeFileSync(`${rootfs}/etc/${name}`, 'of the image\n');
	}

	const before = fingerprint(rootfs);
	for (const flags of [[], ['--overlay', 'none'], ['--read-only'], ['--overlay', 'none', '--read-only']]) {
		const script = `${show}; echo '192.0.2.9 mine' >>/etc/hosts && tail -n 1 /etc/hosts`;
		const command = ['/bin/sh', '-c', script];
		const {code, stdout} = await box.cli(['run', '--rm', '-h', 'box', '--rootfs', rootfs, ...flags, ...command]);
		t.is(code, 0, flags.join());
		t.notRegex(stdout, /of the image/, flags.join());
		t.regex(stdout, /\tlocalhost\n.*\tbox\nbox\n192\.0\.2\.9 mine\n$/s, flags.join());
	}

	t.deepEqual(changes(before, fingerprint(rootfs)), []);
});

boxTest("a file of the user's own wins", async (t, box) => {
	const mine = box.file('hosts', '192.0.2.1 only\n');
	t.is(
		(await box.sh(['--add-host', 'x:192.0.2.2', '-v', `${mine}:/etc/hosts`], 'cat /etc/hosts')).stdout,
		'192.0.2.1 only\n',
	);
	const etc = box.directory('etc');
	const result = await box.sh(['--add-host', 'x:192.0.2.2', '-v', `${etc}:/etc`], 'ls -A /etc');
	t.deepEqual({stdout: result.stdout, stderr: result.stderr}, {stdout: '', stderr: ''});
	t.deepEqual(fs.readdirSync(etc), [], 'nothing is made in a volume');
});

boxTest("with the host's network: the host's", async (t, box) => {
	const {stdout} = await box.sh(['--network', 'host'], 'cat /etc/resolv.conf /etc/hosts');
	const read = (file: string) => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '');
	t.is(stdout, read('/etc/resolv.conf') + read('/etc/hosts'));
});

boxTest('in a container that is kept what it has written is there again', async (t, box) => {
	const id = await box.created(
		t,
		['--add-host', 'x:192.0.2.1'],
		"tail -n 1 /etc/hosts; echo '192.0.2.2 y' >>/etc/hosts",
	);
	t.is(await box.ok(t, 'start', '-a', id), '192.0.2.1\tx\n');
	t.is(await box.ok(t, 'start', '-a', id), '192.0.2.2 y\n');
	t.regex(await box.ok(t, 'diff', id), /^C \/etc\nA \/etc\/host/, 'the places are in the overlay');
});

boxTest('words that would become lines or other files', async (t, box) => {
	refused(t, await box.run(['--add-host', 'a:192.0.2.1\n6.6.6.6 bank', 'true']), /--add-host/);
	refused(t, await box.run(['--dns', '1.2.3.4\nsearch x', 'true']), /--dns/);
	refused(t, await box.run(['--dns-option', 'a b', 'true']), /--dns-option/);
	refused(t, await box.run(['--network-alias', 'a b', 'true']), /--network-alias/);
	refused(t, await box.run(['--network', 'host', '--network', 'none', 'true']), /cannot be one of several/);
	refused(t, await box.run(['--add-host', 'a:host-gateway', 'true']), /no way to the host/);
});
