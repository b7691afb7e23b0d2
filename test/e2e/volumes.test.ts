import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {boxTest, refused} from '../helpers/box.js';
import {makeRootfs, scratch} from '../helpers/rootfs.js';

boxTest('a directory, both ways', async (t, box) => {
	box.file('volume/in', 'from outside');
	const result = await box.sh(['-v', `${box.path('volume')}:/v`], 'cat /v/in; echo -n from inside >/v/out');
	t.is(result.stdout, 'from outside');
	t.is(fs.readFileSync(box.path('volume/out'), 'utf8'), 'from inside');
});

boxTest('a single file, over one that is there and one that is not', async (t, box) => {
	const file = box.file('file', 'mine\n');
	const result = await box.sh(
		['-v', `${file}:/etc/issue`, '-v', `${file}:/new/place/file:ro`],
		'cat /etc/issue /new/place/file; echo more >>/etc/issue; echo x >>/new/place/file',
	);
	t.is(result.stdout, 'mine\nmine\n');
	t.regex(result.stderr, /Read-only file system/);
	t.is(fs.readFileSync(file, 'utf8'), 'mine\nmore\n');
});

boxTest('read-only in every spelling', async (t, box) => {
	const volume = box.directory('volume');
	const spellings = [
		['-v', `${volume}:/v:ro`],
		[`-v=${volume}:/v:ro`],
		[`-v${volume}:/v:ro`],
		['--volume', `${volume}:/v:ro`],
		['--mount', `type=bind,source=${volume},target=/v,readonly`],
		['--mount', `type=bind,src=${volume},dst=/v,ro`],
		['--mount', `type=bind,src=${volume},destination=/v,readonly=true`],
	];
	for (const flags of spellings) {
		const result = await box.sh(flags, 'touch /v/x');
		t.is(result.code, 1, flags.join(' '));
		t.regex(result.stderr, /Read-only file system/, flags.join(' '));
	}

	t.deepEqual(fs.readdirSync(volume), []);
});

boxTest('writable in every spelling', async (t, box) => {
	const volume = box.directory('volume');
	const spellings = [
		['-v', `${volume}:/v`],
		['-v', `${volume}:/v:rw`],
		['--mount', `type=bind,source=${volume},target=/v`],
		['--mount', `type=bind,source=${volume},target=/v,readonly=false`],
	];
	for (const flags of spellings) {
		t.is((await box.sh(flags, 'touch /v/x && rm /v/x')).code, 0, flags.join(' '));
	}
});

boxTest('nested, in any order: each is seen', async (t, box) => {
	for (const name of ['a', 'b', 'c']) {
		box.file(`${name}/which`, name);
	}

	fs.mkdirSync(box.path('a/b/c'), {recursive: true});
	fs.mkdirSync(box.path('b/c'), {recursive: true});
	const volumes = ['a:/a', 'b:/a/b', 'c:/a/b/c'].map(text => ['-v', `${box.dir}/${text}`]);
	const orders = [
		[0, 1, 2],
		[2, 1, 0],
		[1, 2, 0],
		[1, 0, 2],
	];
	for (const order of orders) {
		const flags = order.flatMap(index => volumes[index] as string[]);
		t.is((await box.run([...flags, 'cat', '/a/which', '/a/b/which', '/a/b/c/which'])).stdout, 'abc', order.join());
	}
});

boxTest('a read-only volume in a writable one, and the other way round', async (t, box) => {
	fs.mkdirSync(box.path('outer/inner'), {recursive: true});
	const inner = box.directory('other');
	const outerRo = await box.sh(
		['-v', `${inner}:/o/inner`, '-v', `${box.path('outer')}:/o:ro`],
		'touch /o/inner/x && echo inner; touch /o/x || echo outer',
	);
	t.is(outerRo.stdout, 'inner\nouter\n');
	const innerRo = await box.sh(
		['-v', `${box.path('outer')}:/o`, '-v', `${inner}:/o/inner:ro`],
		'touch /o/x && echo outer; touch /o/inner/y || echo inner',
	);
	t.is(innerRo.stdout, 'outer\ninner\n');
});

boxTest('a volume on a target that a read-only volume lacks is refused, and nothing is made in it', async (t, box) => {
	const outer = box.directory('outer');
	refused(
		t,
		await box.run(['-v', `${outer}:/o:ro`, '-v', `${box.directory('inner')}:/o/missing`, 'true']),
		/\/o\/missing/,
	);
	t.deepEqual(fs.readdirSync(outer), []);
});

boxTest('the same target twice is refused', async (t, box) => {
	refused(t, await box.run(['-v', `${box.directory('a')}:/v`, '-v', `${box.directory('b')}:/v/`, 'true']), /\/v/);
});

const names = [
	'a b',
	'a,b',
	"it's",
	'a"b',
	'a\\b',
	'$HOME',
	'`x`',
	'a\nb',
	'ü€😀',
	'-rf',
	'*',
	'a=b',
	'%s',
	'\\040',
	' lead',
	'trail ',
	'a#b',
	'ro',
];
for (const name of names) {
	boxTest(`a volume named ${JSON.stringify(name)}, inside and outside`, async (t, box) => {
		box.file(`${name}/file`, 'found');
		const result = await box.run(['-v', `${box.path(name)}:/mnt/${name}`, 'cat', `/mnt/${name}/file`]);
		t.deepEqual(result, {code: 0, signal: undefined, stdout: 'found', stderr: ''});
		const readOnly = await box.run(['-v', `${box.path(name)}:/mnt/${name}:ro`, 'touch', `/mnt/${name}/x`]);
		t.regex(readOnly.stderr, /Read-only/);
	});
}

for (const name of ['a,b', 'a"b', 'a:b', 'a\nb', 'ü', 'a b']) {
	boxTest(`--mount quotes as CSV does: ${JSON.stringify(name)}`, async (t, box) => {
		box.file(`${name}/file`, 'found');
		const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
		const flag = `type=bind,${quote(`source=${box.path(name)}`)},${quote(`target=/mnt/${name}`)}`;
		t.is((await box.run(['--mount', flag, 'cat', `/mnt/${name}/file`])).stdout, 'found');
	});
}

boxTest('a colon cannot be said with -v, and is not guessed', async (t, box) => {
	box.directory('a:b');
	refused(t, await box.run(['-v', `${box.path('a:b')}:/v:ro`, 'true']), /-v: more than two colons/);
});

boxTest('a relative path is one of the caller’s working directory', async (t, box) => {
	box.file('here/file', 'found');
	t.is((await box.run(['-v', './here:/v', 'cat', '/v/file'])).stdout, 'found');
	t.is((await box.run(['-v', '../here:/v', 'cat', '/v/file'], {cwd: box.directory('sub')})).stdout, 'found');
});

boxTest('symbolic links: followed outside, as the caller means them; kept inside, within the root', async (t, box) => {
	box.file('real/file', 'found');
	fs.symlinkSync('real', box.path('link'));
	t.is((await box.run(['-v', `${box.path('link')}:/v`, 'cat', '/v/file'])).stdout, 'found');
	const rootfs = makeRootfs(scratch('links'));
	fs.symlinkSync('/home', path.join(rootfs, 'to-home'));
	fs.symlinkSync('../../../../../../../tmp', path.join(rootfs, 'climb'));
	const run = (target: string, ...command: string[]) =>
		box.cli(['run', '--rm', '--rootfs', rootfs, '-v', `${box.path('real')}:${target}`, ...command]);
	t.is((await run('/to-home/v', 'cat', '/home/v/file')).stdout, 'found');
	t.is((await run('/climb/v', 'cat', '/tmp/v/file')).stdout, 'found');
});

boxTest('what is mounted below a volume comes with it', async (t, box) => {
	t.regex((await box.run(['-v', '/proc:/host-proc', 'cat', `/host-proc/${process.pid}/comm`])).stdout, /node/);
});

boxTest(
	'read-only is read-only all the way down',
	async (t, box) => {
		const volume = box.directory('volume/sub');
		execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', volume]);
		try {
			const result = await box.sh(['-v', `${box.path('volume')}:/v:ro`], 'touch /v/x; touch /v/sub/x; echo over');
			t.is(result.stdout, 'over\n');
			t.is(result.stderr.match(/Read-only file system/g)?.length, 2);
			const mount = await box.sh(
				['--mount', `type=bind,source=${box.path('volume')},target=/v,readonly`],
				'touch /v/sub/x',
			);
			t.regex(mount.stderr, /Read-only file system/);
			t.is((await box.sh(['-v', `${box.path('volume')}:/v`], 'touch /v/sub/x')).code, 0);
		} finally {
			execFileSync('umount', [volume]);
		}
	},
	{as: 'root'},
);

boxTest(
	'mounts do not cross over, in either direction, even from a shared mount',
	async (t, box) => {
		const volume = box.directory('shared');
		execFileSync('mount', ['--bind', volume, volume]);
		execFileSync('mount', ['--make-shared', volume]);
		try {
			fs.mkdirSync(box.path('shared/inside'));
			const flags = ['-v', `${volume}:/v`, '--cap-add', 'SYS_ADMIN'];
			const result = await box.sh(flags, 'mount -t tmpfs tmpfs /v/inside && touch /v/inside/x && echo mounted');
			t.is(result.stdout, 'mounted\n', result.stderr);
			t.deepEqual(fs.readdirSync(box.path('shared/inside')), []);
		} finally {
			execFileSync('umount', [volume]);
		}
	},
	{as: 'root'},
);

boxTest('below /dev and /tmp', async (t, box) => {
	const file = box.file('file', 'found');
	t.is(
		(await box.run(['-v', `${file}:/dev/extra/file`, '-v', `${file}:/tmp/file`, 'cat', '/dev/extra/file', '/tmp/file']))
			.stdout,
		'foundfound',
	);
});

boxTest('many volumes', async (t, box) => {
	const flags = Array.from({length: 60}, (_, index) => [
		'-v',
		`${box.file(`v${index}`, `${index} `)}:/many/${index}`,
	]).flat();
	const result = await box.sh(flags, 'cat /many/* | wc -w');
	t.is(result.stdout, '60\n');
});

boxTest('--tmpfs over a volume’s place, a volume in a --tmpfs', async (t, box) => {
	const file = box.file('v/file', 'found');
	t.is((await box.run(['-v', `${path.dirname(file)}:/t/v`, '--tmpfs', '/t', 'cat', '/t/v/file'])).stdout, 'found');
});
