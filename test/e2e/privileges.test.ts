/** `--privileged`, and the parts of it and their opposites by `--security-opt`. */
import fs from 'node:fs';
import {boxTest, refused, type Sight} from '../helpers/box.js';
import {isRoot} from '../helpers/project.js';

const optionsOf = (sight: Sight, point: string): string[] =>
	sight.mountinfo
		.map((line: string) => line.split(' '))
		.filter((fields: string[]) => fields[4] === point)
		.map((fields: string[]) => fields[5]);

boxTest('--privileged: all capabilities, devices and system calls, nothing masked', async (t, box) => {
	const own = await box.probe(t, ['--privileged']);
	t.like(own, {NoNewPrivs: '0', Seccomp: '0', CapBnd: own.CapEff, CapPrm: own.CapEff, CapInh: '0000000000000000'});
	const status = fs.readFileSync('/proc/self/status', 'utf8');
	const last = Number(fs.readFileSync('/proc/sys/kernel/cap_last_cap', 'utf8'));
	const all = isRoot
		? /^CapBnd:\t(\w+)$/m.exec(status)?.[1]
		: ((1n << BigInt(last + 1)) - 1n).toString(16).padStart(16, '0');
	t.is(own.CapBnd, all);
	t.deepEqual(optionsOf(own, '/proc/sys'), []);
	t.deepEqual(optionsOf(own, '/proc/timer_list'), []);
	t.regex(optionsOf(own, '/sys').join(), /^rw,/);
	if (isRoot) t.notRegex(optionsOf(own, '/').join(), /nodev/);
	const device = isRoot ? 'kmsg' : undefined;
	if (device && fs.existsSync(`/dev/${device}`)) t.true(device in own.dev);
	const script = 'unshare -m true && mkdir /tmp/m && mount -t tmpfs x /tmp/m && echo mounted';
	t.is((await box.sh(['--privileged'], script)).stdout, 'mounted\n');
});

boxTest('--privileged: what is asked for besides still holds', async (t, box) => {
	const flags = ['--privileged', '--cap-drop', 'SYS_ADMIN', '--security-opt', 'no-new-privileges'];
	const sight = await box.probe(t, [
		...flags,
		'--security-opt',
		'seccomp=default',
		'--security-opt',
		'mask=/etc/passwd',
	]);
	t.like(sight, {NoNewPrivs: '1', Seccomp: '2'});
	t.is((BigInt(`0x${sight.CapBnd}`) >> 21n) & 1n, 0n);
	t.is(optionsOf(sight, '/etc/passwd').length, 1);
});

boxTest('--privileged: every device of the host that is there', async (t, box) => {
	const {stdout} = await box.sh(['--privileged'], 'cat /dev/null /dev/net/tun 2>&1; ls -l /dev/net/tun');
	t.regex(stdout, fs.existsSync('/dev/net/tun') ? /c.* 10, 200 .*\/dev\/net\/tun/ : /No such file/);
});

boxTest('exec in a privileged container is privileged', async (t, box) => {
	const id = await box.detached(t, ['--privileged'], 'echo READY; exec sleep 1000');
	const {stdout} = await box.cli([
		'exec',
		id,
		'sh',
		'-c',
		'grep -E "^(Seccomp|NoNewPrivs):" /proc/self/status; unshare -m true && echo can',
	]);
	t.is(stdout, 'NoNewPrivs:\t0\nSeccomp:\t0\ncan\n');
});

boxTest('mask and unmask', async (t, box) => {
	const usual = await box.probe(t);
	t.is(optionsOf(usual, '/proc/timer_list').length, 1);
	const some = await box.probe(t, [
		'--security-opt',
		'unmask=/proc/timer*:/proc/sys',
		'--security-opt',
		'mask=/etc/group',
	]);
	t.deepEqual([optionsOf(some, '/proc/timer_list'), optionsOf(some, '/proc/sys')], [[], []]);
	t.is(optionsOf(some, '/proc/bus').length, 1, 'the others stay');
	t.is(optionsOf(some, '/etc/group').length, 1);
	for (const option of ['unmask=ALL', 'systempaths=unconfined']) {
		const none = await box.probe(t, ['--security-opt', option]);
		t.deepEqual([optionsOf(none, '/proc/timer_list'), optionsOf(none, '/proc/bus')], [[], []], option);
	}
});

boxTest('proc-opts: what others do can be hidden', async (t, box) => {
	const sight = await box.probe(t, ['--security-opt', 'proc-opts=hidepid=2,gid=0']);
	t.regex(sight.mountinfo.find((line: string) => line.includes(' /proc ')) ?? '', /hidepid=(2|invisible)/);
	for (const option of [
		'proc-opts=suid',
		'proc-opts=hidepid=9',
		'proc-opts=',
		'proc-opts=hidepid=2,dev',
		'proc-opts=subset=pid',
	]) {
		refused(t, await box.run(['--security-opt', option, 'true']), /proc-opts|option of \/proc/);
	}
});

boxTest('AppArmor and SELinux: refused where there is none, and nothing runs', async (t, box) => {
	const modules = [
		{option: 'apparmor=some-profile', there: '/sys/module/apparmor/parameters/enabled', name: 'AppArmor'},
		{option: 'label=type:some_t', there: '/sys/fs/selinux/enforce', name: 'SELinux'},
	];
	for (const {option, name} of modules.filter(({there}) => !fs.existsSync(there))) {
		refused(t, await box.run(['--security-opt', option, 'true']), new RegExp(`this machine has no ${name}`));
	}

	for (const option of ['apparmor=unconfined', 'label=disable']) {
		t.is((await box.run(['--security-opt', option, 'true'])).code, 0, option);
	}
});
