import test from 'ava';
import {readArgv} from '../../src/cli/argv.js';
import {fill, optionsOf} from '../../src/cli/base.js';
import {plan} from '../../src/cli/commands/plan.js';
import {run} from '../../src/cli/commands/run.js';
import {emptyDraft, type Option} from '../../src/cli/option.js';

const draft = (...words: string[]) =>
	fill(emptyDraft(), readArgv<Option>([...words, 'sh'], optionsOf(run) as Option[]).flags);
const request = (...words: string[]) => draft(...words).request;

test('every flag is spelt in one way only', t => {
	for (const verb of [run, plan]) {
		const spellings = optionsOf(verb).flatMap(({spelling}) => spelling.match(/(?<=^|, )--?[a-z-]+/g) ?? []);
		t.deepEqual([...new Set(spellings)], spellings);
		t.true(optionsOf(verb).every(({spelling}) => /^(-[a-z], )?(--[a-z-]+, )*--[a-z-]+( [^ -][^ ]*)?$/.test(spelling)));
	}
});

test('plan takes every flag of run', t => {
	t.deepEqual(
		optionsOf(run).filter(option => !optionsOf(plan).includes(option)),
		[],
	);
});

test('every flag that takes a value says in the help what it is', t => {
	for (const {kind, spelling} of optionsOf(plan)) {
		t.is(/--[a-z-]+ \S/.test(spelling.split(', ').at(-1) ?? ''), kind !== 'boolean', spelling);
	}
});

test('nothing said is nothing asked for', t => {
	t.deepEqual(draft(), emptyDraft());
});

const rows: [words: string[], wanted: object][] = [
	[['--rootfs', '/r'], {rootfs: '/r'}],
	[['--overlay', 'none'], {overlay: {kind: 'none'}}],
	[['--read-only'], {readOnly: true}],
	[['-e', 'A=1', '-eB'], {env: [{name: 'A', value: '1'}, {name: 'B'}]}],
	[['-w', '/a/../b'], {workdir: '/b'}],
	[['-u', '1:2'], {user: {user: '1', group: '2'}}],
	[['--group-add', 'audio', '--group-add=5'], {groupAdd: ['audio', '5']}],
	[['--init', '--init=false'], {init: false}],
	[['--timeout', '1m'], {timeout: 60_000}],
	[['--stop-signal', 'INT'], {}],
	[['-it'], {interactive: true, tty: true}],
	[['-it', '--tty=0'], {interactive: true, tty: false}],
	[['-v', '/a:/b:ro'], {mounts: [{type: 'bind', source: '/a', destination: '/b', readOnly: true}]}],
	[
		['--tmpfs', '/t', '--mount', 'type=bind,src=/a,dst=/b'],
		{
			mounts: [
				{type: 'tmpfs', destination: '/t'},
				{type: 'bind', source: '/a', destination: '/b'},
			],
		},
	],
	[['--shm-size', '1m'], {shmSize: 2 ** 20}],
	[['--cap-add', 'net_admin', '--cap-drop=ALL'], {capAdd: ['CAP_NET_ADMIN'], capDrop: ['ALL']}],
	[['--security-opt', 'no-new-privileges=false'], {noNewPrivileges: false}],
	[['--sysctl', 'net.a.b=1', '--sysctl', 'net.a.b=2'], {sysctls: {'net.a.b': '2'}}],
	[
		['--net', 'host', '--pid=host', '--ipc=host', '--uts=host'],
		{network: ['host'], pid: 'host', ipc: 'host', uts: 'host'},
	],
	[['-h', 'one', '--hostname', 'two'], {hostname: 'two'}],
	[['-l', 'a=1', '--label', 'b'], {labels: {a: '1', b: ''}}],
	[['--pidfile', 'p'], {pidFile: 'p'}],
	[
		['-m', '64m', '--memory-swap=-1', '--memory-reservation', '6m'],
		{memory: 2 ** 26, memorySwap: -1, memoryReservation: 6 * 2 ** 20},
	],
	[['--cpus', '.5', '--cpu-shares=2', '--cpuset-cpus', '0,2'], {cpus: 0.5, cpuShares: 2, cpusetCpus: '0,2'}],
	[
		['--pids-limit=-1', '--blkio-weight', '10', '--oom-score-adj', '-5'],
		{pidsLimit: -1, blkioWeight: 10, oomScoreAdj: -5},
	],
	[['--cgroups', 'disabled'], {cgroups: 'disabled'}],
	[['--rm', '--rm=true', '-d'], {}],
];

for (const [words, wanted] of rows) {
	test(`${words.join(' ')} becomes a request`, t => {
		t.deepEqual(request(...words), wanted);
	});
}

test('a label may have any name', t => {
	const {labels} = request('-l', '__proto__=x');
	t.deepEqual(Object.entries(labels ?? {}), [['__proto__', 'x']]);
});

function emptyBeside() {
	const {request: _, ...beside} = emptyDraft();
	return beside;
}

test('what only matters outside of the container is kept apart', t => {
	const {request: asked, ...beside} = draft('--name', 'n', '--cidfile', 'c', '--root', 'r', '--env-file', 'e');
	t.deepEqual(asked, {});
	t.deepEqual(beside, {...emptyBeside(), name: 'n', cidFile: 'c', root: 'r', envFiles: ['e']});
	const life = draft('-d', '--rm', '--stop-signal', 'INT', '--stop-timeout', '3', '--log-opt', 'max-file=7');
	t.like(life, {detach: true, remove: true, stopSignal: 2, stopTimeout: 3000, log: {maxSize: 10 * 2 ** 20, files: 7}});
});

const refused: [words: string[], message: RegExp][] = [
	[['--tty=maybe'], /^--tty: 'maybe' is neither true nor false$/],
	[['-v', 'data:/b'], /^-v: 'data' is not a path/],
	[['--stop-timeout', '1.5'], /^--stop-timeout: '1.5' is not a time to wait/],
	[['--log-opt', 'max-size=1'], /^--log-opt: '1' is too little for a log/],
	[['--log-opt', 'mode=x'], /^--log-opt: 'mode=x' is not a log option/],
	[['--stop-signal', 'FOO'], /^--stop-signal: 'FOO' is not a signal/],
	[['--cidfile', ''], /^--cidfile: '' is not a path/],
];

for (const [words, message] of refused) {
	test(`${words.join(' ')} is refused`, t => {
		t.throws(() => draft(...words), {message});
	});
}
