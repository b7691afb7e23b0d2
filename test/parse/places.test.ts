/** The grammars that name places: path, volume, mount (CSV), tmpfs, overlay, device. */
import test from 'ava';
import {parseCsv} from '../../src/parse/csv.js';
import {parseDevice} from '../../src/parse/device.js';
import {parseMount} from '../../src/parse/mount.js';
import {parseOverlay} from '../../src/parse/overlay.js';
import {isWithin, parsePath} from '../../src/parse/path.js';
import {parseTmpfs} from '../../src/parse/tmpfs.js';
import {parseVolume} from '../../src/parse/volume.js';
import {table} from './table.js';

test(
	'absolute paths, cleaned',
	table(
		parsePath,
		[
			['/', '/'],
			['/a', '/a'],
			['//a///b/', '/a/b'],
			['/a/./b/../c', '/a/c'],
			['/../../etc', '/etc'],
			['/..', '/'],
			['/a b,c:d\n\u00e9', '/a b,c:d\n\u00e9'],
			['/...', '/...'],
		],
		[
			['', /empty/],
			['a', /^'a' is not an absolute path: start it with \/$/],
			['./a', /not an absolute path/],
			['C:\\x', /not an absolute path/],
			['/a\0b', /NUL/],
			[`/${'a'.repeat(5000)}`, /longer than 4095/],
		],
	),
);

test('what lies within what', t => {
	t.true(isWithin('/a', '/a'));
	t.true(isWithin('/a/b', '/a'));
	t.true(isWithin('/a', '/'));
	t.false(isWithin('/ab', '/a'));
	t.false(isWithin('/', '/a'));
});

const volume = {type: 'bind', source: '/a', destination: '/b'} as const;
const colon = /a path with a colon can be said in --mount/;

test(
	'volumes',
	table(
		parseVolume,
		[
			['/a:/b', volume],
			['/a:/b:ro', {...volume, readOnly: true}],
			['/a:/b:rw', {...volume, readOnly: false}],
			['/a:/b:rprivate,ro', {...volume, readOnly: true}],
			['/a:/b:cached', volume],
			['/a:/b:bind', {...volume, recursive: false}],
			['./a:/b', {...volume, source: './a'}],
			['.:/b', {...volume, source: '.'}],
			['../a:/b', {...volume, source: '../a'}],
			['/a b,c\n:/b', {...volume, source: '/a b,c\n'}],
			['/a:/b/../c//d/', {...volume, destination: '/c/d'}],
		],
		[
			['', /anonymous volumes do not exist yet/],
			['/x', /^anonymous volumes do not exist yet: use HOST:CONTAINER, or --tmpfs '\/x'$/],
			['data:/x', /^'data' is not a path, and named volumes do not exist yet: .*\.\/data$/],
			['data/sub:/x', /named volumes/],
			['.hidden:/x', /named volumes/],
			['~/x:/x', /is not a path/],
			['C:\\x:/y', /is not a path|colon/],
			[':/x', /host path is empty/],
			['/a:', /is not a path: it is empty/],
			['/a:b', /'b' is not an absolute path/],
			['/a:/b:/c', colon],
			['/a:/b:ro:rw', colon],
			['/a:/b:', colon],
			['/a:/b:ro,', colon],
			['/a:/b:RO', /'RO' is not an option/],
			['/a:/b:ro,rw', /both ro and rw/],
			['/a:/b:ro,bind,/etc', /'\/etc' is not an option/],
			['/a:/b:z', /'z': SELinux/],
			['/a:/b:ro,Z', /SELinux/],
			['/a:/b:rshared', /do not propagate/],
			['/a:/b:slave', /do not propagate/],
			['/a:/b:nocopy', /named volumes/],
			['/a:/b:U', /owners/],
			['/a:/b:O', /not supported yet/],
			['/a:/b:dev', /not an option/],
			['/a\0:/b', /NUL/],
		],
	),
);

test(
	'CSV records',
	table(
		parseCsv,
		[
			['', ['']],
			['a', ['a']],
			['a,b', ['a', 'b']],
			['a,,b,', ['a', '', 'b', '']],
			['"a,b",c', ['a,b', 'c']],
			['"a""b"', ['a"b']],
			['"a\nb",c', ['a\nb', 'c']],
			['""', ['']],
			[' a ', [' a ']],
		],
		[
			['"a', /a quote is missing/],
			['a"b', /a quote is missing/],
			['"a"b', /a quote is missing/],
			['a,"b', /a quote is missing/],
		],
	),
);

const bind = {type: 'bind', source: '/a', destination: '/b'} as const;
const tmpfs = {type: 'tmpfs', destination: '/t'} as const;

test(
	'mounts',
	table(
		parseMount,
		[
			['type=bind,source=/a,target=/b', bind],
			['type=bind,src=/a,dst=/b', bind],
			['destination=/b,src=/a,type=bind', bind],
			['type=bind,src=a,dst=/b', {...bind, source: 'a'}],
			['type=bind,src=/a,dst=/b,readonly', {...bind, readOnly: true}],
			['type=bind,src=/a,dst=/b,ro=true', {...bind, readOnly: true}],
			['type=bind,src=/a,dst=/b,ro=0', {...bind, readOnly: false}],
			['type=bind,src=/a,dst=/b,bind-nonrecursive', {...bind, recursive: false}],
			['type=bind,src=/a,dst=/b,bind-recursive=disabled', {...bind, recursive: false}],
			['type=bind,src=/a,dst=/b,bind-recursive=readonly,ro', {...bind, recursive: true, readOnly: true}],
			['type=bind,src=/a,dst=/b,bind-propagation=rprivate', bind],
			['type=bind,"src=/a,b","dst=/c""d"', {...bind, source: '/a,b', destination: '/c"d'}],
			['type=bind,src=/a:b,dst=/c:d', {...bind, source: '/a:b', destination: '/c:d'}],
			['type=bind,"src=/a\nb",dst=/b', {...bind, source: '/a\nb'}],
			['type=bind,src=/a=b,dst=/b', {...bind, source: '/a=b'}],
			['type=tmpfs,target=/t', tmpfs],
			['type=tmpfs,dst=/t,tmpfs-size=64m,tmpfs-mode=1770', {...tmpfs, size: 64 * 2 ** 20, mode: 0o1770}],
			['type=tmpfs,dst=/t,readonly', {...tmpfs, readOnly: true}],
		],
		[
			['', /^type is missing: use bind or tmpfs$/],
			['source=/a,target=/b', /type is missing/],
			['type=volume,source=a,target=/b', /^type 'volume' is not supported/],
			['type,source=/a', /type '' is not supported/],
			['type=bind,type=tmpfs,dst=/b', /type is said twice/],
			['type=bind,target=/b', /^source is missing$/],
			['type=bind,source=/a', /^target is missing$/],
			['type=bind,source=/a,target=/b,bogus=1', /^'bogus' is not a key of --mount: use source, /],
			['type=bind,source=/a,target=/b,', /^'' is not a key/],
			['type=bind,source=/a,target=/b,Readonly', /'Readonly' is not a key/],
			['type=bind,source=/a,src=/c,target=/b', /^src: source is said twice$/],
			['type=bind,source=/a,target=/b,ro,readonly=false', /said twice/],
			['type=bind,source=/a,target=/b,ro=maybe', /'maybe' is not a boolean/],
			['type=bind,source,target=/b', /source needs a value/],
			['type=bind,source=,target=/b', /empty/],
			['type=bind,source=/a,target=b', /not an absolute path/],
			['type=bind,source=/a,target=/b,tmpfs-size=1', /tmpfs-size does not go with type=bind/],
			['type=bind,source=/a,target=/b,bind-recursive=writable', /'writable' is not supported/],
			['type=bind,source=/a,target=/b,bind-propagation=shared', /'shared' is not supported/],
			['type=bind,source=/a,target=/b,bind-propagation=constructor', /not supported/],
			['type=tmpfs,source=/a,target=/b', /source does not go with type=tmpfs/],
			['type=tmpfs,target=/b,tmpfs-size=big', /is not a size/],
			['type=tmpfs,target=/b,tmpfs-mode=888', /'888' is not a mode/],
			['type=tmpfs,target=/b,tmpfs-mode=17777', /is not a mode/],
			['type=bind,"source=/a,target=/b', /a quote is missing/],
		],
	),
);

test(
	'tmpfs',
	table(
		parseTmpfs,
		[
			['/t', tmpfs],
			['/t/../u/', {...tmpfs, destination: '/u'}],
			['/t:size=64m', {...tmpfs, size: 64 * 2 ** 20}],
			['/t:ro,mode=755', {...tmpfs, readOnly: true, mode: 0o755}],
			['/t:rw,exec,nosuid', {...tmpfs, readOnly: false, options: ['exec', 'nosuid']}],
			['/t:uid=1000,gid=5,nr_inodes=010', {...tmpfs, options: ['uid=1000', 'gid=5', 'nr_inodes=10']}],
		],
		[
			['', /empty/],
			['t', /not an absolute path/],
			['/t:', /'' is not an option of a tmpfs/],
			['/t:size=', /is not a size/],
			['/t:size=50%', /'50%' is not a size/],
			['/t:mode=9', /is not a mode/],
			['/t:dev', /'dev' is not an option/],
			['/t:bogus', /^'bogus' is not an option of a tmpfs: use ro, rw, .*size=/],
			['/t:exec,noexec', /'noexec' repeats or contradicts/],
			['/t:ro,rw', /contradicts/],
			['/t:size=1,size=2', /repeats/],
			['/t:uid=x', /'x' is not a number for uid/],
			['/t:constructor=1', /not an option/],
			['/t:ro:rw', /'ro:rw' is not an option/],
		],
	),
);

test(
	'overlays',
	table(
		parseOverlay,
		[
			['disk', {kind: 'disk'}],
			['tmpfs', {kind: 'tmpfs'}],
			['tmpfs,size=1g', {kind: 'tmpfs', size: 2 ** 30}],
			['none', {kind: 'none'}],
			['./changes', {kind: 'dir', path: './changes'}],
			['/var/c', {kind: 'dir', path: '/var/c'}],
			['a/b', {kind: 'dir', path: 'a/b'}],
			['.', {kind: 'dir', path: '.'}],
		],
		[
			['', /is not an overlay: use disk, tmpfs\[,size=N\], none, or a directory/],
			['changes', /is not an overlay/],
			['tmpfs,', /is not an overlay/],
			['tmpfs,size=', /is not a size/],
			['tmpfs,size=x', /is not a size/],
			['Tmpfs', /is not an overlay/],
			['/a\0', /NUL/],
		],
	),
);

const device = {source: '/dev/fuse', destination: '/dev/fuse', permissions: 'rwm'};
const notADevice = /is not a device: use HOST\[:CONTAINER\]\[:rwm\], both paths absolute/;

test(
	'devices',
	table(
		parseDevice,
		[
			['/dev/fuse', device],
			['/dev/fuse:rw', {...device, permissions: 'rw'}],
			['/dev/fuse:/dev/x', {...device, destination: '/dev/x'}],
			['/dev/fuse:/dev/x:r', {...device, destination: '/dev/x', permissions: 'r'}],
			['/srv/node:/dev/./x', {source: '/srv/node', destination: '/dev/x', permissions: 'rwm'}],
			['/dev/fuse:mwr', {...device, permissions: 'mwr'}],
		],
		[
			['', notADevice],
			['fuse', notADevice],
			['/dev/fuse:', notADevice],
			['/dev/fuse:rwx', notADevice],
			['/dev/fuse:rr', notADevice],
			['/dev/fuse:/dev/x:', notADevice],
			['/dev/fuse:/dev/x:rwm:rwm', notADevice],
			['/dev/fuse:x:rwm', notADevice],
			['/srv/node', /'\/srv\/node' is no place for a device/],
			['/dev/fuse:/tmp/x', /must be below \/dev/],
			['/dev/fuse:/dev', /must be below \/dev/],
			['/dev/fuse:/dev/../x', /must be below \/dev/],
			['/dev/fuse:/devil/x', /must be below \/dev/],
		],
	),
);
