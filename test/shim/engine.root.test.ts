/** What only engines' documents ask of the helper: each document is planned, and run by the helper alone. */
import fs from 'node:fs';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import {gatherOciFacts} from '../../src/host/ociFacts.js';
import {planOci} from '../../src/plan/fromOci.js';
import {planOciExec} from '../../src/plan/fromOciExec.js';
import {encode} from '../../src/spec/encode.js';
import type {OciConfig, OciHooks, OciLinux, OciMount, OciProcess} from '../../src/spec/oci.js';
import type {Spec} from '../../src/spec/types.js';
import {validate} from '../../src/spec/validate.js';
import type {Box} from '../helpers/box.js';
import {helperTest} from '../helpers/helper-test.js';
import {makeRootfs, scratch, sharedRootfs} from '../helpers/rootfs.js';
import {runHelper} from '../helpers/shim.js';

interface Case {
	command?: string;
	mounts?: OciMount[];
	process?: Partial<OciProcess>;
	linux?: OciLinux;
	namespaces?: NonNullable<OciLinux['namespaces']>;
	hooks?: OciHooks;
	rootfs?: string;
}

const proc: OciMount = {destination: '/proc', type: 'proc', source: 'proc'};
const dev: OciMount = {destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['mode=755']};
const own = (['pid', 'mount', 'ipc', 'uts'] as const).map(type => ({type}));

function planned(
	box: Box,
	{command = 'true', process, linux, namespaces = own, hooks, rootfs, mounts = []}: Case,
): Spec {
	const config: OciConfig = {
		ociVersion: '1.2.0',
		root: {path: rootfs ?? sharedRootfs()},
		process: {args: ['sh', '-c', command], cwd: '/', env: ['PATH=/bin'], ...process},
		mounts: [proc, dev, ...mounts],
		linux: {...linux, namespaces},
		...(hooks && {hooks}),
	};
	const run = {id: path.basename(box.dir), bundle: box.dir, cgroupManager: 'disabled' as const};
	return validate(planOci(config, run, gatherOciFacts(config, box.dir)));
}

/** What the command said. */
async function said(t: ExecutionContext, box: Box, binary: string, what: Case): Promise<string> {
	const {code, stdout, stderr, events} = await runHelper(box, binary, encode(planned(box, what)));
	t.deepEqual([code, stderr], [0, ''], JSON.stringify(events.at(-1)));
	return stdout.trim();
}

helperTest(
	'hooks: in order, each with the state on stdin, in the namespaces that are theirs',
	async (t, box, binary) => {
		const rootfs = makeRootfs(scratch('hooks'));
		const log = box.path('log');
		const hook = (name: string, file = log) => ({
			path: '/bin/sh',
			args: ['sh', '-c', `echo ${name} $(readlink /proc/self/ns/mnt) $(cat) >>${file}`],
			env: ['PATH=/bin:/usr/bin'],
		});
		const hooks = {
			prestart: [hook('prestart')],
			createRuntime: [hook('createRuntime')],
			createContainer: [hook('createContainer')],
			startContainer: [hook('startContainer', '/inside')],
			poststart: [hook('poststart')],
		};
		await said(t, box, binary, {hooks, rootfs, command: 'echo command >>/inside'});
		const lines = fs
			.readFileSync(log, 'utf8')
			.trim()
			.split('\n')
			.map(line => line.split(/ (?=mnt|\{)/));
		const outer = fs.readlinkSync('/proc/self/ns/mnt');
		t.deepEqual(
			lines.map(([name, namespace]) => `${name} ${namespace === outer ? 'outside' : 'inside'}`),
			['prestart outside', 'createRuntime outside', 'createContainer inside'],
		);
		const states = lines.map(([, , state]) => JSON.parse(state ?? ''));
		for (const state of states) {
			t.like(state, {ociVersion: '1.2.0', id: path.basename(box.dir), status: 'creating', bundle: box.dir});
			t.is(state.pid, states[0].pid);
			t.true(state.pid > 1);
		}

		const inside = fs.readFileSync(path.join(rootfs, 'inside'), 'utf8').split('\n');
		t.regex(inside[0] ?? '', /^startContainer mnt:\S+ \{.*"status":"created","pid":\d+\}$/);
		t.is(inside[1], 'command');
	},
);

helperTest(
	'hooks: one that fails, hangs or is not there ends the container before its command',
	async (t, box, binary) => {
		const failing: [OciHooks, RegExp][] = [
			[
				{createRuntime: [{path: '/bin/sh', args: ['sh', '-c', 'echo so what; exit 3']}]},
				/\/bin\/sh: exit code 3: so what/,
			],
			[
				{createContainer: [{path: '/nowhere'}]},
				/error running createContainer hook #0: .*\/nowhere: exit code 127: No such file/,
			],
			[{startContainer: [{path: '/bin/false'}]}, /\/bin\/false: exit code 1/],
			[{prestart: [{path: '/bin/sleep', args: ['sleep', '1000'], timeout: 1}]}, /\/bin\/sleep: not done after 1 s/],
		];
		for (const [hooks, message] of failing) {
			const {code, stdout, events} = await runHelper(box, binary, encode(planned(box, {hooks, command: 'echo ran'})));
			const last = events.at(-1);
			t.deepEqual([code, stdout], [125, '']);
			t.regex(last?.event === 'error' ? last.message : '', message);
		}
	},
);

helperTest('a hook without an environment of its own has the caller’s', async (t, box, binary) => {
	const file = box.path('environment');
	const command = `echo "$TOLD" >${file}`;
	box.env.TOLD = 'yes';
	await said(t, box, binary, {hooks: {createContainer: [{path: '/bin/sh', args: ['sh', '-c', command]}]}});
	t.is(fs.readFileSync(file, 'utf8'), 'yes\n');
});

helperTest('a time namespace with its offsets', async (t, box, binary) => {
	const namespaces = [...own, {type: 'time' as const}];
	const linux = {timeOffsets: {boottime: {secs: 1_000_000_000}, monotonic: {secs: -1, nanosecs: 5}}};
	const out = await said(t, box, binary, {namespaces, linux, command: 'cat /proc/uptime /proc/self/timens_offsets'});
	t.true(Number(out.split(' ')[0]) > 1_000_000_000);
	t.regex(out, /monotonic\s+-1\s+5\s+boottime\s+1000000000\s+0/);
});

helperTest('personality, niceness and I/O priority', async (t, box, binary) => {
	const out = await said(t, box, binary, {
		linux: {personality: {domain: 'LINUX32'}},
		process: {scheduler: {policy: 'SCHED_BATCH', nice: 7}, ioPriority: {class: 'IOPRIO_CLASS_IDLE'}},
		command: 'uname -m; ionice; cut -d" " -f19,41 /proc/self/stat',
	});
	t.regex(out, /^i686\nidle(: prio \d)?\n7 3$/);
});

helperTest('memory from the nodes that were asked for', async (t, box, binary) => {
	const memoryPolicy = {mode: 'MPOL_BIND', nodes: '0', flags: ['MPOL_F_STATIC_NODES']};
	t.regex(await said(t, box, binary, {linux: {memoryPolicy}, command: 'cat /proc/self/numa_maps'}), / bind=static:0 /);
});

helperTest('createContainer hooks find what is mounted, and other devices may be anywhere', async (t, box, binary) => {
	const rootfs = makeRootfs(scratch('mounted'));
	const check = `test -e ${rootfs}/proc/self`;
	const hooks = {createContainer: [{path: '/bin/sh', args: ['sh', '-c', check]}]};
	const linux = {devices: [{path: '/sub/node', type: 'c' as const, major: 1, minor: 3}]};
	t.is(await said(t, box, binary, {rootfs, hooks, linux, command: 'stat -c %F /sub/node'}), 'character special file');
});

helperTest('who enters runs on the processors that were asked for', async (t, box, binary) => {
	const holder = planned(box, {command: 'trap exit TERM; sleep 1000 & wait'});
	let inside = Promise.resolve({stdout: '', code: null as number | null});
	await runHelper(box, binary, encode(holder), (event, process) => {
		if (event.event !== 'created') {
			return;
		}

		const {pid, startTime} = event;
		const args = ['sh', '-c', 'grep Cpus_allowed_list /proc/self/status'];
		const entry = {args, cwd: '/', env: ['PATH=/bin'], execCPUAffinity: {initial: '0-1', final: '0'}};
		inside = runHelper(box, binary, encode(validate(planOciExec(holder, entry, {pid, startTime})))).finally(() =>
			process.kill('SIGTERM'),
		);
	});
	const {code, stdout} = await inside;
	t.deepEqual([code, stdout.trim()], [0, 'Cpus_allowed_list:\t0']);
});

helperTest('a tmpfs with what lies beneath, and its mode', async (t, box, binary) => {
	const rootfs = makeRootfs(scratch('copyup'));
	const data = path.join(rootfs, 'data');
	fs.mkdirSync(path.join(data, 'sub'), {recursive: true});
	fs.writeFileSync(path.join(data, 'sub/file'), 'text', {mode: 0o644});
	fs.chownSync(path.join(data, 'sub/file'), 5, 6);
	fs.symlinkSync('/etc/passwd', path.join(data, 'link'));
	fs.chmodSync(data, 0o710);
	const out = await said(t, box, binary, {
		rootfs,
		mounts: [
			{destination: '/data', type: 'tmpfs', options: ['tmpcopyup', 'ro']},
			{destination: '/root', type: 'tmpfs'},
			{destination: '/fresh', type: 'tmpfs'},
		],
		command: `cd /data; stat -c '%n %a %u:%g' . sub/file; readlink link; cat sub/file; echo
			echo 2>/dev/null >new || echo read-only; stat -c %a /root /fresh`,
	});
	t.is(out, '. 710 0:0\nsub/file 644 5:6\n/etc/passwd\ntext\nread-only\n700\n1777');
});

helperTest('mounts with ids of their own', async (t, box, binary) => {
	const source = box.directory('source');
	fs.writeFileSync(path.join(source, 'file'), '');
	fs.chownSync(path.join(source, 'file'), 1000, 1000);
	const map = [{containerID: 1000, hostID: 5000, size: 10}];
	const mounts: OciMount[] = [
		{destination: '/mapped', source, options: ['bind'], uidMappings: map, gidMappings: map},
		{destination: '/plain', source, options: ['bind']},
	];
	const rootfs = makeRootfs(scratch('mapped'));
	const out = await said(t, box, binary, {rootfs, mounts, command: 'stat -c %u:%g /mapped/file /plain/file'});
	t.is(out, '5000:5000\n1000:1000');
});

helperTest(
	'root’s user namespace: sources that its root could not reach, and mounts with its ids',
	async (t, box, binary) => {
		const hidden = box.directory('hidden');
		const source = path.join(hidden, 'source');
		fs.mkdirSync(source);
		fs.writeFileSync(path.join(source, 'file'), 'text');
		fs.chmodSync(hidden, 0o700);
		const rootfs = makeRootfs(scratch('userns'));
		fs.chownSync(rootfs, 100_000, 100_000);
		const map = [{containerID: 0, hostID: 100_000, size: 65_536}];
		const out = await said(t, box, binary, {
			rootfs,
			mounts: [{destination: '/in', source, options: ['bind', 'idmap', 'ro']}],
			namespaces: [...own, {type: 'user'}],
			linux: {uidMappings: map, gidMappings: map},
			command: 'cat /proc/self/uid_map /in/file; stat -c %u /in/file; echo >/dev/null',
		});
		t.is(out.replaceAll(/ +/g, ' '), '0 100000 65536\ntext0');
	},
);

helperTest(
	'a container in the user namespace of another makes its mounts as that one’s root',
	async (t, box, binary) => {
		const rootfs = makeRootfs(scratch('pod'));
		fs.chownSync(rootfs, 100_000, 100_000);
		const map = [{containerID: 0, hostID: 100_000, size: 65_536}];
		const linux = {uidMappings: map, gidMappings: map};
		const namespaces = [...own, {type: 'user' as const}];
		const holder = planned(box, {rootfs, namespaces, linux, command: 'trap exit TERM; sleep 1000 & wait'});
		const uptime = box.file('uptime', 'not yours\n');
		let pid = 0;
		let inside = Promise.resolve('');
		await runHelper(box, binary, encode(holder), (event, process) => {
			if (event.event === 'created') {
				pid = event.pid;
			}

			if (event.event !== 'started') {
				return;
			}

			const paths = namespaces.map(({type}) => {
				const file = type === 'mount' ? '' : `/proc/${pid}/ns/${type}`;
				return {type, ...(file && {path: file})};
			});
			inside = said(t, box, binary, {
				rootfs,
				namespaces: paths,
				mounts: [
					{destination: '/made', type: 'tmpfs'},
					{destination: '/proc/uptime', source: uptime, options: ['bind', 'ro']},
				],
				command: 'id -u; stat -c %u /made; cat /proc/uptime; cat /proc/self/uid_map',
			}).finally(() => process.kill('SIGTERM'));
		});
		t.regex(await inside, /^0\n0\nnot yours\n\s+0\s+100000\s+65536$/);
	},
);

helperTest('propagation of the root mount', async (t, box, binary) => {
	const of = async (rootfsPropagation: string) =>
		await said(t, box, binary, {linux: {rootfsPropagation}, command: "grep ' / / \\| /[^ ]* / ' /proc/self/mountinfo"});
	t.notRegex(await of('rprivate'), /shared:|master:|unbindable/);
	t.regex(await of('shared'), / shared:\d+ /);
	t.regex(await of('unbindable'), / unbindable /);
});

helperTest('a module’s label where the module is not there is an error', async (t, box, binary) => {
	const {code, events} = await runHelper(box, binary, encode(planned(box, {process: {apparmorProfile: 'none-such'}})));
	t.is(code, 125);
	t.like(events.at(-1), {event: 'error', step: 'labels'});
});
