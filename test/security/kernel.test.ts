/** SECURITY.md §2c: what of the kernel's can be read, set, or asked for in absurd amounts. */
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import {boxTest, refused} from '../helpers/box.js';

boxTest('CVE-2023-25809 runc, CVE-2022-0492 linux: no control group can be written, nor mounted', async (t, box) => {
	const script = `
		find /sys/fs/cgroup -name cgroup.procs -writable 2>/dev/null; find / -name release_agent -writable 2>/dev/null
		mkdir -p /tmp/cg; mount -t cgroup -o memory cgroup /tmp/cg 2>&1; mount -t cgroup2 cgroup2 /tmp/cg 2>&1
		ls /tmp/cg; echo over`;
	const {stdout} = await box.sh([], script);
	t.regex(stdout, /over\n$/);
	t.notRegex(stdout, /cgroup\.procs|release_agent/);
	t.is(
		stdout.match(/(Function not implemented|Operation not permitted|permission denied|Permission denied)/gi)?.length,
		2,
		stdout,
	);
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
