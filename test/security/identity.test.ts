/** SECURITY.md §2c: who a container's processes are, and what that lets them do. */
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {type Box, boxTest, refused} from '../helpers/box.js';
import {hostileRootfs} from '../helpers/canary.js';
import {cli, hasRanges, isRoot} from '../helpers/project.js';

const none = '0000000000000000';

boxTest(
	'CVE-2022-24769: nothing is inherited, even from a caller who passes it on',
	async (t, box) => {
		const generous = [
			'--inh-caps=+chown,+net_raw,+kill',
			'--ambient-caps=+chown,+net_raw',
			cli,
			'run',
			'--rootfs',
			box.rootfs,
		];
		for (const flags of [[], ['--user', '1000'], ['--init']]) {
			const result = await box.spawn('setpriv', [...generous, ...flags, 'probe']);
			t.like(JSON.parse(String(result.stdout)), {CapInh: none, CapAmb: none});
		}
	},
	{as: 'root'},
);

boxTest(
	'CVE-2016-8867 docker, CVE-2018-10856 podman: a user has no capabilities, whatever was added',
	async (t, box) => {
		for (const flags of [
			[],
			['--cap-add', 'all'],
			['--cap-add', 'net_raw'],
			['--security-opt', 'no-new-privileges=false'],
		]) {
			t.like(
				await box.probe(t, ['--user', '1000', ...flags]),
				{CapPrm: none, CapEff: none, CapAmb: none, CapInh: none},
				flags.join(' '),
			);
		}
	},
);

boxTest(
	'a setuid program gives nothing, unless that was asked for',
	async (t, box) => {
		const rootfs = hostileRootfs(box, 'rootfs', root => fs.chmodSync(path.join(root, 'bin/probe'), 0o4755));
		const uid = async (...flags: string[]) =>
			JSON.parse((await box.cli(['run', '--rootfs', rootfs, '--user', '1000', ...flags, 'probe'])).stdout);
		t.like(await uid(), {uid: [1000, 1000, 1000], CapEff: none});
		t.like(await uid('--cap-add', 'all'), {uid: [1000, 1000, 1000], CapEff: none});
		if (isRoot) {
			t.like(await uid('--security-opt', 'no-new-privileges=false'), {uid: [1000, 0, 0]});
		}
	},
	{as: 'root'},
);

boxTest(
	'CVE-2022-2989 podman, CVE-2022-36109 moby: no group of the caller’s, and none of root’s',
	async (t, box) => {
		const result = await box.spawn('setpriv', [
			'--groups',
			'4,27,5555',
			cli,
			'run',
			'--rootfs',
			box.rootfs,
			'--user',
			'1000:1000',
			'probe',
		]);
		t.like(JSON.parse(String(result.stdout)), {gid: [1000, 1000, 1000], groups: [1000]});
		const root = await box.spawn('setpriv', ['--groups', '4,27,5555', cli, 'run', '--rootfs', box.rootfs, 'probe']);
		t.deepEqual(JSON.parse(String(root.stdout)).groups, [0]);
		const unknown = await box.spawn('setpriv', [
			'--groups',
			'4,27,5555',
			cli,
			'run',
			'--rootfs',
			box.rootfs,
			'--user',
			'4321:4321',
			'probe',
		]);
		t.deepEqual(JSON.parse(String(unknown.stdout)).groups, [4321]);
	},
	{as: 'root'},
);

/** Users with these names are root, says the image. */
function impostors(box: Box, names: string[]): string {
	return hostileRootfs(box, 'rootfs', root => {
		fs.appendFileSync(`${root}/etc/passwd`, names.map(name => `${name}:x:0:0::/:/bin/sh\n`).join(''));
		fs.appendFileSync(`${root}/etc/group`, names.map(name => `${name}:x:0:\n`).join(''));
	});
}

boxTest('CVE-2024-40635 containerd: ids out of range are not names, and not root', async (t, box) => {
	const odd = [
		'4294967296',
		'4294967295',
		'-1',
		'0x0',
		'0 ',
		' 0',
		'00',
		'+0',
		'0.0',
		'1e0',
		'18446744073709551616',
		'2147483648x',
		'',
	];
	const rootfs = impostors(box, odd);
	for (const user of odd) {
		for (const flags of [
			['--user', user],
			['--user', `1000:${user}`],
		]) {
			const result = await box.cli(['run', '--rootfs', rootfs, ...flags, 'id', '-u']);
			t.true(
				result.code === 125 || (user === '00' && result.code === 0) || flags[1]?.startsWith('1000:'),
				`${flags}: ${result.stdout}`,
			);
			if (user !== '00') {
				refused(t, result, /\S/);
			}
		}
	}
});

boxTest('CVE-2016-3697 docker: a number is a number, even where passwd has a name like it', async (t, box) => {
	const rootfs = impostors(box, ['1000', '1234']);
	const id = async (user: string) =>
		(await box.cli(['run', '--rootfs', rootfs, '--user', user, 'sh', '-c', 'grep -E "^[UG]id" /proc/self/status']))
			.stdout;
	t.regex(await id('1000'), /^Uid:\t1000\t/);
	t.regex(await id('1234:1000'), /^Uid:\t1234\t.*\nGid:\t1000\t/);
	t.regex(await id('1'), /^Uid:\t1\t/);
});

boxTest('CVE-2022-4318 CRI-O: a newline smuggles no line into a file of the container’s', async (t, box) => {
	refused(t, await box.run(['--hostname', 'a\nevil:x:0:0::/:/bin/sh', 'true']), /hostname/);
	refused(t, await box.run(['--user', 'app\nroot', 'true']), /user/);
	const result = await box.sh(['-e', 'HOME=/x\nevil:x:0:0::/:/bin/sh', '--user', '4321'], 'cat /etc/passwd; echo over');
	t.notRegex(result.stdout, /evil/);
	t.regex(result.stdout, /over\n$/);
});

boxTest('names that would leave a directory', async (t, box) => {
	for (const name of ['../../etc/x', '..', '.', '/etc/x', 'a/../../b', '-x', 'a\0b'.replace('\0', '\\0'), 'ü', 'a\n']) {
		const result = await box.run(['--name', name, 'true']);
		t.is(result.code, 125, name);
	}

	t.deepEqual(
		fs
			.readdirSync(box.dir)
			.sort()
			.filter(name => name !== 'state'),
		['tmp'],
	);
});

boxTest(
	'CVE-2018-7169 shadow: with one id, a group cannot be dropped to gain by it',
	async (t, box) => {
		const {setgroups, uidMap, gidMap} = await box.probe(t);
		t.deepEqual(setgroups, ['deny']);
		t.is(uidMap.length, 1);
		t.is(gidMap.length, 1);
	},
	{as: 'plain'},
);

boxTest(
	'CVE-2018-18955 linux: root of the host is nobody’s id inside, and his files stay closed',
	async (t, box) => {
		const {uidMap, gidMap} = await box.probe(t);
		for (const line of [...uidMap, ...gidMap]) {
			const [, host, size] = line.trim().split(/\s+/).map(Number);
			t.true(host > 0 && host + size <= 2 ** 32, line);
		}

		const result = await box.sh(
			['-v', '/etc:/host-etc:ro'],
			'cat /host-etc/shadow; chmod 644 /host-etc/shadow; echo over',
		);
		t.is(result.stdout, 'over\n');
		t.regex(result.stderr, /Permission denied/);
	},
	{as: 'user'},
);

boxTest('CVE-2023-25809 runc, CVE-2022-0492 linux: no control group can be written, nor mounted', async (t, box) => {
	const script = `
		find /sys/fs/cgroup -name cgroup.procs -writable 2>/dev/null; find / -name release_agent -writable 2>/dev/null
		mkdir -p /tmp/cg; mount -t cgroup -o memory cgroup /tmp/cg 2>&1; mount -t cgroup2 cgroup2 /tmp/cg 2>&1
		ls /tmp/cg; echo over`;
	const {stdout} = await box.sh([], script);
	t.regex(stdout, /over\n$/);
	t.notRegex(stdout, /cgroup\.procs|release_agent/);
	t.is(stdout.match(/(Operation not permitted|permission denied|Permission denied)/gi)?.length, 2, stdout);
});

boxTest('CVE-2022-0811 CRI-O (cr8escape): a sysctl is one sysctl, and the container’s own', async (t, box) => {
	const names = ['kernel/core_pattern', 'kernel/shm_rmid_forced', 'vm/overcommit_memory', 'net/ipv4/ip_forward'];
	const host = () => names.map(name => fs.readFileSync(`/proc/sys/${name}`, 'utf8'));
	const before = host();
	const smuggled = [
		'kernel.shm_rmid_forced=1+kernel.core_pattern=evil',
		'kernel.core_pattern=|/evil',
		'kernel/core_pattern=evil',
		'kernel.shm_rmid_forced/../core_pattern=evil',
		'net.ipv4.../../kernel/core_pattern=evil',
		'net/../kernel/core_pattern=evil',
		'../sys/kernel/core_pattern=evil',
		'/proc/sys/kernel/core_pattern=evil',
		'net.ipv4.ip_forward=1\nkernel.core_pattern=evil',
		'kernel.modprobe=/evil',
		'vm.overcommit_memory=1',
		'fs.file-max=1',
		'dev.tty.ldisc_autoload=1',
		'user.max_user_namespaces=1',
		'=1',
		'net.=1',
		'net=1',
	];
	for (const sysctl of smuggled) {
		const result = await box.run(['--sysctl', sysctl, 'true']);
		t.is(result.code, 125, `${sysctl}: ${result.stdout}`);
	}

	for (const flags of [
		['--network', 'host'],
		['--ipc', 'host'],
	]) {
		const name = flags[0] === '--network' ? 'net.ipv4.ip_forward=1' : 'kernel.shm_rmid_forced=1';
		refused(t, await box.run([...flags, '--sysctl', name, 'true']), /sysctl/);
	}

	t.deepEqual(host(), before);
});

boxTest('CVE-2017-16539, PLATYPUS, shocker: what tells of the machine is closed', async (t, box) => {
	const script = `for f in /proc/scsi/scsi /proc/acpi/wakeup /proc/kcore /proc/keys /proc/timer_list /proc/interrupts /sys/firmware/* /sys/class/powercap/*/energy_uj /sys/devices/virtual/powercap/*; do
		[ -e $f ] && head -c 1 $f 2>/dev/null | wc -c; done | sort -u | grep -v '^0$'; echo over`;
	t.is((await box.sh([], script)).stdout, 'over\n');
	t.is((await box.sh(['--user', '1000'], script)).stdout, 'over\n');
});

boxTest('masks and read-only paths cannot be taken off by root inside', async (t, box) => {
	const script = `for p in /proc/keys /proc/timer_list /proc/sys /sys/firmware /sys; do umount $p; umount -l $p; mount -o remount,rw $p; done 2>/dev/null
		echo x >/proc/sys/kernel/core_pattern; head -c 1 /proc/keys /proc/timer_list 2>/dev/null | grep -v ==; echo over`;
	const result = await box.sh([], script);
	t.is(result.stdout.trim(), 'over', result.stdout);
	t.regex(result.stderr, /Read-only file system/);
});

boxTest('CVE-2024-3056 podman: /dev/shm is as large as was said, no larger', async (t, box) => {
	const fill = 'dd if=/dev/zero of=/dev/shm/x bs=1M count=80 2>/dev/null; stat -c %s /dev/shm/x';
	t.is((await box.sh([], fill)).stdout, `${64 << 20}\n`);
	t.is((await box.sh(['--shm-size', '2m'], fill)).stdout, `${2 << 20}\n`);
});

boxTest('CVE-2018-20699, CVE-2021-21285 docker: enormous values end quickly', async (t, box) => {
	const begin = Date.now();
	const huge = ['9'.repeat(400), '1e400', 'NaN', 'Infinity', '-0', '0x7fffffff', '١'];
	for (const value of huge) {
		for (const flag of [
			'--shm-size',
			'--timeout',
			'--ulimit=nofile',
			'--tmpfs=/x:size',
			'--overlay=tmpfs,size',
			'--stop-signal',
		]) {
			const args = flag.includes('=') ? [`${flag}=${value}`] : [flag, value];
			t.is((await box.run([...args, 'true'])).code, 125, args.join(' '));
		}
	}

	t.true(Date.now() - begin < 60_000);
	refused(t, await box.run(['--ulimit', `nofile=${'9'.repeat(100_000)}`, 'true']), /nofile/);
});

boxTest(
	'another user’s process cannot be reached, and the container’s own PID 1 is not dumpable while it is set up',
	async (t, box) => {
		const {dumpable} = await box.probe(t);
		t.is(dumpable, 1, 'the command itself is as any other');
		const result = await box.sh([], 'ls /proc | grep -c "^[0-9]"; kill -9 $PPID 2>/dev/null; echo over');
		t.regex(result.stdout, /^\d\nover\n$/);
	},
);

boxTest(
	'as root without --user, the host’s root is not more than the eleven',
	async (t, box) => {
		const script =
			'mount -t tmpfs t /tmp; mknod /tmp/n c 1 3; date -s 2000-01-01; hostname x; chroot / true && echo chroot; ip link add d type dummy; dmesg | head -1';
		const result = await box.sh([], `${script} 2>&1; true`);
		t.notRegex(result.stderr, /^$/);
		t.is(execFileSync('hostname', {encoding: 'utf8'}).trim() === 'x', false);
		t.true(new Date().getFullYear() > 2000);
	},
	{as: 'root'},
);

boxTest(
	'ids of a range are subordinate: what they own belongs to nobody on the host',
	async (t, box) => {
		const volume = box.directory('volume');
		fs.chmodSync(volume, 0o777);
		t.is((await box.sh(['--user', '1000', '-v', `${volume}:/v`], 'touch /v/file')).code, 0);
		const {uid} = fs.statSync(path.join(volume, 'file'));
		const [, start, count] = /^mctest:(\d+):(\d+)$/m.exec(fs.readFileSync('/etc/subuid', 'utf8')) ?? [];
		t.true(hasRanges && uid >= Number(start ?? 1) && uid < Number(start ?? 0) + Number(count ?? 2 ** 32), String(uid));
	},
	{as: 'ranges'},
);
