/** Files of the container's own over those of its image, which may be hostile. */
import fs from 'node:fs';
import type {ExecutionContext} from 'ava';
import type {Content, Spec} from '../../src/spec/types.js';
import type {Box} from '../helpers/box.js';
import {Canary} from '../helpers/canary.js';
import {fails, helperTest} from '../helpers/helper-test.js';
import {changes, fingerprint, makeRootfs} from '../helpers/rootfs.js';
import {runHelper} from '../helpers/shim.js';
import {baseSpec} from '../helpers/spec.js';

const MINE: Content = {destination: '/etc/hosts', text: 'mine\n'};

function withContents(rootfs: string, script: string, ...contents: Content[]): Spec {
	const spec = baseSpec(rootfs, ['/bin/sh', '-c', script]);
	spec.minicontainer.contents = contents;
	return spec;
}

async function says(t: ExecutionContext, box: Box, binary: string, spec: Spec): Promise<string> {
	const {code, stdout, stderr} = await runHelper(box, binary, spec);
	t.deepEqual({code, stderr}, {code: 0, stderr: ''});
	return stdout;
}

helperTest('over what the image has, writable, and nothing of it on /dev', async (t, box, binary) => {
	const rootfs = makeRootfs();
	fs.writeFileSync(`${rootfs}/etc/hosts`, 'theirs\n');
	const before = fingerprint(rootfs);
	const script =
		'cat /etc/hosts; echo more >>/etc/hosts; cat /etc/hosts; ls -A /dev | grep contents; grep -o "/etc/hosts rw,nosuid,nodev,noexec" /proc/self/mountinfo';
	const plain = withContents(rootfs, script, MINE);
	const seen = 'mine\nmine\nmore\n/etc/hosts rw,nosuid,nodev,noexec\n';
	t.is(await says(t, box, binary, plain), seen);
	const {overlay: _, ...rest} = plain.minicontainer.rootfs ?? {};
	t.is(await says(t, box, binary, {...plain, minicontainer: {...plain.minicontainer, rootfs: rest}}), seen);
	t.is(await says(t, box, binary, {...plain, root: {path: rootfs, readonly: true}}), seen);
	t.deepEqual(changes(before, fingerprint(rootfs)), []);
});

helperTest('where the image has none it is left out, or made where it may be', async (t, box, binary) => {
	const rootfs = makeRootfs();
	const script = 'cat /etc/hosts /etc/new/file 2>&1';
	const left = withContents(rootfs, `${script}; true`, MINE, {...MINE, destination: '/etc/new/file'});
	t.is((await says(t, box, binary, left)).match(/No such file/g)?.length, 2);
	fs.rmSync(`${rootfs}/etc`, {recursive: true});
	const made = withContents(
		rootfs,
		script,
		{...MINE, make: 'must'},
		{destination: '/etc/new/file', text: '', make: 'must'},
	);
	t.is(await says(t, box, binary, made), 'mine\n');
});

helperTest('a large text, and one that is too large for /dev', async (t, box, binary) => {
	const text = 'x'.repeat(500_000);
	const file = {destination: '/etc/issue', text};
	t.is(await says(t, box, binary, withContents(box.rootfs, 'wc -c </etc/issue', file)), '500000\n');
	const large = withContents(box.rootfs, 'true', {...file, text: text.repeat(3)});
	await fails(t, box, binary, large, {step: 'contents', errno: 'ENOSPC'});
});

helperTest("one of the host's: made of the text, then kept as it is", async (t, box, binary) => {
	const source = box.path('hosts');
	const spec = withContents(box.rootfs, 'cat /etc/issue; echo more >>/etc/issue', {
		...{...MINE, destination: '/etc/issue', source},
	});
	t.is(await says(t, box, binary, spec), 'mine\n');
	t.is(await says(t, box, binary, spec), 'mine\nmore\n');
	t.is(fs.readFileSync(source, 'utf8'), 'mine\nmore\nmore\n');
	fs.rmSync(source);
	const canary = new Canary(box);
	fs.symlinkSync(canary.file, source);
	await fails(t, box, binary, spec, {step: 'own-files', errno: 'ELOOP'});
	fs.rmSync(source);
	fs.mkdirSync(source);
	await fails(t, box, binary, spec, {step: 'own-files', errno: 'EISDIR'});
	canary.check(t);
});

helperTest('CVE-2024-5154 CRI-O: links of the image’s do not lead out of it', async (t, box, binary) => {
	const canary = new Canary(box);
	const rootfs = makeRootfs();
	fs.symlinkSync(canary.file, `${rootfs}/etc/hosts`);
	fs.symlinkSync(`../../../../../..${canary.dir}/new`, `${rootfs}/etc/dangling`);
	fs.symlinkSync('self', `${rootfs}/etc/self`);
	const script = 'cat /etc/hosts; cat /etc/dangling';
	const make = 'must';
	const spec = withContents(rootfs, script, {...MINE, make}, {...MINE, destination: '/etc/dangling', make});
	t.is(await says(t, box, binary, spec), 'mine\nmine\n', 'inside of it they do lead somewhere');
	const loop = {...MINE, destination: '/etc/self'};
	t.is(await says(t, box, binary, withContents(rootfs, 'echo run', loop)), 'run\n', 'there is none');
	await fails(t, box, binary, withContents(rootfs, 'true', {...loop, make}), {step: 'contents', errno: 'ELOOP'});
	fs.rmSync(`${rootfs}/etc`, {recursive: true});
	fs.symlinkSync(canary.dir, `${rootfs}/etc`);
	t.is(await says(t, box, binary, withContents(rootfs, 'cat /etc/hosts', {...MINE, make})), 'mine\n');
	canary.check(t);
});

helperTest('what stands in the place and is no file, or leads into /proc or /dev', async (t, box, binary) => {
	const rootfs = makeRootfs();
	const spec = withContents(rootfs, 'true', {...MINE, make: 'must'});
	const places: [string, RegExp][] = [
		['/proc/self/status', /is in a procfs/],
		['/proc/sys/kernel/hostname', /is in a procfs/],
		['/dev/new', /leads to \/dev of the container's own/],
	];
	for (const [place, why] of places) {
		fs.symlinkSync(place, `${rootfs}/etc/hosts`);
		t.regex((await fails(t, box, binary, spec, {step: 'contents'})).message, why);
		fs.rmSync(`${rootfs}/etc/hosts`);
	}

	fs.mkdirSync(`${rootfs}/etc/hosts`);
	t.regex((await fails(t, box, binary, spec, {step: 'contents'})).message, /\/etc\/hosts of the image is a directory$/);
});

helperTest('without a tmpfs at /dev there is no room for it', async (t, box, binary) => {
	const spec = withContents(box.rootfs, 'true', {...MINE, destination: '/etc/issue'});
	const mounts = spec.mounts.filter(({destination}) => destination !== '/dev' && !destination.startsWith('/dev/'));
	const {links: _, ...minicontainer} = spec.minicontainer;
	const bare = {...spec, mounts, linux: {...spec.linux, devices: []}, minicontainer};
	t.regex((await fails(t, box, binary, bare, {step: 'contents'})).message, /\/dev is no tmpfs$/);
});

helperTest('where it is made if possible, and is not possible: it is left out', async (t, box, binary) => {
	const rootfs = makeRootfs();
	const {overlay: _, ...rest} = baseSpec(rootfs, []).minicontainer.rootfs ?? {};
	const bare = (make: 'try' | 'must'): Spec => {
		const spec = withContents(rootfs, 'cat /proc/none/hosts 2>/dev/null || echo none', {
			...MINE,
			destination: '/proc/none/hosts',
			make,
		});
		return {...spec, minicontainer: {...spec.minicontainer, rootfs: rest}};
	};
	t.is(await says(t, box, binary, bare('try')), 'none\n');
	await fails(t, box, binary, bare('must'), {step: 'contents'});
});
