import fs from 'node:fs';
import {boxTest, refused} from '../helpers/box.js';
import {isRoot} from '../helpers/project.js';

boxTest('-e: values of any kind, the caller’s by name, the last one wins', async (t, box) => {
	const flags = [
		'-e',
		'A=1',
		'-e',
		'A=2',
		'-e',
		'EMPTY=',
		'-e',
		'FROM',
		'-e',
		'UNSET',
		'-e',
		'LINES=a\nb',
		'-e',
		'EQ=a=b',
		'-e',
		'Ü=é',
	];
	const {env} = await box.probe(t, flags, {env: {FROM: 'caller', OTHER: 'x'}});
	const own = env.filter((entry: string) => !/^(PATH|HOME|HOSTNAME)=/.test(entry)).toSorted();
	t.deepEqual(own, ['A=2', 'EMPTY=', 'EQ=a=b', 'FROM=caller', 'LINES=a\nb', 'Ü=é'].toSorted());
});

boxTest('-e overrides what a container gets by itself', async (t, box) => {
	const {env} = await box.probe(t, [
		'-e',
		'HOME=/else',
		'-e',
		'PATH=/bin',
		'-e',
		'HOSTNAME=other',
		'--hostname',
		'box',
	]);
	t.deepEqual(env.toSorted(), ['HOME=/else', 'HOSTNAME=other', 'PATH=/bin']);
});

boxTest('--env-file: comments, blank lines, names from the caller; -e goes first', async (t, box) => {
	const file = box.file('env', '# comment\n\nA=1\nB=two words\nFROM\nUNSET\nC=#no comment\nQ="quoted"\n');
	const {env} = await box.probe(t, ['--env-file', file, '-e', 'A=3'], {env: {FROM: 'caller'}});
	const own = env.filter((entry: string) => !/^(PATH|HOME|HOSTNAME)=/.test(entry)).toSorted();
	t.deepEqual(own, ['A=3', 'B=two words', 'C=#no comment', 'FROM=caller', 'Q="quoted"']);
});

boxTest('-w: a directory that is there, and one that is not', async (t, box) => {
	t.is((await box.run(['-w', '/home/app', 'pwd'])).stdout, '/home/app\n');
	t.is(
		(await box.sh(['--workdir', '/new/deep dir'], 'pwd; stat -c %a:%u /new "/new/deep dir"')).stdout,
		'/new/deep dir\n755:0\n755:0\n',
	);
});

boxTest('--read-only: nothing can be written but what is mounted to be', async (t, box) => {
	const script = 'touch /x /etc/x /bin/x; touch /dev/shm/x && echo shm; touch /tmp/x && echo tmp; touch /v/x && echo v';
	const flags = ['--read-only', '--tmpfs', '/tmp', '-v', `${box.directory('volume')}:/v`];
	const result = await box.sh(flags, script);
	t.is(result.stdout, 'shm\ntmp\nv\n');
	t.is(result.stderr.match(/Read-only file system/g)?.length, 3, result.stderr);
	t.true(fs.existsSync(box.path('volume/x')));
});

boxTest('--read-only makes what it needs all the same', async (t, box) => {
	const result = await box.run([
		'--read-only',
		'-w',
		'/new',
		'-v',
		`${box.directory('v')}:/missing/target`,
		'ls',
		'-d',
		'/new',
		'/missing/target',
	]);
	t.deepEqual([result.code, result.stdout], [0, '/missing/target\n/new\n']);
});

boxTest('--tmpfs and its options', async (t, box) => {
	const flags = ['--tmpfs', '/a', '--tmpfs', '/b:size=1m,mode=700', '--tmpfs', '/c/d:ro', '--tmpfs', '/e:exec'];
	const result = await box.sh(
		flags,
		'stat -c %a /a /b; grep -E " /(a|b|c/d|e) " /proc/mounts; dd if=/dev/zero of=/b/x bs=1M count=2 2>&1 | tail -1',
	);
	t.regex(result.stdout, /^1777\n700\n/);
	t.regex(result.stdout, /tmpfs \/a tmpfs rw,nosuid,nodev,noexec/);
	t.regex(result.stdout, /tmpfs \/b tmpfs rw,.*size=1024k/);
	t.regex(result.stdout, /tmpfs \/c\/d tmpfs ro,/);
	t.notRegex(/ \/e .*/.exec(result.stdout)?.[0] ?? '', /noexec/);
});

boxTest('--mount type=tmpfs', async (t, box) => {
	const result = await box.sh(
		['--mount', 'type=tmpfs,destination=/t,tmpfs-size=2m,tmpfs-mode=0711'],
		'stat -c %a /t; grep " /t " /proc/mounts',
	);
	t.regex(result.stdout, /^711\ntmpfs \/t tmpfs .*size=2048k/);
});

boxTest('--shm-size', async (t, box) => {
	t.regex((await box.run(['--shm-size', '1m', 'df', '-k', '/dev/shm'])).stdout, /\b1024\b/);
	t.regex((await box.run(['--shm-size=2097152', 'df', '-k', '/dev/shm'])).stdout, /\b2048\b/);
});

boxTest('--cap-add and --cap-drop, in docker’s spellings', async (t, box) => {
	const bounding = async (...flags: string[]) => (await box.probe(t, flags)).CapBnd;
	t.is(await bounding('--cap-drop', 'all'), '0000000000000000');
	t.is(await bounding('--cap-drop=ALL', '--cap-add=CHOWN'), '0000000000000001');
	t.is(await bounding('--cap-drop', 'CAP_CHOWN'), '00000000800405fa');
	t.is(await bounding('--cap-drop', 'chown', '--cap-drop', 'cap_kill'), '00000000800405da');
	t.is(await bounding('--cap-add', 'NET_ADMIN'), '00000000800415fb');
	t.is(await bounding('--cap-add', 'net_raw', '--cap-add', 'SYS_ADMIN', '--cap-drop', 'all'), '0000000000202000');
});

boxTest('--cap-add all is all that the caller may give', async (t, box) => {
	const own = /^CapBnd:\s+(\S+)/m.exec(fs.readFileSync('/proc/self/status', 'utf8'))?.[1];
	const {CapBnd, CapEff} = await box.probe(t, ['--cap-add', 'ALL']);
	t.is(CapEff, CapBnd);
	if (isRoot) {
		t.is(CapBnd, own);
	} else {
		t.is(CapBnd, '000001ffffffffff');
	}
});

boxTest('--security-opt no-new-privileges=false', async (t, box) => {
	const noNewPrivileges = async (...flags: string[]) => (await box.probe(t, flags)).NoNewPrivs;
	t.is(await noNewPrivileges('--security-opt', 'no-new-privileges=false'), '0');
	t.is(await noNewPrivileges('--security-opt', 'no-new-privileges:false'), '0');
	t.is(await noNewPrivileges('--security-opt', 'no-new-privileges'), '1');
	t.is(await noNewPrivileges('--security-opt=no-new-privileges=true'), '1');
});

boxTest('--ulimit: soft, soft:hard, several', async (t, box) => {
	const flags = [
		'--ulimit',
		'nofile=64',
		'--ulimit',
		'nproc=100:200',
		'--ulimit',
		'fsize=1048576',
		'--ulimit=core=0:0',
		'--ulimit',
		'stack=1048576:2097152',
	];
	const {rlimits} = await box.probe(t, flags);
	t.like(rlimits, {
		NOFILE: ['64', '64'],
		NPROC: ['100', '200'],
		FSIZE: ['1048576', '1048576'],
		CORE: ['0', '0'],
		STACK: ['1048576', '2097152'],
	});
});

boxTest('--ulimit unlimited: 2^64-1 is not rounded', async (t, box) => {
	const {rlimits} = await box.probe(t, ['--ulimit', 'cpu=-1:-1']);
	t.deepEqual(rlimits.CPU, ['18446744073709551615', '18446744073709551615']);
	const exact = await box.probe(t, ['--ulimit', 'cpu=9007199254740993:9007199254740995']);
	t.deepEqual(exact.rlimits.CPU, ['9007199254740993', '9007199254740995']);
});

boxTest('a limit above what the caller may give is an error', async (t, box) => {
	refused(t, await box.run(['--ulimit', 'nofile=9999999:9999999', 'true']), /nofile|NOFILE/);
});

boxTest('--sysctl: what belongs to the container’s namespaces', async (t, box) => {
	const flags = [
		'--sysctl',
		'net.ipv4.ip_default_ttl=33',
		'--sysctl',
		'kernel.shmmni=1234',
		'--sysctl=net.ipv4.ip_unprivileged_port_start=1000',
	];
	const result = await box.sh(
		flags,
		'cd /proc/sys; cat net/ipv4/ip_default_ttl kernel/shmmni net/ipv4/ip_unprivileged_port_start',
	);
	t.deepEqual(result, {code: 0, signal: undefined, stdout: '33\n1234\n1000\n', stderr: ''});
});

boxTest('--init: PID 1 reaps, the command is its child, signals and exit codes pass', async (t, box) => {
	// Orphans become children of PID 1, which must not let them stay zombies: a zombie still has its directory in /proc.
	const script =
		'(sh -c "exit 0" & echo $! > /orphan); orphan=/proc/$(cat /orphan); i=0; \
		while [ -d $orphan ] && [ $((i += 1)) -lt 200 ]; do sleep 0.05; done; [ -d $orphan ] || echo gone; [ $$ != 1 ] && exit 4';
	t.deepEqual(await box.sh(['--init'], script), {code: 4, signal: undefined, stdout: 'gone\n', stderr: ''});
	t.is((await box.sh(['--init'], 'kill -TERM $$')).code, 143);
});

boxTest('--init: the container ends with the command, whatever else runs', async (t, box) => {
	t.is((await box.sh(['--init'], 'sleep 1000 & exit 6')).code, 6);
});

boxTest('without --init, too', async (t, box) => {
	t.is((await box.sh([], 'sleep 1000 & exit 6')).code, 6);
});

boxTest('--timeout kills, and says so by 137', async (t, box) => {
	const begin = Date.now();
	const result = await box.sh(['--timeout', '1'], 'trap "" TERM INT HUP; sleep 1000 & wait; sleep 1000');
	t.is(result.code, 137);
	t.is(result.stdout, '');
	t.true(Date.now() - begin >= 1000);
	t.is((await box.sh(['--timeout', '300ms'], 'sleep 1000')).code, 137);
	t.is((await box.sh(['--timeout=1m30s'], 'exit 3')).code, 3);
});

boxTest('--device: the node, with its mode', async (t, box) => {
	const {dev} = await box.probe(t, ['--device', '/dev/null:/dev/other', '--device', '/dev/zero:/dev/deep/zero:rw']);
	t.like(dev.other, {rdev: '1:3'});
	const result = await box.sh(['--device', '/dev/zero:/dev/deep/zero:rw'], 'head -c 3 /dev/deep/zero | od -An -tx1');
	t.is(result.stdout.trim(), '00 00 00');
	// Where no device control group can hold it to that.
	const less = ['--cgroups', 'disabled', '--device', '/dev/zero:/dev/zero:r'];
	refused(t, await box.run([...less, 'true']), /permissions 'r' need a device control group/);
	refused(t, await box.run(['--device', '/dev/missing', 'true']), /\/dev\/missing/);
	refused(t, await box.run(['--device', box.file('plain'), 'true']), /plain/);
});
