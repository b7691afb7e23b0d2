import test from 'ava';
import {type ExecRequest, planExec} from '../../src/plan/exec.js';
import type {Request} from '../../src/plan/request.js';
import {Failure} from '../../src/spec/failure.js';
import type {Spec} from '../../src/spec/types.js';
import {validate} from '../../src/spec/validate.js';
import {facts, planned, rootless, withRanges} from './base.js';

const now = {pid: 77, startTime: 1234, passwd: facts.passwd ?? '', group: facts.group ?? '', env: facts.env ?? {}};

/** One more process in what a request makes; a document that the helper would take. */
const executed = (
	request: Partial<ExecRequest> = {},
	change: Partial<Request> = {},
	host: Partial<typeof facts> = facts,
): Spec => validate(planExec(planned(change, host), {args: ['id'], ...request}, now));

test('every namespace is the one of its first process, and there is nothing to mount', t => {
	for (const host of [facts, rootless]) {
		const spec = executed({}, {}, host);
		const own = planned({}, host).linux.namespaces.map(({type}) => type);
		t.deepEqual(
			spec.linux.namespaces.map(({type}) => type),
			own,
		);
		for (const {type, path} of spec.linux.namespaces) {
			t.regex(path ?? '', /^\/proc\/77\/ns\/(user|pid|net|mnt|ipc|uts|cgroup)$/, type);
		}

		t.deepEqual(spec.mounts, []);
		t.is(spec.root, undefined);
		t.deepEqual(spec.minicontainer.target, {pid: 77, startTime: 1234});
		t.is(spec.linux.uidMappings, undefined);
	}
});

test('it has no more than the container’s own command', t => {
	const change = {capDrop: ['CHOWN'], capAdd: [], ulimits: [], noNewPrivileges: true};
	const [own, other] = [planned(change).process, executed({}, change).process];
	t.deepEqual(other.capabilities?.bounding, own.capabilities?.bounding);
	t.deepEqual(other.capabilities?.effective, own.capabilities?.effective);
	t.deepEqual([other.capabilities?.inheritable, other.capabilities?.ambient], [[], []]);
	t.deepEqual([other.noNewPrivileges, other.rlimits, other.cwd], [own.noNewPrivileges, own.rlimits, own.cwd]);
});

test('another user: no capabilities, a home of its own; ids before names (CVE-2026-30892)', t => {
	const {process} = executed({user: {user: 'bob'}} as Partial<ExecRequest>);
	t.like(process.user, {uid: 1000, gid: 100});
	t.deepEqual([process.capabilities?.effective, process.capabilities?.permitted], [[], []]);
	t.true(process.env.includes('HOME=/home/bob'));
	t.is(executed({user: {user: '1'}} as Partial<ExecRequest>).process.user.uid, 1);
	t.throws(() => executed({user: {user: 'nobody'}} as Partial<ExecRequest>), {instanceOf: Failure, message: /nobody/});
	t.throws(() => executed({user: {user: '1'}} as Partial<ExecRequest>, {}, rootless), {instanceOf: Failure});
	t.is(executed({user: {user: '1'}} as Partial<ExecRequest>, {}, withRanges).process.user.uid, 1);
});

const environments: [title: string, request: Partial<ExecRequest>, has: string[], hasNot: RegExp][] = [
	['the container’s', {}, ['A=1', 'HOME=/root'], /^(TERM|SECRET)=/],
	['with a terminal', {tty: true}, ['A=1', 'TERM=xterm'], /^SECRET=/],
	['another value', {env: [{name: 'A', value: '2'}]}, ['A=2'], /^A=1$/],
	[
		'the caller’s, where it is asked for',
		{env: [{name: 'EDITOR'}, {name: 'MISSING'}]},
		['EDITOR=vi'],
		/^(MISSING|SECRET)/,
	],
	['a home that was asked for', {env: [{name: 'HOME', value: '/x'}]}, ['HOME=/x'], /^HOME=\/root/],
	['names of every object', {env: [{name: 'constructor'}, {name: '__proto__'}]}, ['A=1'], /^(constructor|__proto__)/],
];

for (const [title, request, has, hasNot] of environments) {
	test(`environment: ${title}`, t => {
		const {env} = executed(request, {env: [{name: 'A', value: '1'}]}).process;
		t.deepEqual(
			has.filter(line => !env.includes(line)),
			[],
		);
		t.deepEqual(
			env.filter(line => hasNot.test(line)),
			[],
		);
	});
}

test('stdin, terminal, directory', t => {
	t.is(executed().minicontainer.stdin, 'null');
	t.is(executed({interactive: true}).minicontainer.stdin, undefined);
	t.is(executed({tty: true}, {}).process.terminal, true);
	t.is(executed({}, {tty: true}).process.terminal, false);
	t.is(executed({workdir: '/tmp'}, {workdir: '/etc'}).process.cwd, '/tmp');
	t.is(executed({}, {workdir: '/etc'}).process.cwd, '/etc');
	t.throws(() => executed({workdir: 'tmp'}), {instanceOf: Failure});
	t.throws(() => executed({args: []}), {instanceOf: Failure, message: 'there is no command'});
});

test('the log, the exit command and the size of the terminal are the container’s alone', t => {
	const container = planned({tty: true});
	container.minicontainer.supervise = {dir: '/d', exitCommand: ['/x']};
	const spec = planExec(container, {args: ['id']}, now);
	t.is(spec.minicontainer.supervise, undefined);
	t.is(spec.process.consoleSize, undefined);
});
