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

async function buildCommand() {
	const options = {...common, format: 'cjs', minify: true, define: {'import.meta.dirname': '__dirname'}};
	const asFunction = {banner: {js: '(function(require,__dirname){'}, footer: {js: '})'}};
	// `--`: Node 20 looks for its own --env-file in the whole command line, ours too, and takes NODE_OPTIONS from it. Not
	// by `env -S`, which busybox lacks: the second line is a program for sh, and no more than a string for Node.
	const asCommand = {banner: {js: '#!/bin/sh\n":" //; exec node -- "$0" "$@"'}};
	await Promise.all([
		build({...options, entryPoints: ['src/main.ts'], outfile: `${stage}/main.cjs`, ...asFunction}),
		build({...options, entryPoints: ['src/launch.ts'], outfile: `${stage}/minicontainer.cjs`, ...asCommand}),
	]);
	fs.chmodSync(`${stage}/minicontainer.cjs`, 0o755);
}

/**
 * Runs a container without a helper to speak of, so that V8 compiles what every run needs (src/launch.ts). Twice: from
 * the second on its filter is there.
 */
function compile() {
	const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'minicontainer-build-'));
	const helper = path.join(scratch, 'helper');
	try {
		fs.mkdirSync(path.join(scratch, 'etc'));
		fs.writeFileSync(path.join(scratch, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
		fs.writeFileSync(helper, `#!/bin/sh\necho '{"event":"exited","code":0}' >&4\n`, {mode: 0o755});
		const flags = ['--rootfs', scratch, '-e', 'A=1', '-v', '/tmp:/tmp:ro', '-i', '--hostname=box'];
		const env = {...process.env, MC_INIT: helper, MINICONTAINER_ROOT: path.join(scratch, 'state')};
		for (const program of [[`${stage}/minicontainer.cjs`], ['scripts/compile.cjs', stage]]) {
			execFileSync(process.execPath, [...program, 'run', '--rm', ...flags, 'true'], {env});
		}
	} finally {
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
copyHelpers();
putInPlace();
