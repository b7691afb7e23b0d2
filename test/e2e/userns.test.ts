/** `--userns`: whose ids a container has; and `--profile strict`, which brings one. */
import fs from 'node:fs';
import {type Box, boxTest, refused} from '../helpers/box.js';
import {hasRanges, isRoot} from '../helpers/project.js';
import {makeRootfs, scratch} from '../helpers/rootfs.js';

const ids = '/var/lib/minicontainer/ids';
const euid = process.geteuid?.() ?? 0;
const egid = process.getegid?.() ?? 0;

/** The ranges that are taken for containers of this test. */
const taken = (box: Box): string[] =>
	fs.existsSync(ids) ? fs.readdirSync(ids).filter(name => fs.readlinkSync(`${ids}/${name}`).includes(box.state)) : [];

const mapOf = (text: string): number[] => text.trim().split(/\s+/).map(Number);

boxTest(
	'private: root inside is nobody outside, and what is root’s in the image is root’s',
	async (t, box) => {
		const script =
			'cat /proc/self/uid_map; stat -c %u:%g /etc/passwd /root; touch /x && chown 1000:1000 /x && stat -c %u:%g /x';
		const {stdout, stderr} = await box.sh(['--userns', 'private'], script);
		t.is(stderr, '');
		const [map = '', ...owners] = stdout.trimEnd().split('\n');
		const [inside, outside = 0, size] = mapOf(map);
		t.deepEqual([inside, size], [0, 65536]);
		t.true(outside >= 65536);
		t.deepEqual(owners, ['0:0', '0:0', '1000:1000']);
		t.deepEqual(taken(box), [], 'the range is free again');
	},
	{as: 'root'},
);

boxTest(
	'private: no two containers share ids, and all that one can do works',
	async (t, box) => {
		const one = await box.detached(t, ['--userns', 'private'], 'echo one >/new; echo READY; exec sleep 1000');
		const two = await box.detached(t, ['--userns', 'auto:size=3000'], 'echo READY; exec sleep 1000');
		const map = async (id: string) => mapOf(await box.ok(t, 'exec', id, 'cat', '/proc/self/uid_map'));
		const [first, second] = [await map(one), await map(two)];
		t.not(first[1], second[1]);
		t.is(second[2], 3000);
		t.is(taken(box).length, 2);
		t.is(await box.ok(t, 'exec', one, 'stat', '-c', '%u', '/new'), '0\n');
		const {pid} = (await box.inspect(t, one)).state;
		t.is(fs.statSync(`/proc/${pid}`).uid, Number(first[1]), 'on the host it is nobody’s process');
		t.is(fs.statSync(box.kept(one, 'overlay/upper/new')).uid, 0, 'on disk the ids are the container’s');
		t.regex(await box.ok(t, 'diff', one), /^A \/new$/m);
		await box.ok(t, 'cp', `${one}:/new`, box.path('copied'));
		t.is(fs.readFileSync(box.path('copied'), 'utf8'), 'one\n');
		await box.ok(t, 'stop', '-t', '0', one);
		await box.ok(t, 'cp', `${one}:/new`, box.path('again'));
		t.regex(await box.ok(t, 'diff', one), /^A \/new$/m);
		await box.ok(t, 'start', one);
		t.deepEqual(await map(one), first, 'started again it has the same');
		await box.ok(t, 'rm', '-f', one, two);
		t.deepEqual(taken(box), []);
	},
	{as: 'root'},
);

boxTest(
	'private: every kind of overlay, another user, a terminal, a directory that is closed to others',
	async (t, box) => {
		const rootfs = makeRootfs(scratch('closed'));
		const dir = box.directory('closed');
		fs.chmodSync(dir, 0o700);
		const run = (...flags: string[]) =>
			box.cli([
				'run',
				'--rm',
				'--userns',
				'private',
				'--rootfs',
				rootfs,
				...flags,
				'sh',
				'-c',
				'id -u; : >/tmp/x && stat -c %u /tmp/x',
			]);
		for (const overlay of ['disk', 'tmpfs', 'none', dir]) {
			t.is((await run('--overlay', overlay, '--user', '1000', '--init')).stdout, '1000\n1000\n', overlay);
		}

		t.is(fs.statSync(`${rootfs}/tmp/x`).uid, 1000);
		t.is(fs.statSync(`${dir}/upper/tmp/x`).uid, 1000);
		refused(t, await run('--user', '70000'), /user 70000 has no id outside/);
		const terminal = await box.sh(['--userns', 'private', '-t'], 'tty; stat -c %u $(tty)');
		t.regex(terminal.stdout, /^\/dev\/pts\/0\s+0\s+$/);
	},
	{as: 'root'},
);

boxTest(
	'private: files of the host’s root are closed, its settings too, whatever the capabilities',
	async (t, box) => {
		fs.writeFileSync(box.path('secret'), 'secret', {mode: 0o600});
		const script = 'cat /secret; echo 1 >/proc/sys/kernel/core_pattern; hostname other && hostname';
		const flags = ['--userns', 'private', '-v', `${box.path('secret')}:/secret`, '--privileged'];
		const {stdout} = await box.sh(flags, `(${script}) 2>&1`);
		t.regex(stdout, /^cat: .*Permission denied\n.*core_pattern: Permission denied\nother\n$/);
	},
	{as: 'root'},
);

boxTest('keep-id: the caller has the id that he has outside', async (t, box) => {
	if (isRoot) {
		refused(t, await box.run(['--userns', 'keep-id', 'true']), /keep-id is for users/);
		return;
	}

	const volume = box.directory('volume');
	const script = 'id -u; id -g; touch /v/x && stat -c %u /v/x';
	const {stdout, stderr} = await box.sh(['--userns', 'keep-id', '-v', `${volume}:/v`], script);
	t.deepEqual([stdout, stderr], [`${euid}\n${egid}\n${euid}\n`, '']);
	t.is(fs.statSync(`${volume}/x`).uid, euid);
	const other = await box.sh(
		['--userns', 'keep-id:uid=33,gid=34', '-v', `${volume}:/v`],
		'id -u; id -g; stat -c %u /v/x',
	);
	t.is(other.stdout, '33\n34\n33\n');
	if (hasRanges) {
		const root = await box.sh(
			['--userns', 'keep-id', '--user', '0'],
			'id -u; stat -c %u /etc/passwd; : >/made && stat -c %u /made',
		);
		t.is(root.stdout, `0\n${euid}\n0\n`);
	}
});

boxTest('host, and private for users, is what there is anyway', async (t, box) => {
	const map = async (...flags: string[]) => (await box.sh(flags, 'cat /proc/self/uid_map')).stdout;
	t.is(await map('--userns', 'host'), await map());
	if (!isRoot) t.is(await map('--userns', 'private'), await map());
});

boxTest('--profile strict: the least', async (t, box) => {
	const sight = await box.probe(t, ['--profile', 'strict']);
	const none = '0'.repeat(16);
	t.like(sight, {CapBnd: none, CapPrm: none, CapEff: none, CapInh: none, CapAmb: none, NoNewPrivs: '1', Seccomp: '2'});
	t.not(mapOf(sight.uidMap.join?.(' ') ?? String(sight.uidMap))[1], 0, 'a user namespace');
	const script = 'touch /x; touch /dev/shm/y && echo yes; ls /sys/class/net; chown 1 /dev/shm/y';
	const {stdout, stderr} = await box.sh(['--profile', 'strict'], script);
	t.is(stdout, 'yes\nlo\n');
	t.regex(stderr, /\/x: Read-only file system\n.*(Operation not permitted|Invalid argument)/);
	const more = await box.probe(t, ['--profile', 'strict', '--cap-add', 'chown', '--read-only=false', '--tmpfs', '/t']);
	t.is(more.CapBnd, `${none.slice(1)}1`);
	if (isRoot) t.deepEqual(taken(box), []);
});
