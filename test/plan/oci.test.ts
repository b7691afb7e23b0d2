import test from 'ava';
import {toOci} from '../../src/plan/oci.js';
import {encode} from '../../src/spec/encode.js';
import {facts, planned, rootless, withRanges} from './base.js';

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
