import test from 'ava';
import {UNLIMITED} from '../../src/parse/ulimit.js';
import type {Spec} from '../../src/spec/types.js';
import {facts, id, planned, refuses} from './base.js';

const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const HOSTNAME = `HOSTNAME=${id.slice(0, 12)}`;

test("environment: whole, in order, and nothing of the caller's that was not asked for (CVE-2020-14370)", t => {
	t.deepEqual(planned().process.env, [PATH, HOSTNAME, 'HOME=/root']);
	t.deepEqual(planned({tty: true}).process.env, [PATH, HOSTNAME, 'HOME=/root', 'TERM=xterm']);
	t.deepEqual(planned({hostname: 'h'}).process.env[1], 'HOSTNAME=h');
	t.deepEqual(planned({uts: 'host'}).process.env, [PATH, 'HOME=/root']);
	t.deepEqual(planned({uts: 'host'}, {...facts, hostname: 'vm'}).process.env, [PATH, 'HOSTNAME=vm', 'HOME=/root']);
});

test('environment: the later entry holds, in the place of the first', t => {
	const env = [
		{name: 'A', value: '1'},
		{name: 'HOME', value: '/x'},
		{name: 'B', value: ''},
		{name: 'A', value: '2=3'},
	];
	t.deepEqual(planned({env}).process.env, [PATH, HOSTNAME, 'HOME=/x', 'A=2=3', 'B=']);
});

test("environment: a name alone takes the caller's value, or is left out", t => {
	const env = [{name: 'EDITOR'}, {name: 'MISSING'}, {name: 'PATH'}, {name: '__proto__'}, {name: 'constructor'}];
	t.deepEqual(planned({env}).process.env, ['PATH=/mine', HOSTNAME, 'HOME=/root', 'EDITOR=vi']);
});

test('environment: what cannot be a variable', t => {
	refuses(t, {env: [{name: 'A=B', value: ''}]}, /is not the name of a variable/);
	refuses(t, {env: [{name: '', value: ''}]}, /is not the name of a variable/);
	refuses(t, {env: [{name: 'A', value: '\0'}]}, /NUL/);
});

const DEFAULT = 'CHOWN DAC_OVERRIDE FOWNER FSETID KILL SETGID SETUID SETPCAP NET_BIND_SERVICE SYS_CHROOT SETFCAP';
const bounding = (spec: Spec): string =>
	(spec.process.capabilities?.bounding ?? []).map(name => name.replace('CAP_', '')).join(' ');

test("capabilities: podman's eleven, never inheritable or ambient (CVE-2022-24769)", t => {
	const {capabilities} = planned().process;
	t.is(bounding(planned()), DEFAULT);
	t.deepEqual(capabilities?.effective, capabilities?.bounding);
	t.deepEqual(capabilities?.permitted, capabilities?.bounding);
	t.deepEqual([capabilities?.inheritable, capabilities?.ambient], [[], []]);
});

test('capabilities: none in hand for who is not root (CVE-2016-8867)', t => {
	const spec = planned({user: {user: '1000'}, capAdd: ['all']});
	t.is(spec.process.capabilities?.bounding?.length, 41);
	const {effective, permitted, inheritable, ambient} = spec.process.capabilities ?? {};
	t.deepEqual([effective, permitted, inheritable, ambient], [[], [], [], []]);
});

test('capabilities: added and dropped as docker does', t => {
	const cases: [capAdd: string[], capDrop: string[], result: string][] = [
		[[], ['ALL'], ''],
		[['chown'], ['all'], 'CHOWN'],
		[['CAP_NET_ADMIN'], [], DEFAULT.replace('NET_BIND_SERVICE', 'NET_BIND_SERVICE NET_ADMIN')],
		[['sys_admin', 'SYS_ADMIN'], ['all'], 'SYS_ADMIN'],
		[[], ['chown', 'CAP_KILL', 'sys_boot'], DEFAULT.replace('CHOWN ', '').replace('KILL ', '')],
		[['kill'], ['kill'], DEFAULT],
	];
	for (const [capAdd, capDrop, result] of cases)
		t.is(bounding(planned({capAdd, capDrop})), result, `${capAdd} / ${capDrop}`);
	const all = bounding(planned({capAdd: ['ALL'], capDrop: ['mknod', 'SYS_ADMIN']})).split(' ');
	t.is(all.length, 39);
	t.false(all.includes('MKNOD') || all.includes('SYS_ADMIN'));
	t.is(planned({capAdd: ['ALL'], capDrop: ['ALL']}).process.capabilities?.bounding?.length, 41);
	refuses(t, {capAdd: ['bogus']}, /'bogus' is not a capability/);
	refuses(t, {capDrop: ['bogus']}, /'bogus' is not a capability/);
});

test('capabilities: only what the caller can give', t => {
	// Without FOWNER (3) and SYS_RESOURCE (24).
	const host = {...facts, capabilities: ((1n << 41n) - 1n) & ~(1n << 3n) & ~(1n << 24n)};
	t.is(bounding(planned({}, host)), DEFAULT.replace('FOWNER ', ''));
	t.is(planned({capAdd: ['all']}, host).process.capabilities?.bounding?.length, 39);
	const error = refuses(t, {capAdd: ['sys_resource']}, /^CAP_SYS_RESOURCE cannot be given to a container$/, host);
	t.is(error?.hint, 'it is not among your own capabilities');
});

test("limits: the caller's NOFILE, no core dumps, then what was asked for", t => {
	const own = [
		{type: 'RLIMIT_NOFILE', soft: 1024, hard: 524288},
		{type: 'RLIMIT_CORE', soft: 0, hard: 0},
	];
	t.deepEqual(planned().process.rlimits, own);
	const ulimits = [
		{name: 'core', soft: UNLIMITED, hard: UNLIMITED},
		{name: 'nproc', soft: 10, hard: 20},
		{name: 'nproc', soft: 1, hard: 2},
	];
	t.deepEqual(planned({ulimits}).process.rlimits, [
		...own.slice(0, 1),
		{type: 'RLIMIT_CORE', soft: UNLIMITED, hard: UNLIMITED},
		{type: 'RLIMIT_NPROC', soft: 1, hard: 2},
	]);
	refuses(t, {ulimits: [{name: 'bogus', soft: 1, hard: 1}]}, /'bogus' is not the name of a limit/);
	refuses(t, {ulimits: [{name: 'nproc', soft: 2, hard: 1}]}, /limit nproc: 2 \(soft\) is above 1 \(hard\)/);
});

test('umask and no_new_privs', t => {
	t.is(planned().process.user.umask, 0o022);
	t.true(planned().process.noNewPrivileges);
	t.false(planned({noNewPrivileges: false}).process.noNewPrivileges);
});

test('security modules: what was asked for and cannot be is refused', t => {
	const both = {...facts, modules: ['apparmor', 'selinux']};
	t.is(planned({apparmor: 'p'}, both).process.apparmorProfile, 'p');
	t.is(planned({label: ['type:t', 'level:s0:c1']}, both).process.selinuxLabel, 'system_u:system_r:t:s0:c1');
	t.is(planned({apparmor: 'unconfined', label: ['disable']}).process.apparmorProfile, undefined);
	refuses(t, {apparmor: 'p'}, /no AppArmor/);
	refuses(t, {label: ['type:t']}, /no SELinux/);
	refuses(t, {label: ['type:t', 'disable']}, /leaves nothing/, both);
});
