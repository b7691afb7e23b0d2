import test from 'ava';
import type {HostFacts} from '../../src/spec/facts.js';
import {facts, planned, refuses, rootless} from './base.js';

const userNetwork = {pasta: '/usr/bin/pasta', slirp4netns: '/usr/bin/slirp4netns', tun: true};
const user: HostFacts = {...rootless, userNetwork, resolvConf: 'nameserver 192.0.2.53\n'};
const program = (change: Parameters<typeof planned>[0], host = user) =>
	planned(change, host).minicontainer.network?.attach.map(({args, stays}) => `${args.join(' ')}${stays ? ' &' : ''}`);
const resolvConf = (change: Parameters<typeof planned>[0], host: HostFacts) =>
	planned(change, host).minicontainer.contents?.find(({destination}) => destination === '/etc/resolv.conf')?.text;

test('pasta: nothing in but what is published, and no way to the host’s loopback', t => {
	const [begin, end] = ['/usr/bin/pasta -f -q --config-net -P /proc/self/fd/0', '-T none -U none --no-map-gw'];
	t.deepEqual(program({network: 'pasta'}), [`${begin} -t none -u none ${end} PID &`]);
	t.deepEqual(program({network: 'pasta:--mtu,1400'}), [`${begin} -t none -u none ${end} --mtu 1400 PID &`]);
	const ports = (first: number, last = first) => ({hostPorts: {first, last}});
	const publish = [
		{protocol: 'tcp' as const, port: 80, ...ports(8080)},
		{protocol: 'tcp' as const, port: 81, address: '127.0.0.1', ...ports(8081)},
		{protocol: 'udp' as const, port: 53, ...ports(53)},
	];
	t.deepEqual(program({network: 'pasta', publish}), [`${begin} -t 8080:80 -t 127.0.0.1/8081:81 -u 53:53 ${end} PID &`]);
	refuses(t, {network: 'pasta', publish: [{protocol: 'tcp', port: 80}]}, /must be told which port of the host's/, user);
	refuses(t, {network: 'pasta', publish: [{protocol: 'tcp', port: 80, ...ports(1, 2)}]}, /must be told/, user);
});

test('slirp4netns: by number, or as root by descriptor', t => {
	const begin = '/usr/bin/slirp4netns --configure --mtu=65520 --disable-host-loopback';
	const middle = '--enable-sandbox --enable-seccomp --ready-fd=0';
	t.deepEqual(program({network: 'slirp4netns'}), [`${begin} ${middle} PID tap0 &`]);
	const byPath = `${begin} ${middle} --netns-type=path /proc/self/fd/3 tap0 &`;
	t.deepEqual(program({network: 'slirp4netns'}, {...user, euid: 0}), [byPath]);
	refuses(t, {network: 'slirp4netns', publish: [{protocol: 'tcp', port: 80}]}, /only by a bridge or pasta/, user);
});

test('the host’s resolvers as they are; those on its loopback through the program', t => {
	const loopback = {...user, resolvConf: 'nameserver 127.0.0.1\n'};
	t.is(resolvConf({network: 'pasta'}, user), 'nameserver 192.0.2.53\n');
	t.is(resolvConf({network: 'pasta'}, loopback), 'nameserver 169.254.1.1\n');
	t.is(resolvConf({network: 'slirp4netns'}, loopback), 'nameserver 10.0.2.3\n');
	t.is(resolvConf({network: 'pasta', dns: ['192.0.2.1']}, loopback), 'nameserver 192.0.2.1\n');
	t.regex(resolvConf({network: 'none'}, loopback) ?? '', /^# The host's resolvers are on its own loopback/);
	t.regex(resolvConf({network: 'pasta'}, {...user, resolvConf: ''}) ?? '', /^#/, 'nobody is nobody');
	t.regex(program({network: 'pasta'}, loopback)?.[0] ?? '', / --dns-forward 169\.254\.1\.1 PID &$/);
});

test('what is missing is named, with what to install', t => {
	const without = (more: object) => ({...rootless, userNetwork: {...userNetwork, ...more}}) as HostFacts;
	t.is(
		refuses(t, {network: 'pasta'}, /pasta is not installed/, without({pasta: undefined}))?.hint,
		'apt install passt',
	);
	const slirp = refuses(t, {network: 'slirp4netns'}, /slirp4netns is not installed/, without({slirp4netns: undefined}));
	t.is(slirp?.hint, 'apt install slirp4netns');
	refuses(t, {network: 'pasta'}, /pasta is not installed/, rootless);
	refuses(t, {network: 'pasta'}, /needs \/dev\/net\/tun/, without({tun: false}));
	refuses(t, {network: 'pasta'}, /is for users/, {...user, euid: 0});
	refuses(t, {network: 'bridge'}, /only root can have a bridge/, user);
	refuses(t, {network: ['pasta', 'slirp4netns']}, /cannot be one of several/, user);
	refuses(t, {network: 'pasta', addHost: [{name: 'x', address: 'host-gateway'}]}, /no way to the host/, user);
	t.is(planned({network: 'none'}, facts).minicontainer.network, undefined);
});
