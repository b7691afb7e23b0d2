import fs from 'node:fs';
import type {ErrorEvent} from '../../src/spec/events.js';
import type {Spec} from '../../src/spec/types.js';
import {fails, helperTest} from '../helpers/helper-test.js';
import type {Needs} from '../helpers/needs.js';
import {runHelper} from '../helpers/shim.js';
import {baseSpec} from '../helpers/spec.js';

interface Row {
	title: string;
	change: (spec: Spec, rootfs: string) => void;
	/** Phase and step are part of the contract: a program may look at them. */
	why: Partial<ErrorEvent>;
	message?: RegExp;
	hint?: RegExp;
	as?: Needs['as'];
}

const rows: Row[] = [
	{
		title: 'a command that is not there',
		change: spec => {
			spec.process.args = ['/bin/missing'];
		},
		why: {phase: 'payload', step: 'exec', errno: 'ENOENT', exitCode: 127},
		message: /\/bin\/missing/,
	},
	{
		title: 'a command that is not in PATH',
		change: spec => {
			spec.process.args = ['missing'];
		},
		why: {phase: 'payload', step: 'exec', exitCode: 127},
		message: /missing/,
	},
	{
		title: 'a file that is not executable',
		change: spec => {
			spec.process.args = ['/etc/passwd'];
		},
		why: {phase: 'payload', step: 'exec', errno: 'EACCES', exitCode: 126},
		message: /\/etc\/passwd/,
	},
	{
		title: 'a directory for a command',
		change: spec => {
			spec.process.args = ['/etc'];
		},
		why: {phase: 'payload', step: 'exec', errno: 'EACCES', exitCode: 126},
	},
	{
		title: 'no root file system',
		change: (spec, rootfs) => {
			spec.minicontainer.rootfs = {overlay: {lower: [`${rootfs}/missing`], tmpfs: {}}};
		},
		why: {phase: 'child', errno: 'ENOENT'},
		message: /missing/,
	},
	{
		title: 'a volume that is not there',
		change: (spec, rootfs) => {
			spec.mounts.push({destination: '/x', type: 'bind', source: `${rootfs}/missing`, options: ['bind']});
		},
		why: {phase: 'child', step: 'sources', errno: 'ENOENT'},
		message: /missing/,
	},
	{
		title: 'a target that a file is in the way of',
		change: (spec, rootfs) => {
			spec.mounts.push({destination: '/etc/passwd/x', type: 'bind', source: `${rootfs}/etc`, options: ['bind']});
		},
		why: {phase: 'child', step: 'mounts', errno: 'ENOTDIR'},
		message: /\/etc\/passwd/,
	},
	{
		title: 'an option that the file system does not know',
		change: spec => {
			spec.mounts.push({destination: '/x', type: 'tmpfs', source: 'x', options: ['colour=red']});
		},
		why: {phase: 'child', step: 'sources'},
		message: /colour/,
	},
	{
		title: 'a sysctl that is not there',
		change: spec => {
			spec.linux.sysctl = {'net.ipv4.nothing': '1'};
		},
		why: {phase: 'child', step: 'sysctl', errno: 'ENOENT'},
		message: /net.ipv4.nothing/,
	},
	{
		title: 'a sysctl value that makes no sense',
		change: spec => {
			spec.linux.sysctl = {'net.ipv4.ip_unprivileged_port_start': 'many'};
		},
		why: {phase: 'child', step: 'sysctl', errno: 'EINVAL'},
		message: /net.ipv4.ip_unprivileged_port_start/,
	},
	{
		title: 'a limit above what is allowed',
		change: spec => {
			spec.process.rlimits = [{type: 'RLIMIT_NOFILE', soft: 2n ** 64n - 1n, hard: 2n ** 64n - 1n}];
		},
		why: {phase: 'payload', step: 'limits', errno: 'EPERM'},
		message: /RLIMIT_NOFILE/,
	},
	{
		title: 'a user that is not mapped',
		change: spec => {
			spec.process.user.uid = 12345;
		},
		why: {phase: 'payload', step: 'user', errno: 'EINVAL'},
		message: /12345/,
		as: 'user',
	},
	{
		title: 'a device node without the privilege',
		change: spec => {
			spec.linux.devices = [{type: 'c', path: '/dev/x', major: 1, minor: 3, fileMode: 0o666, uid: 0, gid: 0}];
		},
		why: {phase: 'child', step: 'devices', errno: 'EPERM'},
		message: /\/dev\/x/,
		as: 'user',
	},
	{
		title: 'a working directory that is a file',
		change: spec => {
			spec.process.cwd = '/etc/passwd';
		},
		why: {errno: 'ENOTDIR'},
		message: /\/etc\/passwd/,
	},
	{
		title: 'a pid file that cannot be written',
		change: (spec, rootfs) => {
			spec.minicontainer.pidFile = `${rootfs}/missing/pid`;
		},
		why: {phase: 'parent', step: 'pid-file', errno: 'ENOENT'},
		message: /missing\/pid/,
	},
	{
		title: 'id ranges that nobody granted',
		change: spec => {
			spec.linux.uidMappings = [{containerID: 0, hostID: 0, size: 1}];
		},
		why: {phase: 'parent', step: 'id-maps'},
		as: 'plain',
	},
	{
		title: 'an unknown key',
		change: spec => {
			Object.assign(spec.linux.namespaces[1] as object, {pth: '/proc/1/ns/net'});
		},
		why: {phase: 'spec', step: 'check'},
		message: /\/linux\/namespaces\/1\/pth: unknown key/,
	},
];

for (const {title, change, why, message = /./, hint, as} of rows) {
	helperTest(
		`fails for ${title}, and says so`,
		async (t, box, helper) => {
			const spec = baseSpec(box.rootfs, ['/bin/true']);
			change(spec, box.rootfs);
			const error = await fails(t, box, helper, spec, why);
			t.regex(error.message, message);
			t.regex(error.hint ?? '', hint ?? /^/);
		},
		as ? {as} : {},
	);
}

helperTest('a script without an interpreter, and one whose interpreter is missing', async (t, box, helper) => {
	fs.chmodSync(box.file('volume/plain', 'echo hello\n'), 0o755);
	fs.chmodSync(box.file('volume/lost', '#!/missing/interpreter\n'), 0o755);
	const run = (file: string) => {
		const spec = baseSpec(box.rootfs, [`/scripts/${file}`]);
		spec.mounts.push({destination: '/scripts', type: 'bind', source: box.path('volume'), options: ['bind']});
		return runHelper(box, helper, spec);
	};
	t.is((await run('plain')).code, 126);
	const lost = await run('lost');
	t.is(lost.code, 127);
	t.regex((lost.events.at(-1) as ErrorEvent).message, /lost/);
});
