// Builds dist/: the command (CommonJS, for it starts fastest), the library (an ES module and its types), and a copy of
// the helper that `make -C shim` has made.
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {build} from 'esbuild';

process.chdir(path.dirname(import.meta.dirname));

/** Put in place at the end, for someone may be running what is there. */
const stage = '.cache/dist';
const common = {bundle: true, platform: 'node', target: 'node20', logLevel: 'warning'};

/** A container's run, in a directory that is its root file system and has all else that is written. */
const run = scratch => [
	...['run', '--rm', '--rootfs', scratch, '-e', 'A=1', '-v', '/tmp:/tmp:ro', '-i', '--hostname=box', 'true'],
];

/**
 * What a launcher loads: the program of all its verbs, or that of one ALONE, the one that is called most, which has
 * nothing of the others to be read. WORDS: a command line in whose course V8 compiles what is to be kept compiled.
 */
const programs = [
	{launcher: 'minicontainer', name: 'main', entry: 'src/main.ts', words: scratch => ['--debug', ...run(scratch)]},
	{launcher: 'minicontainer', name: 'run', entry: 'src/main.ts', alone: true, words: run},
];

/** What shim/oci calls to plan; both verbs that engines wait for are compiled in it. */
const planner = {launcher: 'minicontainer-oci-plan', name: 'oci', entry: 'src/oci/main.ts'};

/** Of the modules that are loaded late, those of other verbs, and the help, which is about all of them, stay outside. */
const onlyVerb = name => ({
	name: 'only-verb',
	setup({onResolve}) {
		onResolve({filter: /\/commands\/|\/help\.js$/}, ({path: file, kind}) =>
			kind === 'dynamic-import' && !file.endsWith(`/${name}.js`) ? {path: file, external: true} : undefined,
		);
	},
});

async function buildCommand() {
	const options = {...common, format: 'cjs', minify: true, define: {'import.meta.dirname': '__dirname'}};
	const asFunction = {banner: {js: '(function(require,__dirname){'}, footer: {js: '})'}};
	// `--`: Node 20 looks for its own --env-file in the whole command line, ours too, and takes NODE_OPTIONS from it. Not
	// by `env -S`, which busybox lacks: the second line is a program for sh, and no more than a string for Node.
	const asCommand = {banner: {js: '#!/bin/sh\n":" //; exec node -- "$0" "$@"'}};
	const buildProgram = ({name, entry, alone}) =>
		build({
			...{...options, entryPoints: [entry], outfile: `${stage}/${name}.cjs`, ...asFunction},
			plugins: alone ? [onlyVerb(name)] : [],
		});
	const buildLauncher = launcher => {
		const [main, ...alone] = [...programs, planner].filter(one => one.launcher === launcher).map(({name}) => name);
		const define = {...options.define, PROGRAM: JSON.stringify(main), ALONE: JSON.stringify(alone)};
		return build({
			...{...options, define, entryPoints: ['src/launch.ts'], outfile: `${stage}/${launcher}.cjs`, ...asCommand},
		});
	};
	const all = [...programs, planner];
	const launchers = [...new Set(all.map(({launcher}) => launcher))];
	await Promise.all([...all.map(buildProgram), ...launchers.map(buildLauncher)]);
	for (const launcher of launchers) {
		fs.chmodSync(`${stage}/${launcher}.cjs`, 0o755);
	}
}

/**
 * Runs a container without a helper to speak of, so that V8 compiles what every run needs (src/launch.ts). Once before:
 * from the second run on its filter is there.
 */
function compile() {
	const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'minicontainer-build-'));
	const helper = path.join(scratch, 'helper');
	try {
		fs.mkdirSync(path.join(scratch, 'etc'));
		fs.writeFileSync(path.join(scratch, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
		fs.writeFileSync(helper, `#!/bin/sh\necho '{"event":"exited","code":0}' >&4\n`, {mode: 0o755});
		const env = {
			...{...process.env, MC_INIT: helper, MINICONTAINER_ROOT: path.join(scratch, 'state')},
			MINICONTAINER_NETWORK: 'none',
		};
		execFileSync(process.execPath, [`${stage}/minicontainer.cjs`, ...run(scratch)], {env});
		for (const {launcher, words} of programs) {
			execFileSync(process.execPath, ['scripts/compile.cjs', `${stage}/${launcher}.cjs`, ...words(scratch)], {env});
		}
	} finally {
		fs.rmSync(scratch, {recursive: true});
	}
}

/** The same for the planner: the specification's own example, with a filter, and a process in it. */
function compilePlanner() {
	const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'minicontainer-build-'));
	const launcher = `${stage}/${planner.launcher}.cjs`;
	const [spec, nowhere] = [path.join(scratch, 'spec.json'), '/dev/null'].map(file => fs.openSync(file, 'w'));
	const run = (to, ...words) => execFileSync(process.execPath, words, {stdio: ['ignore', 'ignore', 'inherit', to]});
	try {
		run(nowhere, launcher, 'spec', `--bundle=${scratch}`);
		const file = path.join(scratch, 'config.json');
		const config = JSON.parse(fs.readFileSync(file, 'utf8'));
		const syscalls = [{names: ['read', 'write'], action: 'SCMP_ACT_ALLOW'}];
		config.linux.seccomp = {defaultAction: 'SCMP_ACT_ERRNO', syscalls};
		config.root.path = scratch;
		fs.writeFileSync(file, JSON.stringify(config));
		const create = ['create', 'x', `--bundle=${scratch}`, `--state=${scratch}`];
		run(spec, launcher, ...create);
		const exec = ['exec', 'x', `--spec=${scratch}/spec.json`, '--pid=1', '--start-time=1', `--state=${scratch}`];
		run(nowhere, 'scripts/compile.cjs', launcher, ...create, '+', ...exec, '--', 'true');
	} finally {
		fs.closeSync(spec);
		fs.closeSync(nowhere);
		fs.rmSync(scratch, {recursive: true});
	}
}

async function buildLibrary() {
	await build({...common, entryPoints: ['src/index.ts'], outfile: `${stage}/index.js`, format: 'esm'});
	execFileSync('node_modules/.bin/tsc', ['-p', 'tsconfig.build.json', '--outDir', stage], {stdio: 'inherit'});
}

/** In the package the helpers must be executable as they are packed: npm keeps the mode. */
function copyHelpers() {
	for (const name of ['mc-init', 'mc-seccomp']) {
		fs.copyFileSync(`shim/${name}`, `${stage}/${name}-${process.arch}`);
		fs.chmodSync(`${stage}/${name}-${process.arch}`, 0o755);
	}
}

/** The engines' door is a program itself; it finds the rest beside it, and Node where this one is. */
function copyDoor() {
	fs.copyFileSync('shim/mc-oci', `${stage}/minicontainer-oci`);
	fs.chmodSync(`${stage}/minicontainer-oci`, 0o755);
	fs.writeFileSync(`${stage}/node-path`, process.execPath);
}

function putInPlace() {
	fs.rmSync(`${stage}.old`, {recursive: true, force: true});
	if (fs.existsSync('dist')) {
		fs.renameSync('dist', `${stage}.old`);
	}

	fs.renameSync(stage, 'dist');
	fs.rmSync(`${stage}.old`, {recursive: true, force: true});
}

fs.rmSync(stage, {recursive: true, force: true});
fs.mkdirSync(stage, {recursive: true});
await Promise.all([buildCommand(), buildLibrary()]);
compile();
compilePlanner();
copyHelpers();
copyDoor();
putInPlace();
