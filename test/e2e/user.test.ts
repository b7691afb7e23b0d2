import fs from 'node:fs';
import path from 'node:path';
import {type Box, boxTest, refused} from '../helpers/box.js';
import {hasRanges, isRoot} from '../helpers/project.js';
import {makeRootfs, scratch} from '../helpers/rootfs.js';

/** More than one id can be had. */
const manyIds = isRoot || hasRanges;
const idsOf = async (box: Box, user: string) => (await box.run(['--user', user, 'id'])).stdout;

boxTest('names and numbers, user and group', async (t, box) => {
	const app = 'uid=1000(app) gid=1000(app)';
	t.true((await idsOf(box, 'app')).startsWith(app));
	t.true((await idsOf(box, '1000')).startsWith(app));
	t.true((await idsOf(box, '1000:1000')).startsWith(app));
	t.true((await idsOf(box, 'app:app')).startsWith(app));
	t.true((await idsOf(box, 'app:5000')).startsWith('uid=1000(app) gid=5000(extra)'));
	t.true((await idsOf(box, 'app:extra')).startsWith('uid=1000(app) gid=5000(extra)'));
	t.true((await idsOf(box, '0')).startsWith('uid=0(root) gid=0(root)'));
	t.true((await idsOf(box, 'root')).startsWith('uid=0(root) gid=0(root)'));
	t.true((await idsOf(box, 'nobody')).startsWith('uid=65534(nobody) gid=65534(nogroup)'));
});

boxTest('a number that passwd does not know: gid 0, as with docker', async (t, box) => {
	t.regex(await idsOf(box, '12345'), /^uid=12345 gid=0\(root\)/);
	t.regex(await idsOf(box, '12345:54321'), /^uid=12345 gid=54321/);
});

boxTest('the groups of the image, unless a group was given', async (t, box) => {
	const groups = async (user: string) => (await box.probe(t, ['--user', user])).groups;
	if (manyIds) {
		t.deepEqual(await groups('app'), [29, 1000, 5000]);
		t.deepEqual(await groups('1001'), [1001, 5000]);
	}

	t.deepEqual(await groups('app:app'), [1000]);
});

boxTest('--group-add: names and numbers', async (t, box) => {
	const flags = ['--user', '1000:5000', '--group-add', '29', '--group-add', 'daemon'];
	if (manyIds) {
		t.like(await box.probe(t, flags), {gid: [5000, 5000, 5000], groups: [1, 29, 5000]});
	} else {
		refused(t, await box.run([...flags, 'true']), /group/);
	}
});

boxTest('HOME follows the user, and -e goes first', async (t, box) => {
	const home = async (...flags: string[]) => (await box.sh(flags, 'echo $HOME')).stdout;
	t.is(await home(), '/root\n');
	t.is(await home('--user', 'app'), '/home/app\n');
	t.is(await home('--user', '1000'), '/home/app\n');
	t.is(await home('--user', '12345'), '/\n');
	t.is(await home('--user', 'app', '-e', 'HOME=/x'), '/x\n');
});

boxTest('a user can write what is his, and only that', async (t, box) => {
	const result = await box.sh(
		['--user', 'app'],
		'touch /tmp/mine && stat -c %u:%g /tmp/mine; touch /etc/x; cat /proc/1/environ >/dev/null && echo own',
	);
	t.regex(result.stdout, /^1000:1000\n/);
	if (manyIds) {
		t.regex(result.stderr, /\/etc\/x: Permission denied/);
	}
});

boxTest('files of the container’s root are the caller’s outside', async (t, box) => {
	const volume = box.directory('volume');
	t.is((await box.sh(['-v', `${volume}:/v`], 'touch /v/file; mkdir /v/dir')).code, 0);
	const {uid} = fs.statSync(path.join(volume, 'file'));
	const {gid} = fs.statSync(path.join(volume, 'dir'));
	t.deepEqual([uid, gid], [process.getuid?.() ?? -1, process.getgid?.() ?? -1]);
});

boxTest('as another user, in a working directory that root alone may enter', async (t, box) => {
	const result = await box.run(['--user', 'app', '-w', '/root', 'pwd']);
	t.true(result.code === 0 || /\/root: Permission denied/.test(result.stderr), result.stderr);
});

boxTest('names that nobody has', async (t, box) => {
	refused(t, await box.run(['--user', 'nobodyknows', 'true']), /nobodyknows/);
	refused(t, await box.run(['--user', 'app:nogroupatall', 'true']), /nogroupatall/);
	refused(t, await box.run(['--group-add', 'nogroupatall', 'true']), /nogroupatall/);
});

boxTest('without /etc/passwd there are numbers only', async (t, box) => {
	const rootfs = makeRootfs(scratch('nopasswd'));
	fs.rmSync(path.join(rootfs, 'etc'), {recursive: true});
	const run = (...args: string[]) => box.cli(['run', '--rm', '--rootfs', rootfs, ...args]);
	t.regex((await run('id')).stdout, /^uid=0 gid=0/);
	t.regex((await run('--user', '7:8', 'id')).stdout, /^uid=7 gid=8/);
	refused(t, await run('--user', 'app', 'true'), /app/);
});

boxTest(
	'without subordinate ids, the one id there is can be any',
	async (t, box) => {
		const {uidMap, gidMap, uid, gid} = await box.probe(t, ['--user', '1000:5000']);
		t.deepEqual(
			[uid, gid],
			[
				[1000, 1000, 1000],
				[5000, 5000, 5000],
			],
		);
		t.deepEqual([uidMap.length, gidMap.length], [1, 1]);
	},
	{as: 'plain'},
);

boxTest(
	'an id outside the ranges is refused',
	async (t, box) => {
		refused(t, await box.run(['--user', '4000000', 'true']), /4000000/);
	},
	{as: 'ranges'},
);

boxTest(
	'a user can enter nobody’s network',
	async (t, box) => {
		const id = await box.detached(t, ['--network', 'none'], 'sleep 1000');
		for (const network of [`container:${id}`, 'ns:/proc/self/ns/net'])
			refused(t, await box.run(['--network', network, 'true']), /only root can enter the network of another/);
	},
	{as: 'user'},
);
