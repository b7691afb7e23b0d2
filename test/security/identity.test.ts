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
			'--rm',
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
			JSON.parse((await box.cli(['run', '--rm', '--rootfs', rootfs, '--user', '1000', ...flags, 'probe'])).stdout);
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
			'--rm',
			'--rootfs',
			box.rootfs,
			'--user',
			'1000:1000',
			'probe',
		]);
		t.like(JSON.parse(String(result.stdout)), {gid: [1000, 1000, 1000], groups: [1000]});
		const root = await box.spawn('setpriv', [
			'--groups',
			'4,27,5555',
			cli,
			'run',
			'--rm',
			'--rootfs',
			box.rootfs,
			'probe',
		]);
		t.deepEqual(JSON.parse(String(root.stdout)).groups, [0]);
		const unknown = await box.spawn('setpriv', [
			'--groups',
			'4,27,5555',
			cli,
			'run',
			'--rm',
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
			const result = await box.cli(['run', '--rm', '--rootfs', rootfs, ...flags, 'id', '-u']);
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
		(
			await box.cli([
				'run',
				'--rm',
				'--rootfs',
				rootfs,
				'--user',
				user,
				'sh',
				'-c',
				'grep -E "^[UG]id" /proc/self/status',
			])
		).stdout;
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
