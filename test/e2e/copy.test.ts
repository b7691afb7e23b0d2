/** `cp`: docker's rules in both directions. */
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import {boxTest, refused} from '../helpers/box.js';
import {hostileRootfs} from '../helpers/canary.js';
import {copies, inside, withContainer} from '../helpers/copy.js';
import {cli} from '../helpers/project.js';

const uid = process.geteuid?.();
const read = (file: string) => fs.readFileSync(file, 'utf8');
const list = (directory: string) => fs.readdirSync(directory, {recursive: true, encoding: 'utf8'}).sort().join(' ');

boxTest('a file, both ways, while the container runs and when it has ended', async (t, box) => {
	await withContainer(t, box, [], 'echo inner >/file; chmod 751 /file', async () => {
		for (const when of ['running', 'stopped']) {
			if (when === 'stopped') {
				await box.cli(['stop', '-t', '0', 'c']);
			}

			await copies(t, box, 'c:/file', `${when}-out`);
			t.is(read(box.path(`${when}-out`)), 'inner\n');
			t.like(fs.statSync(box.path(`${when}-out`)), {mode: 0o100751, uid});
			fs.chmodSync(box.file(`${when}-in`, 'outer'), 0o640);
			fs.utimesSync(box.path(`${when}-in`), 1e9, 1e9);
			await copies(t, box, `${when}-in`, 'c:/');
		}

		t.is((await box.cli(['start', 'c'])).code, 0);
		const seen = await inside(box, "cat /*-in; stat -c '%a %u:%g %Y' /*-in");
		t.is(seen, 'outerouter640 0:0 1000000000\n640 0:0 1000000000\n');
	});
});

boxTest('a container that was only created', async (t, box) => {
	const created = await box.cli(['create', '--name', 'c', '--rootfs', box.rootfs, 'cat', '/in']);
	t.is(created.code, 0, created.stderr);
	await copies(t, box, box.file('in', 'from outside'), 'c:/in');
	t.is((await box.cli(['start', '-a', 'c'])).stdout, 'from outside');
	await box.cli(['rm', 'c']);
});

boxTest('docker’s rules, out of a container', async (t, box) => {
	await withContainer(t, box, [], 'mkdir -p /d/e; echo 1 >/d/f; ln -s d /l; ln -s /d/f /lf', async () => {
		await copies(t, box, 'c:/d', 'new');
		t.is(list(box.path('new')), 'e f', 'the new name');
		await copies(t, box, 'c:/d', 'new');
		t.is(list(box.path('new')), 'd d/e d/f e f', 'into what is there');
		await copies(t, box, 'c:d/.', box.directory('dot'));
		t.is(list(box.path('dot')), 'e f', 'what is in it');
		await copies(t, box, 'c:/d/', `${box.directory('slash')}/`);
		t.is(list(box.path('slash')), 'd d/e d/f');
		await copies(t, box, 'c:/d/f', 'dot/');
		await copies(t, box, 'c:/d/f', box.file('old', 'something longer'));
		t.is(read(box.path('old')), '1\n');
		await copies(t, box, 'c:/l', 'link');
		t.is(fs.readlinkSync(box.path('link')), 'd');
		await copies(t, box, '-L', 'c:/l', 'followed');
		t.is(list(box.path('followed')), 'e f');
		await copies(t, box, '-L', 'c:/lf', box.directory('named'));
		t.is(list(box.path('named')), 'lf', 'the name that was asked for');
		await copies(t, box, 'c:/l/', 'by-slash');
		t.is(list(box.path('by-slash')), 'e f', 'a slash follows');
		fs.symlinkSync('slash', box.path('to-slash'));
		await copies(t, box, 'c:/d/f', 'to-slash');
		t.is(list(box.path('slash')), 'd d/e d/f f', 'a link to a directory is followed');
	});
});

boxTest('what cannot be copied out', async (t, box) => {
	box.file('old');
	await withContainer(t, box, [], 'mkdir /d; echo 1 >/d/f', async () => {
		refused(t, await box.cli(['cp', 'c:/d', 'old']), /is there and no directory/);
		refused(t, await box.cli(['cp', 'c:/d/f', 'old/']), /'old\/': not a directory/);
		refused(t, await box.cli(['cp', 'c:/d/f', 'missing/']), /no such directory/);
		refused(t, await box.cli(['cp', 'c:/d/f', 'missing/f']), /there is no directory/);
		refused(t, await box.cli(['cp', 'c:/d/f/', 'x']), /Not a directory/);
		refused(t, await box.cli(['cp', 'c:/nothing', 'x']), /\/nothing: No such file or directory/);
		t.false(fs.existsSync(box.path('x')));
	});
});

boxTest('docker’s rules, into a container', async (t, box) => {
	box.file('d/e/f', '1');
	box.file('a:b', 'colon');
	fs.symlinkSync('d', box.path('l'));
	const script = 'mkdir /have /have2 /have3; echo 2 >/file; ln -s have /to; ln -s /file /lf';
	await withContainer(t, box, [], script, async () => {
		const find = (name: string) => inside(box, `cd ${name} && find . | sort | tr '\n' ' '`);
		await copies(t, box, 'd', 'c:/new');
		t.is(await find('/new'), '. ./e ./e/f ');
		await copies(t, box, 'd', 'c:/have');
		t.is(await find('/have'), '. ./d ./d/e ./d/e/f ');
		await copies(t, box, 'd/.', 'c:/have2');
		t.is(await find('/have2'), '. ./e ./e/f ');
		await copies(t, box, './a:b', 'c:/to/');
		t.is(await inside(box, 'cat /have/a:b'), 'colon', 'a link to a directory is followed, inside');
		await copies(t, box, './a:b', 'c:/lf');
		t.is(await inside(box, 'test -L /lf && cat /file'), 'colon', 'a link to a file, too');
		await copies(t, box, 'l', 'c:/have3');
		await copies(t, box, '-L', 'l', 'c:/have3/copy');
		t.is(await find('/have3'), '. ./copy ./copy/e ./copy/e/f ./l ');
		await copies(t, box, 'd/e/../.', 'c:/all');
		t.is(await find('/all'), '. ./e ./e/f ');
		refused(t, await box.cli(['cp', 'd', 'c:/file']), /is there and no directory/);
		refused(t, await box.cli(['cp', './a:b', 'c:/file/']), /no such directory/);
		refused(t, await box.cli(['cp', './a:b', 'c:/x/y']), /\/x\/y: No such file or directory/);
		refused(t, await box.cli(['cp', 'nothing', 'c:/']), /'nothing': no such file or directory/);
	});
});

boxTest('bad command lines', async (t, box) => {
	refused(t, await box.cli(['cp', 'a']), /SRC and DEST/);
	refused(t, await box.cli(['cp', 'a', 'b', 'c']), /SRC and DEST/);
	refused(t, await box.cli(['cp', 'a', 'b']), /neither is a CONTAINER:PATH/);
	refused(t, await box.cli(['cp', 'a:/x', 'b:/y']), /between/);
	refused(t, await box.cli(['cp', 'a:', 'b']), /PATH/);
	refused(t, await box.cli(['cp', 'nobody:/x', 'b']), /there is no container 'nobody'/);
	refused(t, await box.cli(['cp', '-', '-']), /neither/);
	refused(t, await box.cli(['cp', '', 'a:/']), /empty/);
});

boxTest('archives on stdout and stdin', async (t, box) => {
	await withContainer(t, box, [], 'mkdir -p /d/e; echo 1 >/d/e/f; mkdir /in', async () => {
		const archive = async (path: string) =>
			Buffer.from((await box.start(['cp', path, '-'], {encoding: 'buffer'})).stdout as unknown as Uint8Array);
		const bytes = await archive('c:/d');
		t.is(execFileSync('tar', ['-t'], {input: bytes, encoding: 'utf8'}), 'd/\nd/e/\nd/e/f\n');
		t.is(execFileSync('tar', ['-t'], {input: await archive('c:/d/.'), encoding: 'utf8'}), './\n./e/\n./e/f\n');
		const taken = await box.cli(['cp', '-', 'c:/in'], {stdin: 'pipe', input: bytes});
		t.is(taken.code, 0, taken.stderr);
		t.is(await inside(box, 'cat /in/d/e/f'), '1\n');
		refused(t, await box.cli(['cp', '-', 'c:/missing'], {stdin: 'pipe', input: bytes}), /\/missing: no such dir/);
		refused(t, await box.cli(['cp', '-', 'c:/in'], {stdin: 'pipe', input: 'noise'.repeat(300)}), /no tar archive/);
		refused(t, await box.cli(['cp', '-', 'c:/in']), /ends early/);
	});
});

boxTest('a reader of the archive that goes away is no failure', async (t, box) => {
	await withContainer(t, box, [], '', async () => {
		const script = 'set -o pipefail; "$0" cp c:/ - | head -c 10 >/dev/null';
		const result = await box.spawn('/bin/bash', ['-c', script, cli]);
		t.deepEqual([result.exitCode, result.stderr], [0, '']);
	});
});

boxTest('names with anything in them, long ones, deep trees, large files', async (t, box) => {
	const odd = 'new\nline \t\x1b[31m"\'`$(touch x)` -rf * é';
	const long = 'x'.repeat(250);
	box.file(`src/${odd}/${odd}`, 'odd');
	box.file(`src/${long}/${long}/${long}`, 'long');
	const deep = `src/${'d/'.repeat(400)}`;
	fs.mkdirSync(box.path(deep), {recursive: true});
	fs.writeFileSync(`${box.path(deep)}/bottom`, 'deep');
	fs.writeFileSync(box.path('src/large'), Buffer.alloc(20_000_000, 'large file '));
	await withContainer(t, box, [], '', async () => {
		await copies(t, box, 'src', 'c:/src');
		await copies(t, box, 'c:/src', 'back');
		execFileSync('diff', ['-r', box.path('src'), box.path('back')]);
		await copies(t, box, `c:/src/${odd}/${odd}`, odd);
		t.is(read(box.path(odd)), 'odd');
	});
});

boxTest(
	'with -a numeric ids and setuid bits are kept, without it neither',
	async (t, box) => {
		const script = 'mkdir /d; cp /bin/busybox /d/su; chown 7:8 /d/su /d; chmod 6755 /d/su';
		await withContainer(t, box, [], script, async () => {
			await copies(t, box, 'c:/d', 'plain');
			t.like(fs.statSync(box.path('plain/su')), {mode: 0o100755, uid: 0, gid: 0});
			await copies(t, box, '-a', 'c:/d', 'kept');
			t.like(fs.statSync(box.path('kept/su')), {mode: 0o106755, uid: 7, gid: 8});
			t.like(fs.statSync(box.path('kept')), {uid: 7, gid: 8});
			await copies(t, box, '-a', 'kept/.', 'c:/back');
			await copies(t, box, 'kept/.', 'c:/roots');
			t.is(await inside(box, "stat -c '%u:%g %a' /back/su /roots/su"), '7:8 6755\n0:0 755\n');
		});
	},
	{as: 'root'},
);

boxTest(
	'what belongs to other ids of the container is copied out as the caller’s',
	async (t, box) => {
		const script = 'mkdir -m 700 /d; echo x >/d/f; chmod 600 /d/f; chown -R 7:8 /d';
		await withContainer(t, box, [], script, async () => {
			await copies(t, box, '-a', 'c:/d', 'out');
			t.like(fs.statSync(box.path('out/f')), {mode: 0o100600, uid});
			await copies(t, box, 'out/f', 'c:/in');
			await box.cli(['stop', '-t', '0', 'c']);
			await copies(t, box, 'c:/d/f', 'again');
			t.is(read(box.path('again')), 'x\n');
		});
	},
	{as: 'ranges'},
);

boxTest(
	'--user 1000 with one id only: what is copied in belongs to it',
	async (t, box) => {
		await withContainer(t, box, ['--user', '1000:1000'], '', async () => {
			await copies(t, box, box.file('f', 'x'), 'c:/tmp/f');
			t.is(await inside(box, "stat -c '%u:%g' /tmp/f"), '1000:1000\n');
			await box.cli(['stop', '-t', '0', 'c']);
			await copies(t, box, box.path('f'), 'c:/tmp/g');
			await copies(t, box, 'c:/tmp/g', 'g');
			t.like(fs.statSync(box.path('g')), {uid});
		});
	},
	{as: 'plain'},
);

boxTest(
	'a container without any capability is copied from and to all the same',
	async (t, box) => {
		await withContainer(t, box, ['--cap-drop', 'all'], '', async () => {
			await copies(t, box, box.file('f', 'x'), 'c:/f');
			await copies(t, box, 'c:/f', 'g');
		});
	},
	{as: 'root'},
);

boxTest('volumes are seen while the container runs, and untouched when it does not', async (t, box) => {
	const volume = box.directory('volume');
	fs.chmodSync(volume, 0o777);
	await withContainer(t, box, ['-v', `${volume}:/v`, '-v', `${volume}:/ro:ro`], '', async () => {
		await copies(t, box, box.file('f', 'x'), 'c:/v/f');
		t.is(read(`${volume}/f`), 'x');
		refused(t, await box.cli(['cp', box.path('f'), 'c:/ro/f']), /Read-only file system/);
		await box.cli(['stop', '-t', '0', 'c']);
		await copies(t, box, box.path('f'), 'c:/v/g');
		t.deepEqual(fs.readdirSync(volume), ['f']);
	});
});

boxTest('a read-only root file system stays so', async (t, box) => {
	await withContainer(t, box, ['--read-only'], '', async () => {
		refused(t, await box.cli(['cp', box.file('f', 'x'), 'c:/f']), /Read-only file system/);
		await box.cli(['stop', '-t', '0', 'c']);
		refused(t, await box.cli(['cp', box.path('f'), 'c:/f']), /Read-only file system/);
	});
});

boxTest('--overlay tmpfs: while it runs, and then no more', async (t, box) => {
	await withContainer(t, box, ['--overlay', 'tmpfs'], 'echo 1 >/f', async () => {
		await copies(t, box, 'c:/f', 'f');
		await box.cli(['stop', '-t', '0', 'c']);
		refused(t, await box.cli(['cp', 'c:/f', 'g']), /does not run.*in memory/);
		refused(t, await box.cli(['cp', 'f', 'c:/g']), /does not run.*in memory/);
	});
});

boxTest('--overlay DIR and --overlay none', async (t, box) => {
	const rootfs = hostileRootfs(box, 'own', () => {});
	for (const flags of [
		['--overlay', box.path('layers')],
		['--overlay', 'none', '--rootfs', rootfs],
	]) {
		await withContainer(t, box, flags, 'echo 1 >/f', async () => {
			await box.cli(['stop', '-t', '0', 'c']);
			await copies(t, box, 'c:/f', 'f');
			await copies(t, box, 'f', 'c:/g');
		});
	}

	t.is(read(box.path('layers/upper/g')), '1\n');
	t.is(read(`${rootfs}/g`), '1\n');
});

boxTest('a container that is being copied into is not started meanwhile', async (t, box) => {
	t.is((await box.cli(['create', '--name', 'c', '--rootfs', box.rootfs, 'true'])).code, 0);
	const copying = box.start(['cp', '-', 'c:/tmp'], {stdin: 'pipe'});
	const containers = `${box.state}/containers`;
	const files = () => fs.readdirSync(containers).flatMap(id => fs.readdirSync(`${containers}/${id}`));
	for (let i = 0; i < 400 && !files().some(name => name.startsWith('lock.')); i++) {
		await new Promise(resolve => setTimeout(resolve, 10));
	}

	const starting = box.cli(['start', 'c']);
	await new Promise(resolve => setTimeout(resolve, 300));
	t.is(JSON.parse((await box.cli(['inspect', 'c'])).stdout)[0].state.status, 'created');
	copying.stdin?.end(Buffer.alloc(1024));
	t.is((await copying).exitCode, 0);
	t.is((await starting).code, 0);
	await box.cli(['rm', '-f', 'c']);
});

boxTest('a copy that is killed leaves nothing behind', async (t, box) => {
	await withContainer(t, box, [], 'mkdir /in', async () => {
		for (const signal of ['SIGINT', 'SIGKILL'] as const) {
			const copying = box.start(['cp', '-', 'c:/in'], {stdin: 'pipe'});
			await new Promise(resolve => setTimeout(resolve, 500));
			copying.kill(signal);
			const result = await copying;
			t.true(result.exitCode === 130 || result.signal === 'SIGKILL', String(result.stderr));
		}
	});
});
