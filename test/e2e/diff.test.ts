/** `diff`: what a container changed. */
import fs from 'node:fs';
import {type Box, boxTest, refused} from '../helpers/box.js';
import {hostileRootfs} from '../helpers/canary.js';

const script = `mkdir -p /new/deep; echo 1 >/new/deep/f; echo 2 >>/etc/issue; rm /etc/passwd
	rm -r /tree; mkdir /tree; echo 3 >/tree/again; echo 4 >/tree/more
	rm -r /gone; rm /was; mkdir /was; echo 5 >/was/f; ln -s /etc /link; touch "/new/a
b"; echo 6 >/never; rm /never`;

const expected = [
	...['C /etc', 'C /etc/issue', 'D /etc/passwd', 'D /gone', 'A /link', 'A /new', 'A /new/a\nb'],
	...['A /new/deep', 'A /new/deep/f', 'C /tree', 'C /tree/again', 'A /tree/more', 'D /tree/old'],
	...['D /tree/sub', 'C /was', 'A /was/f'],
];

function makeRootfs(box: Box): string {
	return hostileRootfs(box, 'rootfs', root => {
		for (const file of ['tree/old', 'tree/again', 'tree/sub/f', 'gone/f']) {
			fs.mkdirSync(`${root}/${file.slice(0, file.lastIndexOf('/'))}`, {recursive: true});
			fs.writeFileSync(`${root}/${file}`, '');
		}

		fs.writeFileSync(`${root}/was`, '');
	});
}

for (const layers of ['disk', 'DIR']) {
	boxTest(`what was added, changed and deleted, --overlay ${layers}`, async (t, box) => {
		const flags = ['--overlay', layers === 'DIR' ? box.path('layers') : layers, '--rootfs', makeRootfs(box)];
		const ran = await box.cli(['run', '--name', 'c', ...flags, 'sh', '-c', script]);
		t.deepEqual([ran.code, ran.stderr], [0, '']);
		const text = await box.cli(['diff', 'c']);
		t.deepEqual([text.code, text.stderr], [0, '']);
		t.deepEqual(
			text.stdout.trimEnd().split('\n'),
			expected.map(line => line.replace('\n', '\\u{a}')),
		);
		const changes: {kind: string; path: string}[] = JSON.parse(
			(await box.cli(['diff', '--format', 'json', 'c'])).stdout,
		);
		t.deepEqual(
			changes.map(({kind, path}) => `${kind} ${path}`),
			expected,
		);
		await box.cli(['rm', 'c']);
		// Where files were deleted the kernel keeps a whiteout for the next time, in a directory of mode 0.
		if (fs.existsSync(box.path('layers/work/work'))) {
			fs.chmodSync(box.path('layers/work/work'), 0o700);
		}
	});
}

boxTest('a container that changed nothing, and one that runs', async (t, box) => {
	t.is((await box.cli(['run', '-d', '--name', 'c', '--rootfs', box.rootfs, 'sleep', '1000'])).code, 0);
	t.deepEqual(await box.cli(['diff', 'c']), {code: 0, signal: undefined, stdout: '', stderr: ''});
	t.is((await box.cli(['exec', 'c', 'touch', '/tmp/x'])).code, 0);
	t.is((await box.cli(['diff', 'c'])).stdout, 'C /tmp\nA /tmp/x\n');
	await box.cli(['rm', '-f', 'c']);
});

boxTest('where there is nothing to compare, a line says so', async (t, box) => {
	await box.cli(['create', '--name', 'memory', '--overlay', 'tmpfs', '--rootfs', box.rootfs, 'true']);
	await box.cli(['create', '--name', 'none', '--overlay', 'none', '--rootfs', box.rootfs, 'true']);
	refused(t, await box.cli(['diff', 'memory']), /changes of container memory cannot be shown.*in memory/);
	refused(t, await box.cli(['diff', 'none']), /changes of container none cannot be shown.*no overlay/);
	refused(t, await box.cli(['diff', 'nobody']), /there is no container/);
	refused(t, await box.cli(['diff', '--format', 'yaml', 'none']), /neither text nor json/);
	await box.cli(['rm', 'memory', 'none']);
});
