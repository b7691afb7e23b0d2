/** What a bare `run` gives: the right-hand column of the table in SECURITY.md §5. */
import fs from 'node:fs';
import {boxTest, type Sight} from '../helpers/box.js';
import {cli, hasRanges, isRoot} from '../helpers/project.js';

/** Where → [type, options] as in mountinfo. */
function mountsOf(sight: Sight): Map<string, {root: string; type: string; options: string[]; superOptions: string[]}> {
	return new Map(
		sight.mountinfo.map((line: string) => {
			const [before, after] = line.split(' - ') as [string, string];
			const [, , , root, point, options] = before.split(' ') as string[];
			const [type, , superOptions] = after.split(' ') as string[];
			return [point, {root, type, options: options?.split(','), superOptions: superOptions?.split(',')}];
		}),
	);
}

boxTest('capabilities: podman’s eleven, none to inherit', async (t, box) => {
	const sight = await box.probe(t);
	t.like(sight, {
		CapBnd: '00000000800405fb',
		CapPrm: '00000000800405fb',
		CapEff: '00000000800405fb',
		CapInh: '0000000000000000',
		CapAmb: '0000000000000000',
		NoNewPrivs: '1',
		Seccomp: '2',
		securebits: 0,
	});
});

boxTest('a user other than root has none', async (t, box) => {
	const none = '0000000000000000';
	t.like(await box.probe(t, ['--user', '1000']), {CapPrm: none, CapEff: none, CapInh: none, CapAmb: none});
});

boxTest('namespaces are all new', async (t, box) => {
	const sight = await box.probe(t);
	const kinds = ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'uts'];
	for (const kind of isRoot ? kinds : [...kinds, 'user']) {
		t.not(sight.namespaces[kind], fs.readlinkSync(`/proc/self/ns/${kind}`), kind);
	}

	if (isRoot) {
		t.is(sight.namespaces.user, fs.readlinkSync('/proc/self/ns/user'));
	}
});

boxTest('the command is PID 1, of a session of its own, without a terminal', async (t, box) => {
	t.like(await box.probe(t), {pid: 1, ppid: 0, sid: 1, pgid: 1, controllingTerminal: 'no', terminal: null});
});

boxTest('environment, working directory, umask', async (t, box) => {
	const sight = await box.probe(t, ['--hostname', 'box'], {env: {SECRET: 'x', HOME: box.dir}});
	t.deepEqual(sight.env.toSorted(), [
		'HOME=/root',
		'HOSTNAME=box',
		'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
	]);
	t.like(sight, {cwd: '/', umask: 0o022});
});

boxTest('the caller’s umask stays outside', async (t, box) => {
	const result = await box.spawn('/bin/sh', ['-c', 'umask 0777; exec "$@"', 'sh', '/bin/sh', '-c', 'umask']);
	t.is(String(result.stdout), '0777\n');
	const inside = await box.spawn('/bin/sh', [
		'-c',
		'umask 0077; exec "$@"',
		'sh',
		'/usr/bin/env',
		cli,
		'run',
		'--rm',
		'--rootfs',
		box.rootfs,
		'-v',
		`${box.directory('v')}:/a/b/c`,
		'sh',
		'-c',
		'umask; stat -c %a /a /a/b /dev /dev/shm /dev/null /tmp',
	]);
	t.is(String(inside.stdout), '0022\n755\n755\n755\n1777\n666\n1777\n');
});

boxTest('no groups of the caller’s', async (t, box) => {
	t.like(await box.probe(t), {uid: [0, 0, 0], gid: [0, 0, 0], groups: [0]});
});

boxTest('limits: the caller’s own, no core dumps', async (t, box) => {
	const result = await box.spawn('/bin/sh', [
		'-c',
		// Not by `exec`: the shell is the caller.
		'ulimit -S -n 1000; "$@"; exit',
		'sh',
		'/usr/bin/env',
		cli,
		'run',
		'--rm',
		'--rootfs',
		box.rootfs,
		'probe',
	]);
	const {rlimits} = JSON.parse(String(result.stdout));
	t.is(rlimits.NOFILE[0], '1000', 'Node raises its own: the container gets the caller’s');
	t.is(rlimits.CORE[0], '0');
});

boxTest('descriptors 0, 1 and 2 only', async (t, box) => {
	t.deepEqual(Object.keys((await box.probe(t)).fds), ['0', '1', '2']);
});

boxTest('signals: none blocked, none ignored', async (t, box) => {
	t.like(await box.probe(t), {SigBlk: '0000000000000000', SigIgn: '0000000000000000'});
});

boxTest('a session keyring of its own', async (t, box) => {
	const {sessionKeyringDescription} = await box.probe(t);
	t.notRegex(sessionKeyringDescription, /_uid_ses|_ses;.*attempt/);
});

boxTest('mounts and their flags', async (t, box) => {
	const mounts = mountsOf(await box.probe(t));
	const expected: [string, string, string[]][] = [
		['/proc', 'proc', ['rw', 'nosuid', 'nodev', 'noexec']],
		['/dev', 'tmpfs', ['rw', 'nosuid', 'noexec']],
		['/dev/pts', 'devpts', ['rw', 'nosuid', 'noexec']],
		['/dev/shm', 'tmpfs', ['rw', 'nosuid', 'nodev', 'noexec']],
		['/dev/mqueue', 'mqueue', ['rw', 'nosuid', 'nodev', 'noexec']],
		['/sys', 'sysfs', ['ro', 'nosuid', 'nodev', 'noexec']],
	];
	for (const [point, type, flags] of expected) {
		const mount = mounts.get(point);
		t.is(mount?.type, type, point);
		t.deepEqual(
			flags.filter(flag => !mount?.options.includes(flag)),
			[],
			`${point}: ${mount?.options}`,
		);
	}

	t.is(mounts.get('/')?.type, 'overlay');
	if (!isRoot) {
		t.true(mounts.get('/')?.options.includes('nosuid'));
		t.true(mounts.get('/')?.options.includes('nodev'));
	}

	t.true(mounts.get('/dev')?.superOptions.some(option => option === 'size=1024k'));
	t.true(mounts.get('/dev/shm')?.superOptions.some(option => option === 'size=65536k'));
});

boxTest('no path of the host’s shows in the mounts', async (t, box) => {
	const {mountinfo} = await box.probe(t, ['-v', `${box.file('secret-volume/file')}:/file`]);
	const text = mountinfo.filter((line: string) => !line.includes(' /file ')).join('\n');
	t.false(text.includes(box.dir), text);
	t.notRegex(text, /put_old|old_root|\.pivot/);
});

boxTest('/dev: these and no others, with their numbers and modes', async (t, box) => {
	const {dev} = await box.probe(t);
	t.deepEqual(Object.keys(dev).sort(), [
		...['console', 'fd', 'full', 'mqueue', 'null', 'ptmx', 'pts', 'random', 'shm', 'stderr', 'stdin', 'stdout', 'tty'],
		...['urandom', 'zero'],
	]);
	const nodes = {null: '1:3', zero: '1:5', full: '1:7', random: '1:8', urandom: '1:9', tty: '5:0'};
	for (const [name, rdev] of Object.entries(nodes)) {
		t.like(dev[name], {mode: '20666', rdev}, name);
	}

	const working = await box.sh(
		[],
		'echo x >/dev/null && head -c 4 /dev/zero | od -An -tx1 && head -c 9 /dev/urandom | wc -c; echo x >/dev/full',
	);
	t.regex(working.stdout, /00 00 00 00\n9\n/);
	t.regex(working.stderr, /No space left/);
});

const masked = [
	'/proc/kcore',
	'/proc/keys',
	'/proc/timer_list',
	'/proc/interrupts',
	'/proc/latency_stats',
	'/proc/sched_debug',
];
const maskedDirectories = [
	'/proc/acpi',
	'/proc/scsi',
	'/proc/asound',
	'/sys/firmware',
	'/sys/devices/virtual/powercap',
	'/sys/dev/block',
	'/sys/kernel/security',
	'/sys/kernel/debug',
	'/sys/kernel/tracing',
];

boxTest('what tells of the host is masked', async (t, box) => {
	const script = `for f in ${masked.join(' ')}; do [ ! -e $f ] || [ "$(head -c 1 $f 2>/dev/null | wc -c)" = 0 ] || echo $f; done
		for d in ${maskedDirectories.join(' ')}; do [ ! -e $d ] || [ -z "$(ls -A $d)" ] || echo $d; done; echo over`;
	t.deepEqual(await box.sh([], script), {code: 0, signal: undefined, stdout: 'over\n', stderr: ''});
});

const readOnly = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger', '/proc/mtrr', '/sys'];

boxTest('what steers the host is read-only', async (t, box) => {
	const mounts = mountsOf(await box.probe(t));
	for (const path of readOnly.filter(path => fs.existsSync(path))) {
		t.true(mounts.get(path)?.options.includes('ro'), path);
	}

	const result = await box.sh(
		[],
		'echo x >/proc/sys/kernel/domainname; echo b >/proc/sysrq-trigger; echo x >/sys/kernel/uevent_helper; true',
	);
	t.is(
		(result.stderr.match(/Read-only file system|Permission denied|nonexistent directory/g) ?? []).length,
		3,
		result.stderr,
	);
});

boxTest('sysctls: docker’s, and no router advertisements', async (t, box) => {
	const names = [
		'ipv4/ip_unprivileged_port_start',
		'ipv4/ping_group_range',
		'ipv6/conf/all/accept_ra',
		'ipv6/conf/default/accept_ra',
	];
	const script = `cd /proc/sys/net; for f in ${names.join(' ')}; do [ ! -e $f ] || echo $f $(cat $f); done`;
	const {stdout} = await box.sh([], script);
	t.regex(stdout, /ip_unprivileged_port_start 0\n/);
	t.notRegex(stdout, /accept_ra [^0]/);
	if (isRoot) {
		t.regex(stdout, /ping_group_range 0 2147483647/);
	}
});

boxTest('a network of its own, with loopback up', async (t, box) => {
	const result = await box.sh(
		[],
		'ls /sys/class/net; ip -o address show lo | grep -o "inet 127.0.0.1/8"; cat /sys/class/net/lo/flags',
	);
	t.is(result.stdout, 'lo\ninet 127.0.0.1/8\n0x9\n');
});

boxTest('the old root is gone, and cannot be had back', async (t, box) => {
	const sight = await box.probe(t);
	t.is(sight.mountinfo.filter((line: string) => line.split(' ')[4] === '/').length, 1, 'one mount on /');
	const result = await box.sh([], 'mkdir /x && chroot /x /bin/true; ls -a /..; cat /proc/1/root/etc/issue');
	t.regex(result.stdout, /MiniContainer test root/);
});

boxTest('ids: one line of the caller’s own, or his ranges', async (t, box) => {
	const {uidMap, gidMap, setgroups} = await box.probe(t);
	const lines = uidMap.map((line: string) => line.trim().split(/\s+/).map(Number));
	if (isRoot) {
		t.deepEqual(lines, [[0, 0, 4294967295]]);
		return;
	}

	t.deepEqual(lines[0], [0, process.getuid?.(), 1]);
	t.is(lines.length, hasRanges ? 2 : 1);
	t.is(gidMap.length, hasRanges ? 2 : 1);
	t.false(
		lines.some(([, host]: number[]) => host === 0),
		'root of the host is not among them',
	);
	t.deepEqual(setgroups, [hasRanges ? 'allow' : 'deny']);
});
