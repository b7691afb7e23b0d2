import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {isPrivate, makePrivate, stateDirectory} from '../../src/host/paths.js';
import {Failure} from '../../src/spec/failure.js';
import {testWith} from '../helpers/needs.js';
import {isRoot} from '../helpers/project.js';
import {scratch} from '../helpers/rootfs.js';

test('a root that was said holds everything', t => {
	t.is(stateDirectory('/r', {}), '/r');
	t.is(stateDirectory(undefined, {MINICONTAINER_ROOT: '/e'}), '/e');
	t.is(stateDirectory('/r', {MINICONTAINER_ROOT: '/e'}), '/r');
	t.is(stateDirectory('r', {}), path.resolve('r'));
});

testWith({as: 'root'}, "root has the system's directory", t => {
	t.is(stateDirectory(undefined, {HOME: '/root', MINICONTAINER_ROOT: ''}), '/var/lib/minicontainer');
});

testWith({as: 'user'}, 'a user has one at home', t => {
	t.is(stateDirectory(undefined, {HOME: '/h'}), '/h/.local/share/minicontainer');
	t.throws(() => stateDirectory(undefined, {}), {message: /HOME is not set/});
	t.throws(() => stateDirectory(undefined, {HOME: 'h'}), {message: /HOME is not set/});
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
