/** A container in another one's network, or in a namespace that has a path. */
import fs from 'node:fs';
import {boxTest, refused} from '../helpers/box.js';
import {labTest} from '../helpers/lab.js';

labTest('container:NAME: its links, its loopback, its names; also when both are started anew', async (t, _lab, box) => {
	const serve = 'net serve tcp 127.0.0.1 80';
	const a = await box.detached(t, ['--network', 'bridge', '--name', 'a', '-h', 'host-a'], serve);
	await box.says(a, /ready/);
	const links = await box.ok(t, 'exec', a, 'cat', '/proc/net/dev');
	const look = 'hostname; net ask tcp 127.0.0.1 80 hello; echo; cut -d: -f1 /proc/net/dev; cat /etc/hosts';
	const {stdout, stderr} = await box.sh(['--network', 'container:a'], look);
	t.is(stderr, '');
	t.regex(stdout, /^host-a\nfrom 127\.0\.0\.1 \d+\nhello\n/);
	t.true(stdout.endsWith(await box.ok(t, 'exec', a, 'cat', '/etc/hosts')));
	for (const [, link] of links.matchAll(/^\s*(\w+):/gm)) t.true(stdout.includes(`${link}\n`), link);
	await box.ok(t, 'create', '--network', `container:${a}`, '--name', 'b', '--rootfs', box.rootfs, 'sh', '-c', look);
	await box.ok(t, 'restart', '-t', '0', a);
	t.regex(await box.ok(t, 'start', '-a', 'b'), /^host-a\n/);
	await box.ok(t, 'kill', a);
	await box.ok(t, 'wait', a);
	refused(t, await box.cli(['start', '-a', 'b']), /container .* is not running/);
	await box.ok(t, 'rm', 'b');
});

boxTest(
	'what does not go together, and what is no network namespace',
	async (t, box) => {
		const a = await box.detached(t, ['--network', 'none'], 'sleep 1000');
		const on = ['--network', `container:${a}`];
		for (const more of [
			['--dns', '192.0.2.1'],
			['-h', 'x'],
			['--add-host', 'x:192.0.2.1'],
			['--network-alias', 'x'],
		])
			refused(t, await box.run([...on, ...more, 'true']), /are those of the container whose network it is/);
		refused(t, await box.run([...on, '-p', '80', 'true']), /published only by a bridge/);
		refused(t, await box.run([...on, '--sysctl', 'net.ipv4.ip_forward=1', 'true']), /shared/);
		refused(t, await box.run(['--network', 'container:nobody', 'true']), /there is no container 'nobody'/);
		await box.spawn('mkfifo', [box.path('fifo')]);
		const places = [box.path('none'), box.path('fifo'), '/dev/null', '/etc/passwd', '/proc/self/ns/uts'];
		for (const place of places) {
			const result = await box.run(['--network', `ns:${place}`, 'true']);
			refused(t, result, /(none: No such file|is not a namespace of type network)/);
		}
	},
	{as: 'root'},
);

labTest('ns:PATH: the namespace that is there', async (t, lab, box) => {
	const result = await box.sh(
		['--network', `ns:/proc/${lab.pid('outside')}/ns/net`],
		'ls /sys/class/net; readlink /proc/self/ns/net',
	);
	t.is(result.stderr, '');
	t.is(result.stdout, `lan\nlo\n${fs.readlinkSync(`/proc/${lab.pid('outside')}/ns/net`)}\n`);
});
