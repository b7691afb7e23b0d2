// Runs the helper's fuzzers: `npm run fuzz [SECONDS [DIRECTORY]]`, so long each; 60 by default. What they have found
// worth keeping stays in DIRECTORY (.cache/fuzz), and they begin with it the next time. Ends with 1 after a finding.
import {execFileSync, spawnSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

process.chdir(path.dirname(import.meta.dirname));

const [seconds = '60', directory = '.cache/fuzz'] = process.argv.slice(2);

const files = (from, to) => {
	for (const name of fs.readdirSync(from)) fs.copyFileSync(path.join(from, name), path.join(to, name));
};

/** What each begins with, and how long its inputs are at most. */
const targets = {
	spec: {seed: to => files('fixtures/spec/valid', to), longest: 16384, more: ['-dict=shim/fuzz/spec.dict']},
	seccomp: {seed: to => files('fixtures/seccomp', to), longest: 4096},
	base64: {seed: to => fs.writeFileSync(path.join(to, 'return'), 'BgAAAAAA/38='), longest: 127},
	tar: {
		seed: to => execFileSync('tar', ['cf', path.join(to, 'some.tar'), 'fixtures/seccomp', 'LICENSE']),
		longest: 16384,
	},
};

function fuzz(name, {seed, longest, more = []}, scratch) {
	const seeds = path.join(scratch, name);
	const corpus = path.join(directory, name);
	fs.mkdirSync(seeds);
	fs.mkdirSync(corpus, {recursive: true});
	seed(seeds);
	const limits = ['-timeout=10', '-rss_limit_mb=1024', `-max_len=${longest}`, `-max_total_time=${seconds}`];
	const outputs = ['-print_final_stats=1', `-artifact_prefix=${directory}/${name}-`];
	const {status, stderr} = spawnSync(`shim/build/${name}_fuzz`, [...limits, ...outputs, ...more, corpus, seeds], {
		...{encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'ignore', 'pipe']},
	});
	const executions = Number(/stat::number_of_executed_units:\s*(\d+)/.exec(stderr)?.[1] ?? 0);
	const kept = fs.readdirSync(corpus).length;
	console.log(`${name}: ${executions} executions, ${kept} inputs kept, ${status === 0 ? 'nothing found' : 'FOUND'}`);
	if (status !== 0) console.error(stderr.slice(-8000));
	return status === 0 && executions > 0;
}

execFileSync('make', ['-s', '-C', 'shim', 'fuzz'], {stdio: 'inherit'});
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'mc-fuzz-'));
try {
	const results = Object.entries(targets).map(([name, target]) => fuzz(name, target, scratch));
	process.exitCode = results.every(Boolean) ? 0 : 1;
} finally {
	fs.rmSync(scratch, {recursive: true});
}
