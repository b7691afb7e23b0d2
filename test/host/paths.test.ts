import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {isPrivate, makePrivate, places} from '../../src/host/paths.js';
import {Failure} from '../../src/spec/failure.js';
import {testWith} from '../helpers/needs.js';
import {isRoot} from '../helpers/project.js';
import {scratch} from '../helpers/rootfs.js';

const uid = process.geteuid?.();

test('a root that was said holds everything', t => {
	t.deepEqual(places('/r', {}), {run: '/r/run', lib: '/r/lib'});
	t.deepEqual(places(undefined, {MINICONTAINER_ROOT: '/e'}), {run: '/e/run', lib: '/e/lib'});
	t.deepEqual(places('/r', {MINICONTAINER_ROOT: '/e'}), {run: '/r/run', lib: '/r/lib'});
	t.is(places('r', {}).run, path.resolve('r/run'));
});

testWith({as: 'root'}, "root has the system's directories", t => {
	const system = {run: '/run/minicontainer', lib: '/var/lib/minicontainer'};
	t.deepEqual(places(undefined, {HOME: '/root', XDG_RUNTIME_DIR: '/tmp', MINICONTAINER_ROOT: ''}), system);
});

testWith({as: 'user'}, 'a user has directories of their own', t => {
	const runtime = scratch('runtime');
	const lib = '/h/.local/share/minicontainer';
	t.deepEqual(places(undefined, {HOME: '/h', XDG_RUNTIME_DIR: runtime}), {run: `${runtime}/minicontainer`, lib});
	const shared = {run: `/tmp/minicontainer-${uid}`, lib};
	t.deepEqual(places(undefined, {HOME: '/h'}), shared);
	t.deepEqual(places(undefined, {HOME: '/h', XDG_RUNTIME_DIR: '/run'}), shared, "another user's");
	t.deepEqual(places(undefined, {HOME: '/h', XDG_RUNTIME_DIR: `${runtime}/missing`}), shared);
	t.throws(() => places(undefined, {}), {message: /HOME is not set/});
	t.throws(() => places(undefined, {HOME: 'h'}), {message: /HOME is not set/});
});

test('private directories are closed to others', t => {
	const directory = path.join(scratch('private'), 'a/b');
	t.false(isPrivate(directory));
	makePrivate(directory);
	t.is(fs.statSync(directory).mode & 0o777, 0o700);
	t.is(fs.statSync(path.dirname(directory)).mode & 0o777, 0o700);
	fs.chmodSync(directory, 0o777);
	t.true(isPrivate(directory));
	t.is(fs.statSync(directory).mode & 0o777, 0o700);
});

test("what is a link, a file or somebody else's is refused", t => {
	const directory = scratch('private');
	fs.symlinkSync(directory, path.join(directory, 'link'));
	fs.writeFileSync(path.join(directory, 'file'), '');
	t.throws(() => isPrivate(path.join(directory, 'link')), {message: /is not a directory of your own/});
	t.throws(() => isPrivate(path.join(directory, 'file')), {message: /is not a directory of your own/});
	t.throws(() => makePrivate(path.join(directory, 'file/x')), {message: /^cannot make .*: not a directory$/});
	if (isRoot) {
		fs.chownSync(directory, 1000, 1000);
	}

	t.throws(() => isPrivate(isRoot ? directory : '/usr'), {message: /is not a directory of your own/});
});

test('a directory that cannot be made, below one that is there, is refused at once', t => {
	t.throws(() => makePrivate('/proc/minicontainer/run'), {instanceOf: Failure, message: /cannot make/});
});
