import test from 'ava';
import type {HostFacts} from '../../src/spec/facts.js';
import {facts, planned, refuses} from './base.js';

const files = (change: Parameters<typeof planned>[0] = {}, host: Partial<HostFacts> = facts) =>
	Object.fromEntries(planned(change, host).minicontainer.contents?.map(file => [file.destination, file]) ?? []);
const resolvConf = (text: string, change: Parameters<typeof planned>[0] = {}, more: Partial<HostFacts> = {}) =>
	files(change, {...facts, resolvConf: text, ...more})['/etc/resolv.conf']?.text;
const hosts = (change: Parameters<typeof planned>[0] = {}, more: Partial<HostFacts> = {}) =>
	files(change, {...facts, hostsFile: '10.0.0.1 theirs\n', ...more})['/etc/hosts']?.text ?? '';

const NOBODY = "# The host's resolvers are on its own loopback: --dns ADDRESS names others.\n";

test("the host's resolvers, but for those that only the host can reach", t => {
	t.is(
		resolvConf(
			'# made by hand\nnameserver 9.9.9.9\nnameserver 2620:fe::fe\nsearch a.org b.org\noptions ndots:2 rotate\n',
		),
		'nameserver 9.9.9.9\nnameserver 2620:fe::fe\nsearch a.org b.org\noptions ndots:2 rotate\n',
	);
	t.is(
		resolvConf('nameserver 127.0.0.1\nnameserver ::1\nnameserver 127.1.2.3\nnameserver 1.1.1.1'),
		'nameserver 1.1.1.1\n',
	);
	t.is(
		resolvConf('nameserver fe80::1%eth0\nnameserver nonsense\nnameserver\n'),
		NOBODY,
		'a zone means nothing elsewhere',
	);
	t.is(resolvConf('search old.org\ndomain new.org\n'), `${NOBODY}search new.org\n`);
	t.is(resolvConf(''), NOBODY);
});

test('where systemd-resolved is: whom it asks itself', t => {
	const upstream = 'nameserver 192.0.2.1\nsearch up.org\n';
	t.is(resolvConf('nameserver 127.0.0.53\n', {}, {resolvUpstream: upstream}), upstream);
	t.is(resolvConf('nameserver 127.0.0.53\n', {}, {resolvUpstream: 'nameserver 127.0.0.1\n'}), NOBODY);
	t.is(resolvConf('nameserver 127.0.0.53\n'), NOBODY);
});

test('--dns, --dns-search and --dns-option, each for itself', t => {
	const host = 'nameserver 9.9.9.9\nsearch a.org\noptions ndots:2\n';
	t.is(
		resolvConf(host, {dns: ['192.0.2.1', '2001:db8::1']}),
		'nameserver 192.0.2.1\nnameserver 2001:db8::1\nsearch a.org\noptions ndots:2\n',
	);
	t.is(resolvConf(host, {dnsSearch: ['b.org', 'c.org']}), 'nameserver 9.9.9.9\nsearch b.org c.org\noptions ndots:2\n');
	t.is(resolvConf(host, {dnsSearch: ['.'], dnsOptions: ['rotate']}), 'nameserver 9.9.9.9\noptions rotate\n');
	t.is(
		resolvConf('nameserver 127.0.0.53\n', {dns: ['127.0.0.1']}),
		'nameserver 127.0.0.1\n',
		'what is asked for is done',
	);
	refuses(t, {dns: ['nowhere']}, /'nowhere' is not an IP address/);
	refuses(t, {dnsSearch: ['a b']}, /'a b' is not a domain/);
	refuses(t, {dnsOptions: ['a\nnameserver 6.6.6.6']}, /is not an option of resolv.conf/);
});

test("with the host's network its files as they are", t => {
	const host = 'nameserver 127.0.0.53\noptions edns0 trust-ad\n';
	t.is(resolvConf(host, {network: 'host'}), host);
	t.is(resolvConf(host, {network: 'host', dns: ['192.0.2.1']}), 'nameserver 192.0.2.1\noptions edns0 trust-ad\n');
	t.is(hosts({network: 'host'}), '10.0.0.1 theirs\n');
	t.is(hosts({network: 'host', addHost: [{name: 'me', address: 'host-gateway'}]}), '10.0.0.1 theirs\n127.0.0.1\tme\n');
});

test('hosts: localhost, its own names, and what was asked for', t => {
	const local = [
		'127.0.0.1\tlocalhost',
		'::1\tlocalhost ip6-localhost ip6-loopback',
		'fe00::\tip6-localnet',
		'ff00::\tip6-mcastprefix',
		'ff02::1\tip6-allnodes',
		'ff02::2\tip6-allrouters',
	];
	t.deepEqual(hosts({hostname: 'box'}).split('\n'), [...local, '127.0.1.1\tbox', '']);
	const addHost = [
		{name: 'db', address: '192.0.2.7'},
		{name: 'db6', address: '2001:db8::7'},
	];
	t.deepEqual(hosts({hostname: 'box', networkAliases: ['web'], addHost}).split('\n'), [
		...[...local, '127.0.1.1\tbox web', '192.0.2.7\tdb', '2001:db8::7\tdb6', ''],
	]);
	t.is(files({hostname: 'box'})['/etc/hostname']?.text, 'box\n');
	t.is(files({uts: 'host'}, {...facts, hostname: 'theirs'})['/etc/hostname']?.text, 'theirs\n');
	refuses(t, {addHost: [{name: 'x', address: 'host-gateway'}]}, /no way to the host from this network/);
	refuses(t, {addHost: [{name: 'x y', address: '192.0.2.1'}]}, /'x y' is not a host name/);
	refuses(t, {addHost: [{name: 'x', address: '1\n2'}]}, /is neither an IP address/);
});

test('made where the image has none: only in an overlay, and only for who asks', t => {
	const makes = (change: Parameters<typeof planned>[0]) =>
		[...new Set(Object.values(files(change)).map(({make = 'not'}) => make))].join();
	t.is(makes({}), 'not');
	t.is(makes({dns: ['192.0.2.1']}), 'must');
	t.is(makes({network: 'host'}), 'try');
	t.is(makes({network: 'host', overlay: {kind: 'none'}}), 'not');
	t.is(makes({network: 'host', mounts: [{type: 'bind', source: '/mine', destination: '/etc'}]}), 'not');
});

test("the user's own file wins", t => {
	const mounts = [{type: 'bind' as const, source: '/my/hosts', destination: '/etc/../etc/hosts'}];
	t.deepEqual(Object.keys(files({mounts})), ['/etc/resolv.conf', '/etc/hostname']);
});
