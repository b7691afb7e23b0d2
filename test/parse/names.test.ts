import test from 'ava';
import {isIpv4, isIpv6, isLoopback, parseAddress} from '../../src/parse/address.js';
import {parseDnsOption, parseDnsSearch, parseHostEntry} from '../../src/parse/dns.js';
import {parseNetwork} from '../../src/parse/network.js';
import {table} from './table.js';

test(
	'networks',
	table(
		parseNetwork,
		[
			['none', {kind: 'none'}],
			['host', {kind: 'host'}],
			['bridge', {kind: 'bridge', name: 'bridge'}],
			['my.net-1', {kind: 'bridge', name: 'my.net-1'}],
			['pasta', {kind: 'pasta', options: []}],
			['pasta:', {kind: 'pasta', options: []}],
			['pasta:-T,80,--no-ndp', {kind: 'pasta', options: ['-T', '80', '--no-ndp']}],
			['slirp4netns', {kind: 'slirp4netns'}],
			['container:web', {kind: 'container', container: 'web'}],
			['ns:/run/netns/x', {kind: 'ns', path: '/run/netns/x'}],
		],
		['', 'none:', 'host:x', 'slirp4netns:x', 'container', 'container:', 'ns', 'ns:', 'ns:x', 'a b', '../x', 'x:y'].map(
			text => [text, /is not a network: use none, host/] as const,
		),
	),
);

test('addresses', t => {
	for (const text of ['0.0.0.0', '255.255.255.255', '192.0.2.1']) t.true(isIpv4(text), text);
	for (const text of [
		'',
		'1.2.3',
		'1.2.3.4.5',
		'256.1.1.1',
		'1.2.3.04',
		'1.2.3.4 ',
		' 1.2.3.4',
		'1.2.3.4\n',
		'0x1.2.3.4',
	])
		t.false(isIpv4(text), text);
	for (const text of ['::', '::1', '2001:db8::7', '1:2:3:4:5:6:7:8', '::ffff:192.0.2.1', '1::', 'FE80::A'])
		t.true(isIpv6(text), text);
	for (const text of [
		'',
		':',
		':::',
		'1::2::3',
		'1:2:3:4:5:6:7',
		'1:2:3:4:5:6:7:8:9',
		'1:2:3:4:5:6:7::8',
		'g::',
		'12345::',
	])
		t.false(isIpv6(text), text);
	for (const text of ['fe80::1%eth0', '[::1]', '::1 ', '::1.2.3', '1.2.3.4::', ':1', '1:']) t.false(isIpv6(text), text);
	for (const text of ['127.0.0.1', '127.255.0.9', '::1', '0:0:0:0:0:0:0:1']) t.true(isLoopback(text), text);
	for (const text of ['128.0.0.1', '12.7.0.1', '::2', '1::1', '::']) t.false(isLoopback(text), text);
	t.is(parseAddress('192.0.2.1'), '192.0.2.1');
	t.throws(() => parseAddress('x'), {message: "'x' is not an IP address"});
});

test(
	'hosts',
	table(
		parseHostEntry,
		[
			['db:192.0.2.1', {name: 'db', address: '192.0.2.1'}],
			['db=192.0.2.1', {name: 'db', address: '192.0.2.1'}],
			['db:2001:db8::1', {name: 'db', address: '2001:db8::1'}],
			['db:[2001:db8::1]', {name: 'db', address: '2001:db8::1'}],
			['a.b:host-gateway', {name: 'a.b', address: 'host-gateway'}],
		],
		[
			...['', 'db', 'db:', ':192.0.2.1', '='].map(text => [text, /is not a host: use NAME:ADDRESS$/] as const),
			['a b:192.0.2.1', /'a b' is not a host name/],
			['db:nowhere', /'nowhere' is neither an IP address nor host-gateway$/],
			['db:192.0.2.1\n6.6.6.6 bank', /is neither an IP address/],
		],
	),
);

test(
	'domains to search in',
	table(
		parseDnsSearch,
		[
			['.', '.'],
			['a.org', 'a.org'],
		],
		['', 'a b', 'a\nb', 'a:b'].map(text => [text, /is not a domain/] as const),
	),
);

test(
	'options of resolv.conf',
	table(
		parseDnsOption,
		[
			['ndots:2', 'ndots:2'],
			['rotate', 'rotate'],
		],
		['', 'a b', 'a\nb'].map(text => [text, /is not an option of resolv\.conf/] as const),
	),
);
