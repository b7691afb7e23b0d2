import fs from 'node:fs';
import {boxTest, resultOf} from '../helpers/box.js';
import {helper, isRoot} from '../helpers/project.js';
import {changes, fingerprint} from '../helpers/rootfs.js';

boxTest('plan prints what the helper runs, without Node in between', async (t, box) => {
	const flags = ['--hostname', 'planned', '-e', 'A=1', '-w', '/home/app', '-v', `${box.file('v/f', 'volume\n')}:/f:ro`];
	const plan = await box.cli([
		'plan',
		'--rootfs',
		box.rootfs,
		...flags,
		'/bin/sh',
		'-c',
		'hostname; echo $A; pwd; cat /f; touch /made; exit 3',
	]);
	t.deepEqual([plan.code, plan.stderr], [0, '']);
	const file = box.file('spec.json', plan.stdout);
	t.deepEqual(resultOf(await box.spawn(helper, ['check', file])), {code: 0, signal: undefined, stdout: '', stderr: ''});
	for (let i = 0; i < 2; i++) {
		t.deepEqual(resultOf(await box.spawn(helper, ['run', file])), {
			code: 3,
			signal: undefined,
			stdout: 'planned\n1\n/home/app\nvolume\n',
			stderr: '',
		});
	}
});

boxTest('plan touches nothing, and starts nothing', async (t, box) => {
	const volume = box.directory('volume');
	const before = fingerprint(box.dir);
	const flags = [
		'--pidfile',
		box.path('pid'),
		'--overlay',
		box.path('kept'),
		'-v',
		`${volume}:/missing/target`,
		'--name',
		'x',
	];
	const result = await box.cli(['plan', '--rootfs', box.rootfs, ...flags, '/bin/true']);
	t.is(result.code, 0, result.stderr);
	t.deepEqual(changes(before, fingerprint(box.dir)), []);
});

boxTest('plan and run see the same container', async (t, box) => {
	const flags = [
		'--hostname',
		'same',
		'--cap-drop',
		'kill',
		'--ulimit',
		'nofile=100',
		'--shm-size',
		'1m',
		'--read-only',
		'--tmpfs',
		'/t',
		'--user',
		'1000',
	];
	const run = await box.probe(t, flags);
	const plan = await box.cli(['plan', '--rootfs', box.rootfs, '--overlay', 'tmpfs', ...flags, '/bin/probe']);
	const byHand = JSON.parse(String((await box.spawn(helper, ['run', box.file('spec.json', plan.stdout)])).stdout));
	for (const key of [
		'uid',
		'gid',
		'groups',
		'CapEff',
		'CapBnd',
		'NoNewPrivs',
		'env',
		'cwd',
		'umask',
		'hostname',
		'rlimits',
		'uidMap',
		'dev',
		'pid',
		'sid',
	]) {
		t.deepEqual(byHand[key], run[key], key);
	}

	const points = (sight: typeof run) => sight.mountinfo.map((line: string) => line.split(' ')[4]);
	t.deepEqual(points(byHand), points(run));
});

boxTest('plan --oci is a plain config.json', async (t, box) => {
	const {code, stdout, stderr} = await box.cli([
		'plan',
		'--oci',
		'--rootfs',
		box.rootfs,
		'--hostname',
		'x',
		'/bin/true',
	]);
	t.deepEqual([code, stderr], [0, '']);
	const config = JSON.parse(stdout);
	t.like(config, {hostname: 'x', process: {args: ['/bin/true']}, root: {path: box.rootfs}});
	t.regex(config.ociVersion, /^1\./);
	t.false('minicontainer' in config);
});

boxTest('a plan says of every default what it is', async (t, box) => {
	const {stdout} = await box.cli(['plan', '--rootfs', box.rootfs, '/bin/true']);
	const spec = JSON.parse(stdout);
	t.like(spec, {ociVersion: '1.2.0', process: {cwd: '/', noNewPrivileges: true}, minicontainer: {version: 1}});
	t.deepEqual(spec.minicontainer.rootfs.overlay.lower, [box.rootfs]);
	t.truthy(spec.minicontainer.rootfs.overlay.tmpfs, 'complete in itself');
	t.is(spec.linux.namespaces.length, isRoot ? 6 : 7);
});

boxTest('the environment of the caller is in a plan only where it was asked for', async (t, box) => {
	const env = {SECRET: 'do not tell', ASKED: 'tell'};
	const {stdout} = await box.cli(['plan', '--rootfs', box.rootfs, '-e', 'ASKED', '/bin/true'], {env});
	t.false(stdout.includes('do not tell'));
	t.true(stdout.includes('ASKED=tell'));
});

boxTest('a damaged plan is refused by the helper, by pointer', async (t, box) => {
	const {stdout} = await box.cli(['plan', '--rootfs', box.rootfs, '/bin/true']);
	const file = box.file('spec.json', stdout.replace('"noNewPrivileges"', '"noNewPriviledges"'));
	const result = resultOf(await box.spawn(helper, ['run', file]));
	t.is(result.code, 125);
	t.regex(result.stderr, /\/process\/noNewPriviledges: unknown key/);
});

boxTest('a plan is read by people', async (t, box) => {
	const {stdout} = await box.cli(['plan', '--rootfs', box.rootfs, '/bin/true']);
	t.true(stdout.split('\n').length > 20, 'indented');
	t.true(stdout.endsWith('}\n'));
	fs.accessSync(box.rootfs);
});
