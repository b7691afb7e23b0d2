/** Limits of cgroup version 2, by what they do, through the helper alone. */
import fs from 'node:fs';
import {setTimeout as delay} from 'node:timers/promises';
import type {Event} from '../../src/spec/events.js';
import {execSpec} from '../helpers/spec.js';
import {groupTest, seeing} from './group.js';

groupTest('it is in its group, whose members it does not choose', async (t, group) => {
	const spec = group.spec('cat /proc/self/cgroup', {}, ({linux}) => {
		linux.namespaces = linux.namespaces.filter(({type}) => type !== 'cgroup');
	});
	t.is((await group.run(spec)).stdout, `0::${group.path.replace('/sys/fs/cgroup', '')}\n`);
});

groupTest('with a cgroup namespace the group is all it sees', async (t, group) => {
	const script = 'cat /proc/self/cgroup; cat /sys/fs/cgroup/pids.max; ls -d /sys/fs/cgroup/*.slice';
	const result = await group.run(group.spec(script, {'pids.max': '77'}, seeing));
	t.is(result.stdout, '0::/\n77\n', result.stderr);
});

groupTest(
	'it is in its group from its first instruction: where it may hold no process, there is none',
	async (t, group) => {
		// A process that is moved into a group is let in whatever pids.max says; one that is cloned into it is not.
		const result = await group.run(group.spec('echo never', {'pids.max': '0'}));
		t.like(result.events.at(-1), {event: 'error', step: 'clone', errno: 'EAGAIN', exitCode: 125});
		t.is(result.stdout, '');
	},
);

groupTest('memory.max: who uses more is killed, and the reason is told', async (t, group) => {
	const hog = 'exec dd if=/dev/zero of=/dev/null bs=100M count=1';
	const limits = {'memory.max': '32M', 'memory.swap.max': '0'};
	const result = await group.run(group.spec(hog, limits));
	t.deepEqual(result.events.at(-1), {event: 'exited', signal: 9, oom: true} satisfies Event);
	t.is(result.code, 137);
});

groupTest('memory.max: killed below the first process, too; and who stays below it is not', async (t, group) => {
	const hog = (size: string) => `dd if=/dev/zero of=/dev/null bs=${size} count=1 2>/dev/null; echo $?`;
	const limits = {'memory.max': '48M', 'memory.swap.max': '0'};
	const over = await group.run(group.spec(hog('100M'), limits));
	t.deepEqual([over.stdout, over.events.at(-1)], ['137\n', {event: 'exited', code: 0, oom: true}]);
	const below = await group.run(group.spec(hog('8M'), limits));
	t.deepEqual([below.stdout, below.events.at(-1)], ['0\n', {event: 'exited', code: 0}]);
});

groupTest('pids.max: a fork bomb is held', async (t, group) => {
	const bomb = 'for i in 1 2 3 4 5 6 7 8; do sleep 100 & echo $i; done';
	const result = await group.run(group.spec(bomb, {'pids.max': '5'}));
	t.regex(result.stderr, /fork/);
	t.is(result.stdout, '1\n2\n3\n4\n');
});

groupTest('cpu.max: a spinner gets its share', async (t, group) => {
	const spin = 'timeout 2 sh -c "while :; do :; done"; cat /sys/fs/cgroup/cpu.stat';
	const {stdout} = await group.run(group.spec(spin, {'cpu.max': '20000 100000'}, seeing));
	const stat = (name: string) => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(stdout)?.[1]);
	t.true(stat('nr_throttled') >= 5, stdout);
	// A fifth of 2 s, of which much may be gone before the first look at the clock; without a limit it would be all.
	t.true(stat('usage_usec') < 1_000_000, stdout);
});

groupTest('cgroup.freeze: stands still, goes on, and can be killed while it stands', async (t, group) => {
	const spec = group.spec('while :; do echo tick; sleep 0.02; done', {}, ({minicontainer}) => {
		minicontainer.supervise = {dir: group.box.directory('kept'), log: {path: group.box.path('kept/log')}};
	});
	const size = () => fs.statSync(group.box.path('kept/log')).size;
	const until = async (wish: () => boolean) => {
		while (!wish()) await delay(10);
	};
	let pid = 0;
	const run = group.run(spec, event => {
		pid = event.event === 'created' ? event.pid : pid;
	});
	await until(() => fs.existsSync(group.box.path('kept/log')) && size() > 0);
	group.write('cgroup.freeze', '1');
	await until(() => /^frozen 1$/m.test(group.read('cgroup.events')));
	// What it had said before it froze may still be in a pipe.
	await delay(300);
	const frozen = size();
	await delay(300);
	t.is(size(), frozen);
	group.write('cgroup.freeze', '0');
	await until(() => size() > frozen);
	group.write('cgroup.freeze', '1');
	await until(() => /^frozen 1$/m.test(group.read('cgroup.events')));
	process.kill(pid, 'SIGKILL');
	t.like((await run).events.at(-1), {event: 'exited', signal: 9});
});

groupTest('cgroup.kill ends all of it', async (t, group) => {
	const run = group.run(group.spec('sleep 100 & sleep 100 & wait'), event => {
		if (event.event === 'started') {
			group.write('cgroup.kill', '1');
		}
	});
	t.like((await run).events.at(-1), {event: 'exited', signal: 9});
});

groupTest('without a PID namespace of its own nothing stays in the group', async (t, group) => {
	const spec = group.spec('sleep 1000 & sleep 1000 & echo over', {}, ({linux}) => {
		linux.namespaces = linux.namespaces.filter(({type}) => type !== 'pid');
	});
	// Without one, procfs cannot be mounted anew by a user.
	spec.mounts = spec.mounts.filter(({destination}) => destination !== '/proc');
	delete spec.linux.maskedPaths;
	delete spec.linux.readonlyPaths;
	const result = await group.run(spec);
	t.is(result.stdout, 'over\n', JSON.stringify(result.events));
});

groupTest('a limit that the kernel refuses stops the run, and is told', async (t, group) => {
	for (const [file, value, errno] of [
		['memory.max', 'much', 'EINVAL'],
		['memory.maxx', '1M', 'ENOENT'],
	] as const) {
		const result = await group.run(group.spec('echo never', {[file]: value}));
		t.like(result.events.at(-1), {event: 'error', step: 'cgroup', errno});
		t.true((result.events.at(-1) as {message: string}).message.includes(file));
		t.is(result.stdout, '');
	}
});

groupTest('exec joins the group of the container, and its limits', async (t, group) => {
	const script = 'cat /proc/self/cgroup; for i in 1 2 3; do sleep 9 & echo $i; done';
	const inside = await group.within(group.spec('sleep 1000', {'pids.max': '4'}), pid => {
		const spec = execSpec(group.box.rootfs, pid, ['/bin/sh', '-c', script]);
		spec.minicontainer.cgroup = {join: [group.path]};
		return group.run(spec);
	});
	t.is(inside.stdout, '0::/\n1\n2\n', inside.stderr);
	t.regex(inside.stderr, /fork/);
});
