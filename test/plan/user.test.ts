import test from 'ava';
import type {UserRequest} from '../../src/plan/request.js';
import type {HostFacts} from '../../src/spec/facts.js';
import {facts, planned, refuses, rootless, withRanges} from './base.js';

type Who = {uid: number; gid: number; groups: number[]; home: string};

const who = (user: UserRequest | undefined, host: Partial<HostFacts> = facts, groupAdd: string[] = []): Who => {
	const {process} = planned({user, groupAdd}, host);
	const home = process.env.find(text => text.startsWith('HOME='))?.slice('HOME='.length) ?? '';
	return {uid: process.user.uid, gid: process.user.gid, groups: process.user.additionalGids ?? [], home};
};

const bob: Who = {uid: 1000, gid: 100, groups: [100, 29, 44], home: '/home/bob'};

test("users of the container's files", t => {
	const cases: [UserRequest | undefined, Who][] = [
		[undefined, {uid: 0, gid: 0, groups: [0], home: '/root'}],
		[{user: 'bob'}, bob],
		[{user: '1000'}, bob],
		[
			{user: 'bob', group: 'audio'},
			{...bob, gid: 29, groups: [29]},
		],
		[
			{user: 'bob', group: '0'},
			{...bob, gid: 0, groups: [0]},
		],
		[
			{user: '1000', group: '1000'},
			{...bob, gid: 1000, groups: [1000]},
		],
		[{user: '7'}, {uid: 7, gid: 0, groups: [0], home: '/'}],
		[{user: '4294967294'}, {uid: 4294967294, gid: 0, groups: [0], home: '/'}],
		[
			{user: '7', group: 'video'},
			{uid: 7, gid: 44, groups: [44], home: '/'},
		],
	];
	for (const [user, expected] of cases) t.deepEqual(who(user), expected, JSON.stringify(user));
	t.deepEqual(who({user: 'bob'}, facts, ['users', '5', '29']).groups, [100, 29, 44, 5]);
	t.deepEqual(who(undefined, {}).home, '/root');
});

test('unknown names', t => {
	refuses(t, {user: {user: 'eve'}}, /^unknown user 'eve': not in the container's \/etc\/passwd$/);
	refuses(t, {user: {user: '0', group: 'eve'}}, /^unknown group 'eve': not in the container's \/etc\/group$/);
	refuses(t, {groupAdd: ['eve']}, /^unknown group 'eve'/);
	refuses(t, {user: {user: 'root'}}, /^unknown user 'root'/, {...facts, passwd: ''});
});

test("digits are an id, whatever the image's files say (CVE-2016-3697)", t => {
	const passwd = '1000:x:0:0::/root:/bin/sh\n4294967296:x:0:0::/root:/bin/sh\n-1:x:0:0::/root:/bin/sh\n';
	const host = {...facts, passwd, group: '1000:x:0:\n'};
	t.deepEqual(who({user: '1000'}, host), {uid: 1000, gid: 0, groups: [0], home: '/'});
	t.is(who({user: '1', group: '1000'}, host).gid, 1000);
	for (const user of ['4294967296', '4294967295', '-1', '0x0', '0 ', ''])
		refuses(t, {user: {user}}, /is not a user/, host);
	refuses(t, {user: {user: '0', group: '4294967296'}}, /is not a group/);
	refuses(t, {groupAdd: ['-1']}, /is not a group/);
});

test('malformed lines are passed over', t => {
	const passwd = [
		...['', '# comment', ':x:0:0::/:', 'bob', 'bob:x:0', 'bob:x::0::/:', 'bob:x:-1:0::/:', 'bob:x:00:0::/:'],
		...['bob:x:4294967296:0::/:', 'bob:x:0x10:0::/:', `bob:${'x'.repeat(70000)}:5:5::/:`, '+bob:x:0:0::/:'],
		...['bob:x:1000:100::/home/bob:/bin/sh', 'bob:x:6:6::/:'],
	].join('\n');
	t.is(who({user: 'bob'}, {...facts, passwd}).uid, 1000);
	t.is(who({user: 'bob'}, {...facts, passwd: passwd.replaceAll('\n', '\n\n')}).uid, 1000);
	const group = `audio\naudio:x\naudio:x:-1:bob\naudio:x:1e1:bob\n:x:0:bob\nbig:x:9:${'a,'.repeat(40000)}bob\naudio:x:29:bob\n`;
	t.deepEqual(who({user: 'bob'}, {...facts, group}).groups, [100, 29]);
});

test('a home that is no path is not used (CVE-2022-4318)', t => {
	const withHome = (home: string) => ({...facts, passwd: `bob:x:1000:100::${home}:/bin/sh\n`});
	t.is(who({user: 'bob'}, withHome('/home/b b')).home, '/home/b b');
	for (const home of ['', 'home', '/a\rb', '/a\x1b[1m']) t.is(who({user: 'bob'}, withHome(home)).home, '/', home);
	t.is(who(undefined, {...facts, passwd: 'root:x:0:0::/var/root:/bin/sh'}).home, '/var/root');
});

test('root needs no id maps', t => {
	const {linux, minicontainer} = planned();
	t.deepEqual([linux.uidMappings, linux.gidMappings, minicontainer.setgroups], [undefined, undefined, undefined]);
});

test("one id of one's own: it stands for the wanted one, and setgroups is given up", t => {
	const {linux, minicontainer, process} = planned({user: {user: 'bob'}}, rootless);
	t.deepEqual(linux.uidMappings, [{containerID: 1000, hostID: 1001, size: 1}]);
	t.deepEqual(linux.gidMappings, [{containerID: 100, hostID: 1002, size: 1}]);
	t.is(minicontainer.setgroups, 'deny');
	t.is(process.user.additionalGids, undefined);
	t.is(planned({groupAdd: ['0']}, rootless).process.user.additionalGids, undefined);
	const error = refuses(
		t,
		{groupAdd: ['audio']},
		/^group 29 has no id outside the container to stand for it$/,
		rootless,
	);
	t.regex(error?.hint ?? '', /uidmap.*\/etc\/subuid/);
});

test('subordinate ids: root is the caller, the others come from the ranges', t => {
	const {linux, minicontainer, process} = planned({user: {user: 'bob'}}, withRanges);
	t.deepEqual(linux.uidMappings, [
		{containerID: 0, hostID: 1001, size: 1},
		{containerID: 1, hostID: 100000, size: 65536},
	]);
	t.deepEqual(linux.gidMappings, [
		{containerID: 0, hostID: 1002, size: 1},
		{containerID: 1, hostID: 200000, size: 65536},
	]);
	t.is(minicontainer.setgroups, 'allow');
	t.deepEqual(process.user.additionalGids, [100, 29, 44]);
	t.is(planned({user: {user: '65536'}}, withRanges).process.user.uid, 65536);
	const error = refuses(t, {user: {user: '65537'}}, /^user 65537 has no id outside the container/, withRanges);
	t.truthy(error?.hint);
	refuses(t, {user: {user: '0', group: '65537'}}, /^group 65537 has no id/, withRanges);
	refuses(t, {groupAdd: ['70000']}, /^group 70000 has no id/, withRanges);
});

test('groups that the image lists and the maps lack are left out', t => {
	const few = {...withRanges, subordinate: {uid: {start: 100000, count: 1000}, gid: {start: 200000, count: 100}}};
	t.deepEqual(who({user: 'bob'}, {...few, group: 'a:x:29:bob\nb:x:500:bob\n'}).groups, [100, 29]);
});
