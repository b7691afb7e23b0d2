/** What minicontainer-oci has planned: dist/minicontainer-oci-plan.cjs by itself. */
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {readSpec} from '../../src/spec/read.js';
import {type Box, boxTest} from '../helpers/box.js';
import {project} from '../helpers/project.js';

const planner = path.join(project, 'dist/minicontainer-oci-plan.cjs');

/** The spec comes on descriptor 3. */
function plan(box: Box, words: string[], input = '') {
	const {status, stdout, stderr, output} = spawnSync(process.execPath, [planner, ...words], {
		...{cwd: box.dir, env: box.env, encoding: 'utf8', input, stdio: ['pipe', 'pipe', 'pipe', 'pipe']},
	});
	return {status, stdout, stderr, spec: String(output[3] ?? '')};
}

/** A bundle as `spec` makes it, with some of it changed. */
function bundle(box: Box, change: object = {}): string {
	const directory = box.directory('bundle');
	const made = plan(box, ['spec', `--bundle=${directory}`]);
	if (made.status !== 0) throw new Error(made.stderr);
	const file = path.join(directory, 'config.json');
	fs.writeFileSync(file, JSON.stringify({...JSON.parse(fs.readFileSync(file, 'utf8')), ...change}));
	return directory;
}

const create = (box: Box, directory: string, ...more: string[]) =>
	plan(box, ['create', 'x', `--bundle=${directory}`, `--state=${box.directory('state')}`, ...more]);

boxTest('create: the spec of a bundle, its system calls filtered', async (t, box) => {
	const seccomp = {
		...{defaultAction: 'SCMP_ACT_ALLOW', listenerMetadata: 'passed over'},
		syscalls: [{names: ['mkdir'], action: 'SCMP_ACT_ERRNO', errnoRet: 1}],
	};
	const directory = bundle(box);
	const config = JSON.parse(fs.readFileSync(path.join(directory, 'config.json'), 'utf8'));
	fs.writeFileSync(path.join(directory, 'config.json'), JSON.stringify({...config, linux: {...config.linux, seccomp}}));
	const {status, stderr, stdout, spec} = create(box, directory, '--no-new-keyring');
	t.deepEqual([status, stderr, stdout], [0, '', '']);
	const made = readSpec(spec);
	t.is(made.root?.path, path.join(directory, 'rootfs'));
	t.true(made.minicontainer.seccomp !== undefined);
	t.is(made.minicontainer.newKeyring, false);
	t.true(made.minicontainer.cgroup?.join.some(group => group.endsWith('/x')));
});

boxTest('create: what is wrong is one line, with its place', async (t, box) => {
	const directory = bundle(box, {hostname: 5});
	t.like(create(box, directory), {status: 1, spec: '', stderr: '/hostname: must be a string\n'});
	fs.rmSync(path.join(directory, 'config.json'));
	t.regex(create(box, directory).stderr, /config\.json: no such file\n$/);
	const other = create(box, directory, '--systemd-cgroup');
	t.is(other.status, 1);
});

boxTest('exec: the container’s own process with what is changed, or another from a file', async (t, box) => {
	const file = box.file('spec.json', create(box, bundle(box)).spec);
	const words = ['exec', 'x', `--spec=${file}`, `--pid=${process.pid}`, '--start-time=1', `--state=${box.dir}`];
	const changed = plan(box, [
		...words,
		'--env=A=1',
		'--user=5:6',
		'--cap=CAP_CHOWN',
		'--tty',
		'--cwd=/tmp',
		'--',
		'id',
	]);
	t.deepEqual([changed.status, changed.stderr], [0, '']);
	const {process: own, minicontainer} = readSpec(changed.spec);
	t.like(own, {args: ['id'], terminal: true, cwd: '/tmp', noNewPrivileges: true});
	t.like(own.user, {uid: 5, gid: 6});
	t.true(own.env.includes('A=1') && own.capabilities?.permitted?.includes('CAP_CHOWN'));
	t.is(minicontainer.target?.pid, process.pid);
	const document = box.file('process.json', JSON.stringify({args: ['true'], cwd: '/'}));
	t.deepEqual(readSpec(plan(box, [...words, `--process=${document}`]).spec).process.args, ['true']);
	t.false(own.env.includes('HOME=/root'));
	t.is(plan(box, [...words, '--cap=CAP_X', '--', 'id']).stderr, "--cap: 'CAP_X' is no capability\n");
	t.regex(plan(box, [...words, '--user=root', '--', 'id']).stderr, /^--user: 'root' is not UID\[:GID\]\n$/);
});

boxTest('spec and features', async (t, box) => {
	const directory = bundle(box);
	t.like(plan(box, ['spec', `--bundle=${directory}`]), {status: 1});
	const features = JSON.parse(plan(box, ['features']).stdout);
	t.true(features.linux.namespaces.includes('time') && features.mountOptions.includes('ridmap'));
	t.is(features.hooks.length, 6);
});
