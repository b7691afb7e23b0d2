/**
 * What `plan --oci` prints is run by runc and crun as it is, and by us with the same flags: a probe inside must see the
 * same. What differs all the same is listed in runtimes.ts, each with its reason.
 */

import {type Box, boxTest} from '../helpers/box.js';
import {hasRanges, isRoot} from '../helpers/project.js';
import {makeRootfs, scratch} from '../helpers/rootfs.js';
import {bundleOf, facts, isExplained, runtimes} from './runtimes.js';

interface Case {
	title: string;
	flags: (box: Box) => string[];
	as?: 'root';
	only?: 'runc';
}

const cases: Case[] = [
	{title: 'nothing said', flags: () => []},
	{
		title: 'environment, working directory, user and groups',
		// runc cannot do without root's id; where there is only one, it is that of the user asked for.
		flags: () => [
			'-e',
			'A=1',
			'-e',
			'B=two words',
			'-w',
			'/home/app',
			...(isRoot || hasRanges ? ['--user', '1000:1000'] : []),
		],
	},
	{title: 'a user with the groups of the image', flags: () => ['--user', 'app'], as: 'root'},
	{
		title: 'capabilities',
		flags: () => [
			'--cap-drop',
			'all',
			'--cap-add',
			'chown',
			'--cap-add',
			'net_raw',
			'--security-opt',
			'no-new-privileges=false',
		],
	},
	{title: 'no capability at all', flags: () => ['--cap-drop', 'all']},
	{
		title: 'volumes, nested and read-only',
		flags: box => [
			...['-v', `${box.directory('volume/sub')}:/v/sub/deep`, '-v', `${box.path('volume')}:/v`],
			...['-v', `${box.directory('with space')}:/with space:ro`],
		],
	},
	// crun 1.8.1 opens the target of a recursive attribute as a directory: `Not a directory`.
	{title: 'a single file', flags: box => ['-v', `${box.file('file')}:/etc/extra:ro`], only: 'runc'},
	{
		title: 'temporary file systems',
		flags: () => ['--tmpfs', '/t', '--tmpfs', '/u:size=1m,mode=700,exec', '--shm-size', '1m'],
	},
	{title: 'a read-only root', flags: () => ['--read-only', '--tmpfs', '/tmp']},
	{
		title: 'limits',
		flags: () => [
			'--ulimit',
			'nofile=100:200',
			'--ulimit',
			'core=0',
			'--ulimit',
			'stack=1048576',
			'--ulimit',
			'cpu=-1',
		],
	},
	{title: 'sysctls', flags: () => ['--sysctl', 'net.ipv4.ip_default_ttl=33', '--sysctl', 'kernel.shmmni=1234']},
	{
		title: 'the caller’s network, ipc and host name',
		flags: () => ['--network', 'host', '--ipc', 'host', '--uts', 'host'],
		as: 'root',
	},
	{title: 'a device', flags: () => ['--device', '/dev/full:/dev/extra'], as: 'root'},
];

for (const runtime of runtimes) {
	for (const {title, flags, as} of cases.filter(({only = runtime.name}) => only === runtime.name)) {
		boxTest(
			`${runtime.name} and we make the same of: ${title}`,
			async (t, box) => {
				const rootfs = makeRootfs(scratch('oracle'));
				const said = flags(box);
				const common = [
					...said,
					...(said.includes('--uts') ? [] : ['--hostname', 'oracle']),
					'--rootfs',
					rootfs,
					'/bin/probe',
				];
				const plan = await box.cli(['plan', '--oci', ...common]);
				t.is(plan.code, 0, plan.stderr);
				const their = await runtime.run(box, bundleOf(box, plan.stdout));
				t.is(their.code, 0, their.stderr);
				const our = await box.cli(['run', '--rm', ...common]);
				t.deepEqual([our.code, our.stderr], [0, '']);
				const [ours, theirs] = [facts(JSON.parse(our.stdout)), facts(JSON.parse(their.stdout))];
				const unexplained = [...new Set([...ours.keys(), ...theirs.keys()])]
					.map(fact => ({fact, ours: String(ours.get(fact)), theirs: String(theirs.get(fact))}))
					.filter(({ours, theirs}) => ours !== theirs)
					.filter(({fact, ours, theirs}) => !isExplained(runtime, fact, ours, theirs));
				t.deepEqual(unexplained, []);
				t.true(ours.size > 60);
			},
			{...runtime, ...(as ? {as} : {})},
		);
	}
}
