/** Host names, names, ids and the files that tell of them; namespaces shared with the caller. */
import fs from 'node:fs';
import os from 'node:os';
import {boxTest, refused} from '../helpers/box.js';

boxTest('--network host is the caller’s network', async (t, box) => {
	const {namespaces, mountinfo} = await box.probe(t, ['--network', 'host']);
	t.is(namespaces.net, fs.readlinkSync('/proc/self/ns/net'));
	t.true(
		mountinfo.some((line: string) => line.split(' ')[4] === '/sys'),
		'/sys is there',
	);
});

boxTest('--network none, --net none', async (t, box) => {
	t.is((await box.run(['--network', 'none', 'ls', '/sys/class/net'])).stdout, 'lo\n');
	t.is((await box.run(['--net=none', 'ls', '/sys/class/net'])).stdout, 'lo\n');
});

boxTest('--pid host shows the caller’s processes', async (t, box) => {
	const sight = await box.probe(t, ['--pid', 'host']);
	t.is(sight.namespaces.pid, fs.readlinkSync('/proc/self/ns/pid'));
	t.not(sight.pid, 1);
	t.is((await box.sh(['--pid', 'host'], `test -d /proc/${process.pid} && echo seen`)).stdout, 'seen\n');
});

boxTest('--pid host: whatever the command leaves behind ends with it', async (t, box) => {
	const result = await box.sh(['--pid', 'host'], 'sleep 1000 & sh -c "sleep 1001 & exit" ; exit 5');
	t.is(result.code, 5);
});

boxTest('--ipc host and --uts host', async (t, box) => {
	const {namespaces, hostname} = await box.probe(t, ['--ipc', 'host', '--uts', 'host']);
	t.is(namespaces.ipc, fs.readlinkSync('/proc/self/ns/ipc'));
	t.is(namespaces.uts, fs.readlinkSync('/proc/self/ns/uts'));
	t.is(hostname, os.hostname());
});

boxTest('--hostname with --uts host is refused', async (t, box) => {
	refused(t, await box.run(['--uts', 'host', '--hostname', 'x', 'true']), /hostname|uts/);
});

boxTest('the default host name is the id’s first digits', async (t, box) => {
	const cidfile = box.path('cid');
	const result = await box.run(['--cidfile', cidfile, 'hostname']);
	const id = fs.readFileSync(cidfile, 'utf8');
	t.regex(id, /^[0-9a-f]{64}$/);
	t.is(result.stdout, `${id.slice(0, 12)}\n`);
});

boxTest('--cidfile must not exist', async (t, box) => {
	const cidfile = box.file('cid', 'old');
	refused(t, await box.run(['--cidfile', cidfile, 'touch', '/x']), /cid/);
	t.is(fs.readFileSync(cidfile, 'utf8'), 'old');
});

boxTest('--pidfile holds the pid on the host while the container runs', async (t, box) => {
	const pidfile = box.path('pid');
	const container = box.start(
		['run', '--rm', '-i', '--pidfile', pidfile, '--rootfs', box.rootfs, 'sh', '-c', 'echo ready; read x'],
		{stdin: 'pipe'},
	);
	await new Promise(resolve => container.stdout?.once('data', resolve));
	const pid = fs.readFileSync(pidfile, 'utf8').trim();
	t.regex(fs.readFileSync(`/proc/${pid}/status`, 'utf8'), /^NSpid:\t\d+\t1$/m);
	container.stdin?.end('\n');
	t.is((await container).exitCode, 0);
});

boxTest('--name is one container’s at a time', async (t, box) => {
	const first = box.start(
		['run', '--rm', '-i', '--name', 'unique', '--rootfs', box.rootfs, 'sh', '-c', 'echo ready; read x'],
		{
			stdin: 'pipe',
		},
	);
	await new Promise(resolve => first.stdout?.once('data', resolve));
	refused(t, await box.run(['--name', 'unique', 'true']), /unique/);
	first.stdin?.end('\n');
	t.is((await first).exitCode, 0);
	t.is((await box.run(['--name', 'unique', 'true'])).code, 0, 'free again');
});

boxTest('--label, --rm, --stop-signal are taken', async (t, box) => {
	t.is(
		(await box.run(['--label', 'a=b', '-l', 'c', '--rm', '--stop-signal', 'SIGUSR1', '--name', 'x.y_z-1', 'true']))
			.code,
		0,
	);
});
