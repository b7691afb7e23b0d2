import test from 'ava';
import type {Request} from '../../src/plan/request.js';
import {facts, planned, refuses, rootless, withRanges} from './base.js';

const own = {
	'net.ipv4.ip_unprivileged_port_start': '0',
	'net.ipv4.ping_group_range': '0 2147483647',
	'net.ipv6.conf.all.accept_ra': '0',
	'net.ipv6.conf.default.accept_ra': '0',
};

const pingGroups = (change: Partial<Request>, host = facts) =>
	planned(change, host).linux.sysctl?.['net.ipv4.ping_group_range'];

test("a network of its own: docker's settings, and no router advertisements", t => {
	t.deepEqual(planned().linux.sysctl, own);
	t.deepEqual(planned({network: 'host'}).linux.sysctl, {});
	const {sysctl = {}} = planned({}, {...facts, ipv6: false}).linux;
	t.deepEqual(Object.keys(sysctl), Object.keys(own).slice(0, 2));
});

test('only groups that the container has may ping', t => {
	t.is(pingGroups({}, rootless), '0 0');
	t.is(pingGroups({user: {user: '1000', group: '7'}}, rootless), '7 7');
	t.is(pingGroups({}, withRanges), '0 65536');
	t.is(pingGroups({user: {user: '1', group: '4294967294'}}, rootless), undefined);
});

test('what was asked for wins', t => {
	const sysctls = {'net.ipv4.ip_unprivileged_port_start': '80', 'kernel.shmmax': '1'};
	t.deepEqual(planned({sysctls}).linux.sysctl, {...own, ...sysctls});
});

test("nothing of the host's can be set", t => {
	const machine = /^sysctl '.*' belongs to the whole machine, not to a container$/;
	for (const name of ['kernel.core_pattern', 'vm.swappiness', 'kernel.shmmaxx', 'network.x', 'kernel.hostname'])
		refuses(t, {sysctls: {[name]: '1'}}, machine);
	for (const name of ['net/ipv4/ip_forward', 'net.ipv4..x', 'net.ipv4.x+y', 'net', ''])
		refuses(t, {sysctls: {[name]: '1'}}, /is not the name of a sysctl/);
	refuses(t, {sysctls: {'net.ipv4.ip_forward': '1+kernel.core_pattern=x'}}, /is not a value/);
	const shared = /^sysctl '.*' would change the host: the \w+ namespace is shared with it$/;
	refuses(t, {sysctls: {'net.ipv4.ip_forward': '1'}, network: 'host'}, shared);
	refuses(t, {sysctls: {'kernel.shmmax': '1'}, ipc: 'host'}, shared);
	refuses(t, {sysctls: {'kernel.domainname': 'x'}, uts: 'host'}, shared);
});
