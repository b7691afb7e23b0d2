// What MiniContainer has withstood in this run, line by line: `npm run scoreboard [-- --release] [--vm]`, as root.
// Writes docs/SCOREBOARD.md. A line that was not reached, or in which anything failed, is RED: never shorter, never left out.
//   --release   the numbers of a release; without it, those of a push: some ten minutes
//   --vm        also on another kernel, with pure cgroup v2 (scripts/vm.sh): five minutes more
import {execFileSync, spawnSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

process.chdir(path.dirname(import.meta.dirname));
delete process.env.NODE_EXTRA_CA_CERTS;
const started = Date.now();
const release = process.argv.includes('--release');
const size = release ? 'release' : 'gate';
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'mc-score-'));
// Users run in there, too.
fs.chmodSync(scratch, 0o755);
const scores = path.join(scratch, 'scores');

/** The tests' own words: how many passed, which failed, and what they scored. */
function suite(title, files, env = {}, before = []) {
	console.log(`── ${title}`);
	const ava = ['node_modules/.bin/ava', ...files];
	const [command, ...args] = [...before, ...ava];
	const {stdout, status} = spawnSync(command, args, {
		encoding: 'utf8',
		maxBuffer: 1 << 28,
		stdio: ['ignore', 'pipe', 'inherit'],
		env: {...process.env, MC_SCALE: size, MC_SCORE: scores, MC_MUST_WORK: '1', MC_ALL_USERS: '1', ...env},
	});
	const marked = mark => stdout.split('\n').filter(line => line.startsWith(`  ${mark} `));
	const failed = marked('✘').map(line => line.replace(/^ {2}✘ (\[fail\]: )?/, ''));
	for (const line of failed) console.log(`   failed: ${line}`);
	// A file that ends early, or a run of nothing, has no mark.
	if (status !== 0 && failed.length === 0) failed.push('the run itself');
	return {passed: marked('✔').length, skipped: marked('-').length, failed};
}

/** Escapes are tried as whoever may start a container: the users get a copy that they may write into. */
function asUser(user) {
	const tree = path.join(scratch, user);
	execFileSync('install', ['-d', '-o', user, '-g', user, tree]);
	execFileSync('sh', [
		'-c',
		'tar --exclude=./.git --exclude=./.cache -cf - . | tar -xf - -C "$0" --no-same-owner',
		tree,
	]);
	execFileSync('chown', ['-R', `${user}:${user}`, tree]);
	const env = ['env', '-C', tree, `HOME=/home/${user}`, 'MC_SCORE=', `TMPDIR=${os.tmpdir()}`];
	return suite(`escapes, as ${user}`, ['test/security/*.test.ts', '!test/**/*.root.test.ts'], {}, [
		'runuser',
		'-u',
		user,
		'--',
		...env,
	]);
}

function fuzz(seconds) {
	console.log('── fuzz');
	const {stdout, status} = spawnSync('node', ['scripts/fuzz.mjs', `${seconds}`], {
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	const executions = [...stdout.matchAll(/: (\d+) executions/g)].map(([, count]) => Number(count));
	console.log(stdout.trim());
	return {
		tried: executions.reduce((sum, count) => sum + count, 0),
		targets: executions.length,
		failed: status === 0 ? 0 : 1,
	};
}

function onOtherKernel() {
	if (!process.argv.includes('--vm')) return {passed: 0, failed: []};
	console.log('── the VM');
	const {stdout, status} = spawnSync('bash', ['scripts/vm.sh', '--no-build'], {
		encoding: 'utf8',
		maxBuffer: 1 << 28,
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	const passed = stdout.split('\n').filter(line => line.startsWith('  ✔ ')).length;
	return {passed, failed: status === 0 ? [] : ['the VM']};
}

/** Sums up what the tests have scored in one of their lines. */
function scored(line) {
	const lines = fs.existsSync(scores) ? fs.readFileSync(scores, 'utf8').trim().split('\n') : [];
	const ours = lines
		.filter(Boolean)
		.map(JSON.parse)
		.filter(entry => entry.line === line);
	const sum = key => ours.reduce((total, entry) => total + entry[key], 0);
	return {tried: sum('tried'), failed: sum('failed')};
}

const run = () => {
	execFileSync('bash', ['scripts/setup.sh', 'test'], {stdio: 'inherit'});
	execFileSync('bash', ['scripts/users.sh'], {stdio: 'inherit'});
	for (const [command, ...args] of [
		['npm', 'run', '--silent', 'build'],
		['make', '-s', '-C', 'shim', 'asan'],
		['make', '-s', '-C', 'fixtures/payload'],
	]) {
		execFileSync(command, args, {stdio: 'inherit'});
	}

	const escapes = [suite('escapes, as root', ['test/security/*.test.ts']), asUser('mctest'), asUser('mctest-plain')];
	const proofs = ['survival', 'races', 'damage', 'limits', 'stdio', 'bad-input', 'failures'].map(
		name => `test/e2e/${name}.test.ts`,
	);
	const faults = suite('faults, races, lives', [...proofs, 'test/spec/differential.test.ts', 'test/faults/*.test.ts']);
	const sanitized = suite(
		'with the sanitized helper',
		release
			? ['test/{e2e,security}/*.test.ts']
			: ['test/security/*.test.ts', 'test/e2e/{basics,inside,exec,terminal}.test.ts'],
		{MC_INIT: path.resolve('shim/mc-init-asan'), MC_SCORE: ''},
	);
	return {escapes, faults, sanitized, fuzzed: fuzz(release ? 3600 : 15), vm: onOtherKernel()};
};

const all = list => ({
	tried: list.reduce((sum, {passed, failed}) => sum + passed + failed.length, 0),
	failed: list.flatMap(({failed}) => failed).length,
});

/** name, what it counts, the least for a push and for a release, what was reached */
const lines = ({escapes, faults, sanitized, fuzzed, vm}) => [
	[
		'escapes tried / escaped',
		'test cases that expect denial: root, a user with subordinate ids, one without',
		130,
		250,
		all(escapes),
	],
	[
		'volumes swapped for links',
		'starts, while a link takes a volume’s place (CVE-2021-30465)',
		100,
		10_000,
		scored('swapped volumes'),
	],
	['malformed specs', 'spoilt documents, one verdict of both readers each', 2000, 1_000_000, scored('malformed specs')],
	['fuzz executions', `libFuzzer with ASan and UBSan, ${fuzzed.targets} targets`, 50_000, 1_000_000_000, fuzzed],
	['sanitized helper', 'tests of the whole with ASan, LSan and UBSan in the helper', 100, 500, all([sanitized])],
	['system calls that fail', 'each of the helper’s, with an error of its kinds', 150, 900, scored('syscall faults')],
	['calls that the kernel lacks', 'openat2, clone3, pidfds, the mount API: ENOSYS', 4, 6, scored('missing calls')],
	['kill -9', 'moments at which the command or the supervisor dies', 60, 1000, scored('kill -9')],
	['create/delete cycles', 'all as before after the last', 200, 10_000, scored('cycles')],
	['parallel starts', 'of different names: all; of one name: one', 16, 3200, scored('parallel starts')],
	['full disk', 'commands on one', 9, 300, scored('full disk')],
	['out of memory, fork bomb, flood', 'held, and told', 3, 300, scored('exhaustion')],
	['clean errors', 'failures that are one line with the documented exit code', 200, 200, scored('clean errors')],
	[
		'other failures',
		'in the tests of faults, races and lives; must be 0',
		0,
		0,
		{tried: 0, failed: faults.failed.length},
	],
	[
		'this kernel, cgroup v1',
		`${os.release()}: root, and users with and without subordinate ids`,
		3,
		3,
		{tried: 3, failed: escapes.filter(({failed}) => failed.length > 0).length},
	],
	[
		'another kernel, pure cgroup v2',
		'Debian’s, in a VM: root, and a user (--vm)',
		1,
		1,
		{tried: vm.passed, failed: vm.failed.length},
	],
	['other kernels', '5.10, 6.6, 6.12, each with v1, v2 and hybrid', 9, 9, {tried: 0, failed: 0}],
];

function report(table) {
	const minutes = (Date.now() - started) / 60_000;
	const timely = release || minutes <= 20;
	const rows = table.map(([name, what, push, most, {tried, failed}]) => {
		const least = release ? most : push;
		return [tried >= least && failed === 0 ? 'green' : '**RED**', name, tried, failed, least, what];
	});
	rows.push([timely ? 'green' : '**RED**', 'time', `${minutes.toFixed(1)} min`, '', '20 min', 'all of the above']);
	return [
		'| | line | reached | failed | wanted | what it counts |',
		'|---|---|---|---|---|---|',
		...rows.map(row => `| ${row.join(' | ')} |`),
	].join('\n');
}

try {
	const table = report(lines(run()));
	console.log(`\n${table}`);
	const day = new Date().toISOString().slice(0, 10);
	const head = `# Scoreboard\n\nWritten by \`npm run scoreboard\` (${size}) on ${day}, Linux ${os.release()}, ${os.cpus().length} processors.\n`;
	fs.writeFileSync(
		'docs/SCOREBOARD.md',
		`${head}A line that was not reached, or in which anything failed, is red.\n\n${table}\n`,
	);
	process.exitCode = table.includes('**RED**') ? 1 : 0;
} finally {
	fs.rmSync(scratch, {recursive: true, force: true});
}
