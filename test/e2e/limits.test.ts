/** Limits, by what they do: here with cgroup version 1; test/vm has the same for version 2. */
import fs from 'node:fs';
import {plan} from '../../src/plan/plan.js';
import type {Event} from '../../src/spec/events.js';
import {type Box, boxTest, refused} from '../helpers/box.js';
import {helper} from '../helpers/project.js';
import {score} from '../helpers/score.js';
import {runHelper} from '../helpers/shim.js';

const root = {as: 'root'} as const;

const planned = async (box: Box, ...words: string[]) =>
	(await box.cli(['plan', '--rootfs', box.rootfs, ...words])).stdout;

boxTest(
	'-m: who uses more is killed, and the reason is told',
	async (t, box) => {
		const hog = ['dd', 'if=/dev/zero', 'of=/dev/null', 'bs=200M', 'count=1'];
		const result = await box.run(['-m', '32m', ...hog]);
		t.is(result.code, 137, result.stderr);
		const {events} = await runHelper(box, helper, await planned(box, '-m', '32m', ...hog));
		t.like(events.at(-1), {event: 'exited', signal: 9, oom: true} satisfies Event);
		t.is((await box.run(['-m', '512m', ...hog])).code, 0);
		score('exhaustion', 1);
	},
	root,
);

boxTest(
	'--pids-limit: a fork bomb is held; 2048 unless said otherwise',
	async (t, box) => {
		const bomb = 'for i in $(seq 100); do sleep 1 & echo $i; done';
		const {stdout, stderr} = await box.sh(['--pids-limit', '20'], bomb);
		t.regex(stderr, /fork/);
		t.true(stdout.split('\n').length <= 20, stdout);
		score('exhaustion', 1);
		const pids = (spec: string) => /pids\.max",\s*"value": "(\w+)"/.exec(spec)?.[1];
		t.is(pids(await planned(box, 'true')), '2048');
		t.is(pids(await planned(box, '--pids-limit=-1', 'true')), undefined);
	},
	root,
);

boxTest(
	'--cpus: a spinner gets its share',
	async (t, box) => {
		const spin = 'timeout 2 sh -c "while :; do :; done"; times';
		const {stdout} = await box.sh(['--cpus', '0.2'], spin);
		const [, minutes, seconds] = /\n(\d+)m([\d.]+)s/.exec(stdout) ?? [];
		const used = Number(minutes) * 60 + Number(seconds);
		t.true(used > 0.05 && used < 0.9, `${used} s of two`);
	},
	root,
);

boxTest(
	'--cpuset-cpus and --oom-score-adj can be seen',
	async (t, box) => {
		const script = 'grep Cpus_allowed_list /proc/self/status; cat /proc/self/oom_score_adj';
		const {stdout} = await box.sh(['--cpuset-cpus', '0', '--oom-score-adj', '500'], script);
		t.is(stdout, 'Cpus_allowed_list:\t0\n500\n');
	},
	root,
);

/** Version 2 alone, as in the VM. */
const isPure = fs.existsSync('/sys/fs/cgroup/cgroup.controllers');

/** Values as the container's own group has them, looked at from outside while it runs. */
async function seen(box: Box, flags: string[], files: string[]): Promise<(string | undefined)[]> {
	const cidfile = box.path('cid');
	const child = box.start(
		['run', '--rm', '-i', '--cidfile', cidfile, ...flags, '--rootfs', box.rootfs, 'sh', '-c', 'echo; cat'],
		{
			stdin: 'pipe',
		},
	);
	await new Promise(resolve => child.stdout?.once('data', resolve));
	const id = fs.readFileSync(cidfile, 'utf8');
	const values = files.map(file => {
		const hierarchy = isPure ? '' : `${file.split('.')[0]}/`;
		const path = `/sys/fs/cgroup/${hierarchy}minicontainer/${id}/${file}`;
		return fs.existsSync(path) ? fs.readFileSync(path, 'utf8').trim() : undefined;
	});
	child.stdin?.end();
	await child;
	fs.unlinkSync(cidfile);
	return values;
}

const MIB = 2 ** 20;

/** Flags, files, and what is in them, by version. */
const asked: Record<1 | 2, [flags: string[], files: Record<string, string | undefined>][]> = {
	1: [
		[
			['-m', '64m', '--memory-reservation', '32m'],
			{'memory.limit_in_bytes': `${64 * MIB}`, 'memory.soft_limit_in_bytes': `${32 * MIB}`},
		],
		[
			['--cpus', '1.5', '--cpu-shares', '512'],
			{'cpu.cfs_quota_us': '150000', 'cpu.cfs_period_us': '100000', 'cpu.shares': '512', 'pids.max': '2048'},
		],
		[['-m', '64m', '--memory-swap', '80m'], {'memory.memsw.limit_in_bytes': `${80 * MIB}`}],
		[['--blkio-weight', '300'], {'blkio.bfq.weight': '300'}],
	],
	2: [
		[
			['-m', '64m', '--memory-reservation', '32m'],
			{'memory.max': `${64 * MIB}`, 'memory.low': `${32 * MIB}`, 'memory.swap.max': `${64 * MIB}`},
		],
		[['--cpus', '0.5', '--cpu-shares', '512'], {'cpu.max': '50000 100000', 'cpu.weight': '59', 'pids.max': '2048'}],
		[['-m', '64m', '--memory-swap', '80m'], {'memory.swap.max': `${16 * MIB}`}],
		[['--pids-limit', '7'], {'pids.max': '7'}],
	],
};

boxTest(
	'the kernel has what was asked for',
	async (t, box) => {
		for (const [flags, files] of asked[isPure ? 2 : 1]) {
			t.deepEqual(await seen(box, flags, Object.keys(files)), Object.values(files), flags.join(' '));
		}
	},
	root,
);

boxTest(
	'devices: only those of the list can be opened, and only as it says',
	async (t, box) => {
		const numbers = (fs.statSync('/dev/zero').rdev & 0xff).toString();
		const script = `mknod /dev/disk b 7 0; head -c 1 /dev/disk; mknod /dev/mem c 1 1; head -c 1 /dev/mem
			mknod /dev/same c 1 ${numbers}; head -c 1 /dev/same | wc -c; head -c 1 /dev/read | wc -c; echo x >/dev/read; echo over`;
		const result = await box.sh(['--cap-add', 'mknod', '--device', '/dev/full:/dev/read:rw'], script);
		t.regex(result.stdout, /^1\n1\nover\n$/, result.stderr);
		t.is(result.stderr.match(/head: .*(not permitted|denied)/gi)?.length, 2, result.stderr);
		const flags = ['--device', '/dev/zero:/dev/zero:r'];
		const less = await box.sh(flags, 'head -c 1 /dev/zero | wc -c; echo x >/dev/zero; echo over');
		t.is(less.stdout, '1\nover\n');
		t.regex(less.stderr, /not permitted/);
	},
	root,
);

boxTest(
	'as many as start and end at once share the parents, and none is left',
	async (t, box) => {
		const plans = await Promise.all(Array.from({length: 4}, () => planned(box, '/bin/true')));
		const id = (JSON.parse(plans[0] as string) as {minicontainer: {id: string}}).minicontainer.id;
		const specs = Array.from({length: 32}, (_, index) =>
			(plans[0] as string).replaceAll(id, `many-${process.pid}-${index}`),
		);
		for (let round = 0; round < 3; round++) {
			const results = await Promise.all(specs.map(spec => runHelper(box, helper, spec)));
			t.deepEqual(
				results.filter(({code}) => code !== 0).map(({stderr, events}) => `${stderr}${JSON.stringify(events)}`),
				[],
			);
		}
	},
	root,
);

boxTest(
	'a helper that is killed leaves no group',
	async (t, box) => {
		const child = box.start(['run', '--rm', '--rootfs', box.rootfs, 'sh', '-c', 'echo $PPID; sleep 1000'], {
			stdin: 'ignore',
		});
		await new Promise(resolve => child.stdout?.once('data', resolve));
		const [pid] = fs.readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ');
		process.kill(Number(pid), 'SIGKILL');
		t.is((await child).exitCode, 125);
	},
	root,
);

boxTest(
	'--cgroups disabled: none of its own',
	async (t, box) => {
		const spec = await planned(box, '--cgroups', 'disabled', 'true');
		t.false(spec.includes('/sys/fs/cgroup/'));
		t.is((await box.run(['--cgroups', 'disabled', 'true'])).code, 0);
	},
	root,
);

const unified = ['/sys/fs/cgroup/unified', '/sys/fs/cgroup'].find(place =>
	fs.existsSync(`${place}/cgroup.controllers`),
);

boxTest(
	'version 2, as far as it is here: cloned into its group, which it sees read-only; a program guards the devices',
	async (t, box) => {
		if (!unified) {
			t.pass('not mounted');
			return;
		}

		const script = `cat /proc/self/cgroup | grep ^0:; ls /sys/fs/cgroup | grep freeze; mkdir /sys/fs/cgroup/x || echo no
			mknod /dev/disk b 7 0; head -c 1 /dev/disk || echo no; head -c 1 /dev/zero | wc -c`;
		const v2 = {directory: unified, controllers: [], enabled: []};
		const spec = plan(
			{rootfs: box.rootfs, args: ['sh', '-c', script], capAdd: ['mknod']},
			{id: `two-${process.pid}`, cgroup: {v1: {}, v2}},
		);
		const {stdout, stderr} = await runHelper(box, helper, spec);
		t.is(stdout, '0::/\ncgroup.freeze\nno\nno\n1\n', stderr);
		t.regex(stderr, /x': Read-only file system[\s\S]*disk: Operation not permitted/);
	},
	root,
);

const limits = [
	...[
		['-m', '64m'],
		['--memory-reservation', '64m'],
		['--cpus', '0.5'],
		['--cpu-shares', '512'],
	],
	...[
		['--cpuset-cpus', '0'],
		['--pids-limit', '10'],
		['--blkio-weight', '100'],
	],
];

boxTest('a limit without a group of its own is refused', async (t, box) => {
	for (const limit of limits)
		refused(t, await box.run([...limit, '--cgroups', 'disabled', 'true']), /does not go with --cgroups disabled/);
});

boxTest(
	'without root and without delegation a limit is refused, and how to get it is told',
	async (t, box) => {
		for (const limit of limits) {
			const result = await box.run([...limit, 'true']);
			refused(t, result, /needs a control group, and none can be made here/);
			t.regex(result.stderr, /\nhint: .*(version 2|Delegate=yes)/);
		}

		t.is((await box.run(['--pids-limit=-1', 'true'])).code, 0);
	},
	{as: 'user'},
);

boxTest('bad values', async (t, box) => {
	const cases: [string, string, RegExp][] = [
		...['12q', '-1', '', 'NaN', '1e400', '9'.repeat(400)].map(
			value => ['--memory', value, /^minicontainer: run: --memory: .* size/] as [string, string, RegExp],
		),
		['--memory', '5m', /minimum memory limit allowed is 6MB/],
		['--memory-swap', '-5', /use -1/],
		...['0.001', 'NaN', '1e400', '-1', 'Infinity'].map(
			value => ['--cpus', value, /--cpus: .*is not a number of CPUs/] as [string, string, RegExp],
		),
		['--cpus', '8192', /as there are only \d+ CPUs available|range of CPUs/],
		['--cpu-shares', '1', /range is from 2 to 262144/],
		...['0-', '0-99999999999', '1,,2', 'x'].map(
			value => ['--cpuset-cpus', value, /is not a list of CPUs/] as [string, string, RegExp],
		),
		['--pids-limit', '-2', /range is from 1/],
		['--pids-limit', '9'.repeat(30), /use a whole number/],
		['--oom-score-adj', '1001', /range is from -1000 to 1000/],
		['--blkio-weight', '5', /range is from 10 to 1000/],
		['--cgroups', 'split', /use enabled or disabled/],
	];
	for (const [flag, value, why] of cases) refused(t, await box.run([`${flag}=${value}`, 'true']), why);
	refused(t, await box.run(['--memory-swap', '64m', 'true']), /needs a memory limit/);
	refused(t, await box.run(['-m', '64m', '--memory-swap', '32m', 'true']), /must not be below/);
	refused(t, await box.run(['-m', '64m', '--memory-reservation', '65m', 'true']), /must not be above/);
});

boxTest(
	'processors that are not there',
	async (t, box) => {
		refused(t, await box.run(['--cpuset-cpus', '8191', 'true']), /requested CPUs are not available/);
	},
	root,
);
