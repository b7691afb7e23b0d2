/** What cannot be called is the same under runc and crun, with the profile that `plan --oci` prints. */
import fs from 'node:fs';
import path from 'node:path';
import {closed, opened} from '../../src/plan/seccompCalls.js';
import {boxTest} from '../helpers/box.js';
import {payload} from '../helpers/project.js';
import {makeRootfs, scratch} from '../helpers/rootfs.js';
import {numberOf, numbers} from '../helpers/seccomp.js';
import {bundleOf, runtimes} from './runtimes.js';

const call = (name: string, ...args: (number | string)[]) => ['native', numberOf(name), ...args].join(':');

const calls = [
	...[...closed.flatMap(({calls}) => calls), ...new Set(Object.values(opened).flat())]
		.filter(name => numbers.has(name))
		.map(name => call(name)),
	...[0x10000011, 0x20011, 0x11].map(flags => call('clone', flags)),
	...[0x5412, '0x100005412', 0x541c, 0x5401, 0x5413].map(request => call('ioctl', 0, request, 0)),
	...[1, 2, 10, 16, 38, 40, '0x100000028'].map(family => call('socket', family, family === 16 ? 3 : 1, 0)),
	...[0, 8, 0x40000, 0xffffffff].map(value => call('personality', value)),
];

/** Of which the filter knows nothing may fail all the same; what it knows answers with an error of its own. */
const isDenied = (line: string | undefined, text: string): string => `${text} ${/^errno (1|38|97)$/.test(line ?? '')}`;

for (const runtime of runtimes) {
	boxTest(
		`${runtime.name} and we deny the same calls`,
		async (t, box) => {
			const rootfs = makeRootfs(scratch('oracle'));
			fs.copyFileSync(payload('calls'), path.join(rootfs, 'bin/calls'));
			for (const flags of [[], ['--cap-add', 'SYS_PTRACE'], ['--profile', 'strict', '--userns', 'host']]) {
				const command = [...flags, '--hostname', 'oracle', '--rootfs', rootfs, '/bin/calls', ...calls];
				const plan = await box.cli(['plan', '--oci', ...command]);
				t.is(plan.code, 0, plan.stderr);
				const their = await runtime.run(box, bundleOf(box, plan.stdout));
				const our = await box.cli(['run', '--rm', ...command]);
				t.deepEqual([our.code, their.code], [0, 0], their.stderr);
				const [ours, theirs] = [our.stdout, their.stdout].map(text => text.trimEnd().split('\n'));
				t.is(ours?.length, calls.length);
				t.deepEqual(
					calls.map((text, index) => isDenied(ours?.[index], text)),
					calls.map((text, index) => isDenied(theirs?.[index], text)),
				);
			}
		},
		runtime,
	);
}
