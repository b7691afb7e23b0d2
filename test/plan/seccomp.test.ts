import test, {type ExecutionContext} from 'ava';
import {defaultSeccomp, planSeccomp} from '../../src/plan/seccomp.js';
import {allowed, closed, opened, optional} from '../../src/plan/seccompCalls.js';
import type {SeccompProfile} from '../../src/spec/seccomp.js';
import {ALLOW, answer, compile, errno, numberOf, numbers} from '../helpers/seccomp.js';
import {base, facts, planned, refuses} from './base.js';

const everyCall = [...numbers.keys()];
const special = ['personality'];
const groups = [allowed, ...Object.values(opened), ...closed.map(({calls}) => calls), special];

test('every system call is decided on, once', t => {
	t.true(everyCall.length > 300);
	const decided = groups.flat();
	t.deepEqual(
		everyCall.filter(name => !decided.includes(name)),
		[],
		'nobody has thought about these',
	);
	const open = Object.values(opened).flat();
	const others = [...allowed, ...new Set(open), ...closed.flatMap(({calls}) => calls), ...special];
	t.deepEqual(
		others.filter((name, index) => others.indexOf(name) !== index),
		[],
		'twice',
	);
	for (const {why} of closed) t.true(why.length > 10);
});

const podman = ['CAP_CHOWN', 'CAP_SETUID', 'CAP_SYS_CHROOT'];
const admin = [...podman, 'CAP_SYS_ADMIN'];

const compiled = (t: ExecutionContext, capabilities: string[], plain = false) => {
	const {filter, error} = compile(defaultSeccomp(capabilities, {plain}));
	t.is(error, '');
	return (name: string, ...args: (number | bigint)[]) => answer(filter, {number: numberOf(name), args});
};

test('the default: what is not allowed does not exist', t => {
	const ask = compiled(t, podman);
	for (const name of everyCall.filter(name => ![...special, 'clone'].includes(name))) {
		const isOpen = allowed.includes(name) || name === 'chroot';
		t.is(ask(name), isOpen ? ALLOW : errno(38), name);
	}
});

test('capabilities open what they are for, and nothing else', t => {
	for (const [capability, calls] of Object.entries(opened)) {
		const ask = compiled(t, [capability]);
		for (const name of everyCall.filter(call => Object.values(opened).flat().includes(call))) {
			t.is(ask(name) === ALLOW, calls.includes(name), `${capability} ${name}`);
		}
	}
});

const flags = [0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000];
const HIGH = 2n ** 32n;

for (const plain of [false, true]) {
	const refusal = (number: number) => (plain ? errno(38) : errno(number));
	test(`arguments, ${plain ? 'as other runtimes are told' : 'as we compile them'}`, t => {
		const ask = compiled(t, podman, plain);
		t.is(ask('clone', 0x1200011), ALLOW, 'fork');
		t.is(ask('clone', 0x3d0f00), ALLOW, 'a thread');
		for (const flag of flags) t.is(ask('clone', flag + 17), refusal(1), `clone ${flag}`);
		for (const request of [0x5412n, 0x541cn])
			for (const high of [0n, 1n, 0xffffffffn])
				t.is(ask('ioctl', 0, request + high * HIGH), refusal(1), `ioctl ${request} ${high}`);
		for (const request of [0, 0x5401, 0x5411, 0x5413, 0x541b, 0x541d, 0x80045430, 0xffffffff, 0x5412 + 2 ** 31])
			t.is(ask('ioctl', 0, request), ALLOW, `ioctl ${request}`);
		for (let family = 0; family < 48; family++) {
			const isClosed = [40, 38, 21, 30, 33, 41].includes(family);
			t.is(ask('socket', family), isClosed ? refusal(97) : ALLOW, `socket ${family}`);
			t.is(ask('socket', BigInt(family) + HIGH) === ALLOW, !isClosed, `socket ${family} with high bits`);
		}
		for (const value of [0, 8, 0x20000, 0x20008, 0xffffffff]) t.is(ask('personality', value), ALLOW, `${value}`);
		for (const value of [0x40000, 0x400000, 1]) t.is(ask('personality', value), errno(38), `${value}`);
	});

	test(`who may make namespaces may clone into them${plain ? ', as other runtimes are told' : ''}`, t => {
		const ask = compiled(t, admin, plain);
		for (const flag of flags) t.is(ask('clone', flag), ALLOW);
		t.deepEqual([ask('clone3'), ask('unshare'), ask('mount')], [ALLOW, ALLOW, ALLOW]);
		t.not(ask('ioctl', 0, 0x5412), ALLOW);
	});
}

test('--profile strict: without what only few programs use', t => {
	const profile = planSeccomp({...base, profile: 'strict'}, facts);
	const {filter} = compile(profile ?? '');
	const ask = (name: string) => answer(filter, {number: numberOf(name)});
	t.deepEqual(
		optional.filter(name => !allowed.includes(name)),
		[],
	);
	for (const name of everyCall.filter(name => ![...special, 'clone'].includes(name)))
		t.is(ask(name), allowed.includes(name) && !optional.includes(name) ? ALLOW : errno(38), name);
});

test('both forms answer alike, but for the number of an error', t => {
	const [ours, theirs] = [compiled(t, podman), compiled(t, podman, true)];
	for (const name of everyCall)
		for (const value of [0, 1, 16, 40, 0x5412, 0x541c, 0x10000000])
			t.is(ours(name, value, value) === ALLOW, theirs(name, value, value) === ALLOW, `${name} ${value}`);
});

test('the plan has a filter where one was compiled, and asks for it where one was asked for', t => {
	const seccomp = {filter: 'BgAAAAAA/38='};
	t.is(planned().minicontainer.seccomp, undefined);
	t.deepEqual(planned({}, {...facts, seccomp}).minicontainer.seccomp, seccomp);
	t.is(planned({seccomp: 'unconfined'}, {...facts, seccomp}).minicontainer.seccomp, undefined);
	t.is(planSeccomp({...base, seccomp: 'unconfined'}), undefined);
	refuses(t, {seccomp: 'default'}, /^seccomp needs a compiled filter/);
	refuses(t, {seccomp: 'x' as never}, /seccomp must be/);
});

const docker: SeccompProfile = {
	defaultAction: 'SCMP_ACT_ERRNO',
	defaultErrno: 'ENOSYS',
	archMap: [
		{architecture: 'SCMP_ARCH_X86_64', subArchitectures: ['SCMP_ARCH_X86']},
		{architecture: 'SCMP_ARCH_AARCH64', subArchitectures: null},
	],
	syscalls: [
		{names: ['read'], action: 'SCMP_ACT_ALLOW', args: null, comment: 'c', includes: {}, excludes: {}},
		{name: 'write', action: 'SCMP_ACT_ALLOW'},
		{names: ['a64'], action: 'SCMP_ACT_ALLOW', includes: {arches: ['arm64', 'arm']}},
		{names: ['notArm'], action: 'SCMP_ACT_ALLOW', excludes: {arches: ['arm64']}},
		{names: ['both'], action: 'SCMP_ACT_ALLOW', includes: {caps: ['CAP_CHOWN', 'CAP_BPF']}},
		{names: ['chown'], action: 'SCMP_ACT_ALLOW', includes: {caps: ['CAP_CHOWN']}},
		{names: ['neither'], action: 'SCMP_ACT_ERRNO', errno: 'EPERM', excludes: {caps: ['CAP_CHOWN', 'CAP_BPF']}},
		{names: ['new'], action: 'SCMP_ACT_ALLOW', includes: {minKernel: '5.10'}},
		{names: ['old'], action: 'SCMP_ACT_ALLOW', excludes: {minKernel: '5.10'}},
	],
};

test('docker’s format: conditions of machine, kernel and capabilities', t => {
	const flat = (change: object, capAdd: string[] = [], capDrop: string[] = []) =>
		planSeccomp({...base, seccomp: docker, capAdd, capDrop}, {...facts, arch: 'x64', kernel: '5.9.1', ...change});
	const names = (profile = flat({})) => profile?.syscalls?.flatMap(rule => rule.names).join(' ');
	t.deepEqual(flat({})?.architectures, ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86']);
	t.deepEqual(flat({arch: 'arm64'})?.architectures, ['SCMP_ARCH_AARCH64']);
	t.is(flat({})?.defaultErrnoRet, 38);
	t.is(names(), 'read write notArm chown old');
	t.is(names(flat({arch: 'arm64'})), 'read write a64 chown old');
	t.is(names(flat({kernel: '5.10.0-rc1'})), 'read write notArm chown new');
	t.is(names(flat({kernel: '6.1'})), 'read write notArm chown new');
	t.is(names(flat({}, ['BPF'])), 'read write notArm both chown old');
	t.is(names(flat({}, [], ['ALL'])), 'read write notArm neither old');
	t.is(flat({}, [], ['ALL'])?.syscalls?.[3]?.errnoRet, 1);
});

const broken: [change: object, error: RegExp][] = [
	[{defaultAction: undefined}, /^\/defaultAction: must be a string$/],
	[{architectures: ['SCMP_ARCH_X86']}, /^\/archMap: not with architectures$/],
	[{defaultErrno: 'EWHAT'}, /^\/defaultErrno: unknown error: give its number$/],
	[{defaultErrnoRet: 1}, /^\/defaultErrno: is 38, not 1$/],
	[{oops: 1}, /^\/oops: unknown key$/],
	[{syscalls: [{names: ['read']}]}, /^\/syscalls\/0\/action: missing$/],
	[{syscalls: [{action: 'SCMP_ACT_ALLOW'}]}, /^\/syscalls\/0\/names: missing$/],
	[{syscalls: [{name: 'a', names: ['b'], action: 'SCMP_ACT_ALLOW'}]}, /^\/syscalls\/0\/name: not with names$/],
	[
		{syscalls: [{names: ['a'], action: 'SCMP_ACT_ALLOW', includes: {minKernel: '5'}}]},
		/minKernel: must be two numbers/,
	],
	[
		{syscalls: [{names: ['a'], action: 'SCMP_ACT_ALLOW', includes: {users: []}}]},
		/^\/syscalls\/0\/includes\/users: unk/,
	],
];

test('docker’s format: what is not understood is refused', t => {
	for (const [change, error] of broken)
		t.throws(() => planSeccomp({...base, seccomp: {...docker, ...change} as never}, facts), {message: error});
});
