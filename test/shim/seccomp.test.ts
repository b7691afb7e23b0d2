/** mc-seccomp: what it makes of profiles, run as the kernel would, and what it refuses. */
import fs from 'node:fs';
import test from 'ava';
import type {Seccomp, SeccompRule} from '../../src/spec/seccomp.js';
import {ALLOW, answer, compile, errno, KILL_PROCESS, numberOf} from '../helpers/seccomp.js';

const allow = (...names: string[]): SeccompRule => ({names, action: 'SCMP_ACT_ALLOW'});
const profile = (...syscalls: SeccompRule[]): Seccomp => ({defaultAction: 'SCMP_ACT_ERRNO', syscalls});
const compiled = (made: Seccomp) => {
	const {filter, error} = compile(made);
	if (error) throw new Error(error);
	return (name: string, ...args: (number | bigint)[]) => answer(filter, {number: numberOf(name), args});
};

test('what no rule names gets the default answer, EPERM unless it is said', t => {
	const ask = compiled(profile(allow('read')));
	t.deepEqual([ask('read'), ask('write')], [ALLOW, errno(1)]);
	const other = compiled({...profile(allow('read')), defaultErrnoRet: 38});
	t.deepEqual([other('read'), other('write')], [ALLOW, errno(38)]);
});

test('every action', t => {
	const answers: [string, number][] = [
		['SCMP_ACT_KILL', 0],
		['SCMP_ACT_KILL_THREAD', 0],
		['SCMP_ACT_KILL_PROCESS', KILL_PROCESS],
		['SCMP_ACT_TRAP', 0x30000],
		['SCMP_ACT_ERRNO', errno(1)],
		['SCMP_ACT_TRACE', 0x7ff00001],
		['SCMP_ACT_LOG', 0x7ffc0000],
		['SCMP_ACT_NOTIFY', 0x7fc00000],
	];
	for (const [action, expected] of answers) {
		t.is(compiled({defaultAction: 'SCMP_ACT_ALLOW', syscalls: [{names: ['read'], action}]})('read'), expected, action);
		if (action !== 'SCMP_ACT_NOTIFY') {
			t.is(compiled({defaultAction: action, syscalls: [allow('read')]})('write'), expected, action);
		}
	}
});

test('every operator, on 64 bits', t => {
	const big = 2n ** 40n;
	const operators: [string, bigint, bigint, (bigint | number)[], (bigint | number)[]][] = [
		['SCMP_CMP_NE', 5n, 0n, [4, big + 5n], [5]],
		['SCMP_CMP_LT', 5n, 0n, [4, 0], [5, big]],
		['SCMP_CMP_LE', 5n, 0n, [5, 0], [6, big]],
		['SCMP_CMP_EQ', 5n, 0n, [5], [4, big + 5n]],
		['SCMP_CMP_GE', 5n, 0n, [5, big], [4]],
		['SCMP_CMP_GT', 5n, 0n, [6, big], [5]],
		['SCMP_CMP_MASKED_EQ', 0xffffffffn, 5n, [5, big + 5n], [4]],
	];
	for (const [op, value, valueTwo, matching, others] of operators) {
		const args = [{index: 2, value: Number(value), valueTwo: Number(valueTwo), op}];
		const ask = compiled(profile({...allow('read'), args}));
		for (const given of matching) t.is(ask('read', 0, 0, given), ALLOW, `${op} ${given}`);
		for (const given of others) t.is(ask('read', 0, 0, given), errno(1), `${op} ${given}`);
	}
});

test('of several rules the strictest answers, in any order: an exception is not lost', t => {
	const exception = (action: string, value: number, errnoRet?: number): SeccompRule => ({
		...{names: ['ioctl'], action, args: [{index: 1, value, op: 'SCMP_CMP_EQ'}]},
		...(errnoRet !== undefined && {errnoRet}),
	});
	const rules = [
		allow('ioctl', 'read'),
		exception('SCMP_ACT_ERRNO', 1, 7),
		exception('SCMP_ACT_KILL_PROCESS', 2),
		exception('SCMP_ACT_LOG', 3),
	];
	for (const order of [rules, [...rules].reverse()]) {
		const ask = compiled(profile(...order));
		t.deepEqual(
			[0, 1, 2, 3].map(request => ask('ioctl', 0, request)),
			[ALLOW, errno(7), KILL_PROCESS, 0x7ffc0000],
		);
		t.deepEqual([ask('read'), ask('write')], [ALLOW, errno(1)]);
	}
});

test('calls by other numbers than the machine’s own kill', t => {
	if (process.arch !== 'x64') return t.pass();
	const {filter} = compile(profile(allow('getpid')));
	t.is(answer(filter, {number: 20, arch: 0x40000003}), KILL_PROCESS, 'i386');
	t.is(answer(filter, {number: 39 + 0x40000000}), KILL_PROCESS, 'x32');
	const {filter: both} = compile({
		...profile(allow('getpid')),
		architectures: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32'],
	});
	t.is(answer(both, {number: 20, arch: 0x40000003}), ALLOW);
	t.is(answer(both, {number: 39, arch: 0x40000003}), errno(1));
	t.is(answer(both, {number: 39 + 0x40000000}), ALLOW);
});

const good = {defaultAction: 'SCMP_ACT_ERRNO', syscalls: [{names: ['read'], action: 'SCMP_ACT_ALLOW'}]};
const withRule = (rule: object) => ({...good, syscalls: [{names: ['read'], action: 'SCMP_ACT_ALLOW', ...rule}]});
const arg = {index: 0, value: 1, op: 'SCMP_CMP_EQ'};

const refusals: [what: unknown, error: string][] = [
	['', '(document): not JSON'],
	['{}x', '(document): something after the value'],
	[{}, '/defaultAction: missing'],
	[{...good, defaultAction: 'SCMP_ACT_DENY'}, '/defaultAction: unknown action'],
	[{...good, defaultErrnoRet: 4096}, '/defaultErrnoRet: must be 0..4095'],
	[
		{...good, defaultAction: 'SCMP_ACT_KILL', defaultErrnoRet: 1},
		'/defaultErrnoRet: only for SCMP_ACT_ERRNO and SCMP_ACT_TRACE',
	],
	[{...good, defaultAction: 'SCMP_ACT_NOTIFY'}, '/defaultAction: SCMP_ACT_NOTIFY would stop the helper, too'],
	[{...good, archMap: []}, '/archMap: unknown key'],
	[{...good, flags: ['SECCOMP_FILTER_FLAG_NEW_LISTENER']}, '/flags/0: unknown flag'],
	[{...good, architectures: ['SCMP_ARCH_S390X']}, '/architectures: one of them cannot be had with the others'],
	[{...good, architectures: ['SCMP_ARCH_Z80']}, '/architectures/0: unknown architecture'],
	[
		{...good, architectures: [process.arch === 'x64' ? 'SCMP_ARCH_X86' : 'SCMP_ARCH_ARM']},
		"/architectures: this machine's own is not among them",
	],
	[withRule({names: []}), '/syscalls/0/names: must not be empty'],
	[withRule({names: ['']}), '/syscalls/0/names/0: must not be empty'],
	[withRule({errnoRet: 1}), '/syscalls/0/errnoRet: only for SCMP_ACT_ERRNO and SCMP_ACT_TRACE'],
	[withRule({includes: {}}), '/syscalls/0/includes: unknown key'],
	[withRule({args: [{...arg, index: 6}]}), '/syscalls/0/args/0/index: must be 0..5'],
	[withRule({args: [{...arg, op: 'EQ'}]}), '/syscalls/0/args/0/op: unknown operator'],
	[withRule({args: [arg, {...arg, value: 2}]}), '/syscalls/0/args: two comparisons of one argument'],
	[
		{defaultAction: 'SCMP_ACT_ALLOW', syscalls: [{names: ['raed'], action: 'SCMP_ACT_ERRNO'}]},
		"/syscalls/0/names: unknown call 'raed': it cannot be forbidden",
	],
];

for (const [what, error] of refusals) {
	test(`refused: ${error}`, t => {
		const {filter, error: said} = compile(typeof what === 'string' ? what : JSON.stringify(what));
		t.is(said, `mc-seccomp: profile: ${error}`);
		t.is(filter.length, 0, 'no filter');
	});
}

test('a name that only newer kernels have is passed over where it would be allowed', t => {
	const ask = compiled(profile(allow('read', 'brand_new_call')));
	t.is(ask('read'), ALLOW);
});

test('podman’s own profile, with what it means for no capabilities', t => {
	const file = '/usr/share/containers/seccomp.json';
	if (!fs.existsSync(file)) return process.env.MC_MUST_WORK ? t.fail(`there is no ${file}`) : t.pass();
	const {archMap: _, defaultErrno: __, ...rest} = JSON.parse(fs.readFileSync(file, 'utf8'));
	const rules = rest.syscalls
		.filter((rule: {includes?: {caps?: string[]; arches?: string[]}}) => !rule.includes?.caps && !rule.includes?.arches)
		.map(({includes: _1, excludes: _2, comment: _3, errno: _4, ...rule}: Record<string, unknown>) => ({
			...rule,
			args: rule.args ?? [],
		}));
	const ask = compiled({...rest, syscalls: rules});
	t.deepEqual([ask('read'), ask('bpf'), ask('chroot')], [ALLOW, errno(1), errno(1)]);
	t.deepEqual([ask('socket', 16, 3, 9), ask('socket', 16, 3, 0)], [errno(22), ALLOW]);
});
