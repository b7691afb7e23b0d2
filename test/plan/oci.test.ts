import test from 'ava';
import {toOci} from '../../src/plan/oci.js';
import {encode} from '../../src/spec/encode.js';
import {allLimits, facts, old, on, planned, rootless, unified, withRanges} from './base.js';

test('as root: all but the extension, and only the listed devices work', t => {
	const spec = planned({devices: [{source: '/dev/fuse', destination: '/dev/fuse', permissions: 'rwm'}]});
	const {process, root, hostname, mounts, linux} = spec;
	const {resources, ...rest} = toOci(spec).linux;
	t.deepEqual(
		{...toOci(spec), linux: rest},
		{ociVersion: '1.1.0', process, root, hostname: hostname ?? '', mounts, linux},
	);
	t.deepEqual(resources?.devices?.[0], {allow: false, access: 'rwm'});
	t.deepEqual(resources?.devices?.at(-1), {allow: true, type: 'c', major: 10, minor: 229, access: 'rwm'});
	t.is(resources?.devices?.length, 8);
});

test('without root: the runtime binds the default devices itself', t => {
	const devices = [{source: '/dev/fuse', destination: '/dev/fuse', permissions: 'rwm'}];
	const {mounts, linux} = toOci(planned({devices}, rootless));
	t.deepEqual(
		mounts.filter(({type}) => type === 'bind').map(({destination}) => destination),
		['/dev/fuse'],
	);
	t.is(linux.resources, undefined);
	t.is(linux.uidMappings?.length, 1);
});

test('in a user namespace the own group is not listed twice, for runc refuses that', t => {
	t.is(toOci(planned({}, withRanges)).process.user.additionalGids, undefined);
	t.deepEqual(toOci(planned({user: {user: 'bob'}}, withRanges)).process.user.additionalGids, [100, 29, 44]);
	t.deepEqual(toOci(planned({}, facts)).process.user.additionalGids, [0]);
});

test('a copy: the spec stays as it is, large limits too', t => {
	const spec = planned({ulimits: [{name: 'core', soft: 0, hard: 2n ** 64n - 1n}]});
	const before = encode(spec);
	const oci = toOci(spec);
	oci.mounts.pop();
	oci.linux.maskedPaths?.pop();
	t.is(encode(spec), before);
	t.regex(encode(oci), /"hard":18446744073709551615/);
	t.false('minicontainer' in oci);
});

test('OCI: the same limits in its words', t => {
	const {devices, ...resources} = toOci(planned(allLimits, on(old))).linux.resources ?? {};
	t.deepEqual(resources, {
		memory: {limit: 67108864, swap: 100663296, reservation: 33554432},
		cpu: {period: 100000, quota: 150000, shares: 512, cpus: '1-2', mems: '0'},
		pids: {limit: 100},
		blockIO: {weight: 500},
	});
	t.deepEqual(devices?.slice(0, 2), [
		{allow: false, access: 'rwm'},
		{allow: true, type: 'c', access: 'm'},
	]);
	t.is(devices?.length, 12);
	const {devices: same, ...second} = toOci(planned(allLimits, on(unified))).linux.resources ?? {};
	t.deepEqual(second, {
		memory: {limit: 67108864, swap: 100663296, reservation: 33554432},
		cpu: {period: 100000, quota: 150000, cpus: '1-2'},
		pids: {limit: 100},
		unified: {'cpu.weight': '59', 'io.bfq.weight': '500'},
	});
	t.deepEqual(same, devices);
	t.regex(encode(toOci(planned({memory: 2 ** 26, memorySwap: -1}, on(unified)))), /"swap":-1/);
});
