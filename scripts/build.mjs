// Builds dist/: the command (one CommonJS file, for it starts fastest), the library (an ES module and its types), and
// the helper for this machine, if it has been made.
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {build} from 'esbuild';

const project = path.dirname(import.meta.dirname);
process.chdir(project);

const common = {bundle: true, platform: 'node', target: 'node20', logLevel: 'warning'};

async function buildCommand() {
	const outfile = 'dist/minicontainer.cjs';
	await build({
		...common,
		entryPoints: ['src/main.ts'],
		outfile,
		format: 'cjs',
		minify: true,
		banner: {js: '#!/usr/bin/env node'},
		define: {'import.meta.dirname': '__dirname'},
	});
	fs.chmodSync(outfile, 0o755);
}

async function buildLibrary() {
	await build({
		...common,
		entryPoints: ['src/index.ts'],
		outfile: 'dist/index.js',
		format: 'esm',
		external: ['typanion'],
	});
	execFileSync('node_modules/.bin/tsc', ['-p', 'tsconfig.build.json'], {stdio: 'inherit'});
}

/** In the package the helper must be executable as it is packed: npm keeps the mode. */
function copyHelper() {
	const target = `dist/mc-init-${process.arch}`;
	if (fs.existsSync('shim/mc-init')) {
		// By renaming: the old one may be running.
		fs.copyFileSync('shim/mc-init', `${target}.new`);
		fs.chmodSync(`${target}.new`, 0o755);
		fs.renameSync(`${target}.new`, target);
	}
}

fs.mkdirSync('dist', {recursive: true});
await Promise.all([buildCommand(), buildLibrary()]);
copyHelper();
