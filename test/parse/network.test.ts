import test from 'ava';
import {parseMac} from '../../src/parse/mac.js';
import {parsePublish} from '../../src/parse/publish.js';
import {formatAddress, formatSubnet, overlap, parseSubnet, readAddress} from '../../src/parse/subnet.js';

const one = (first: number, last = first) => ({first, last});

const published: [text: string, value: object[]][] = [
	['80', [{protocol: 'tcp', port: 80}]],
	['80/udp', [{protocol: 'udp', port: 80}]],
	['8080:80', [{protocol: 'tcp', port: 80, hostPorts: one(8080)}]],
	[':80', [{protocol: 'tcp', port: 80}]],
	['0.0.0.0:8080:80', [{protocol: 'tcp', port: 80, hostPorts: one(8080)}]],
	['127.0.0.1:8080:80', [{protocol: 'tcp', port: 80, address: '127.0.0.1', hostPorts: one(8080)}]],
	['127.0.0.1::80', [{protocol: 'tcp', port: 80, address: '127.0.0.1'}]],
	['[2001:db8::1]:8080:80', [{protocol: 'tcp', port: 80, address: '2001:db8::1', hostPorts: one(8080)}]],
	[
		'8080-8081:80-81',
		[
			{protocol: 'tcp', port: 80, hostPorts: one(8080)},
			{protocol: 'tcp', port: 81, hostPorts: one(8081)},
		],
	],
	['8000-8010:80', [{protocol: 'tcp', port: 80, hostPorts: one(8000, 8010)}]],
];

for (const [text, value] of published) {
	test(`-p ${text}`, t => {
		t.deepEqual(parsePublish(text), value as ReturnType<typeof parsePublish>);
	});
}

for (const text of [
	'',
	'x',
	'0',
	'65536',
	'80/sctp',
	'1:2:3:4',
	'a:80:80',
	'8080-8081:80-82',
	'81-80',
	'2001:db8::1:80:80',
	'[x]:80:80',
	'80:',
	'-1:80',
]) {
	test(`-p ${JSON.stringify(text)} is refused`, t => {
		t.throws(() => parsePublish(text), {name: 'Failure'});
	});
}

test('addresses and subnets', t => {
	for (const text of [
		'0.0.0.0',
		'255.255.255.255',
		'10.1.2.3',
		'::',
		'::1',
		'fe80::1',
		'1::',
		'1:2:3:4:5:6:7:8',
		'fd00:0:0:1::',
	]) {
		t.is(formatAddress(readAddress(text)), text === 'fd00:0:0:1::' ? 'fd00:0:0:1::' : text);
	}

	t.is(formatAddress(readAddress('FD00:0:0:0:0:0:0:01')), 'fd00::1');
	t.is(formatAddress(readAddress('1:0:0:2:0:0:0:3')), '1:0:0:2::3');
	for (const text of [
		'',
		'1',
		'1.2.3',
		'1.2.3.256',
		'01.2.3.4',
		':',
		':::',
		'1::2::3',
		'12345::',
		'g::',
		'1:2:3:4:5:6:7',
		'1:2:3:4:5:6:7:8:9',
	]) {
		t.throws(() => readAddress(text), {name: 'Failure'}, text);
	}

	t.is(formatSubnet(parseSubnet('10.1.0.0/16')), '10.1.0.0/16');
	for (const text of ['10.1.0.0', '10.1.0.1/16', '10.1.0.0/33', '/16', 'fd00::1/64', '10.1.0.0/']) {
		t.throws(() => parseSubnet(text), {name: 'Failure'}, text);
	}

	const lies = (a: string, b: string) => overlap(parseSubnet(a), parseSubnet(b));
	t.true(lies('10.0.0.0/8', '10.1.0.0/16') && lies('10.1.0.0/16', '10.0.0.0/8'));
	t.false(lies('10.0.0.0/16', '10.1.0.0/16') || lies('0.0.0.0/1', '::/1'));
});

test('addresses of links', t => {
	t.is(parseMac('02:AB:cd:00:00:01'), '02:ab:cd:00:00:01');
	for (const text of ['01:00:00:00:00:00', '00:00:00:00:00:00', '02:00:00:00:00', '02-00-00-00-00-01', 'x']) {
		t.throws(() => parseMac(text), {name: 'Failure'}, text);
	}
});
