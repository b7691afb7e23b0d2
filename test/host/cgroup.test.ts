import fs from 'node:fs';
import test from 'ava';
import {cgroupFacts, cgroupMounts, removeGroups} from '../../src/host/cgroup.js';
import {isRoot} from '../helpers/project.js';
import {scratch} from '../helpers/rootfs.js';

const mountinfo = `23 1 254:0 / / rw,noatime - ext4 /dev/root rw
31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid shared:9 - cgroup cgroup rw,cpu,cpuacct
40 31 0:37 /docker/x /sys/fs/cgroup/sys\\040temd rw - cgroup cgroup rw,name=systemd
41 31 0:38 / /sys/fs/cgroup/unified rw,relatime shared:1 master:2 - cgroup2 cgroup2 rw,nsdelegate
`;

test('mounts of both versions, with the names that mountinfo escapes', t => {
	t.deepEqual(cgroupMounts(mountinfo), [
		{version: 1, root: '/', place: '/sys/fs/cgroup/cpu,cpuacct', options: ['rw', 'cpu', 'cpuacct']},
		{version: 1, root: '/docker/x', place: '/sys/fs/cgroup/sys temd', options: ['rw', 'name=systemd']},
		{version: 2, root: '/', place: '/sys/fs/cgroup/unified', options: ['rw', 'nsdelegate']},
	]);
	t.deepEqual(cgroupMounts(''), []);
});

test('facts of this machine: directories that are there, and that we may write to', t => {
	const facts = cgroupFacts(isRoot ? 0 : 1000);
	for (const directory of [...Object.values(facts.v1), ...(facts.v2 ? [facts.v2.directory] : [])]) {
		t.notThrows(() => fs.accessSync(directory, fs.constants.W_OK), directory);
	}

	t.true(isRoot || Object.keys(facts.v1).length === 0);
});

test('groups are removed from the inside; what others use stays, what is gone is gone', t => {
	const directory = scratch('groups');
	fs.mkdirSync(`${directory}/a/b`, {recursive: true});
	removeGroups([`${directory}/a`, `${directory}/a/b`, `${directory}/c`]);
	t.false(fs.existsSync(`${directory}/a`));
});
