// Lays out the root file system of the test VM (scripts/vm.sh): busybox, Node with its libraries, this checkout as
// built, and the tests of test/vm/files, bundled beforehand: under software emulation compiling them is too slow.
//   vm-stage.mjs DIR [FILE...]
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {build} from 'esbuild';

process.chdir(path.dirname(import.meta.dirname));
const [directory, ...chosen] = process.argv.slice(2);
const stage = path.resolve(directory);

/** Where the checkout lies in there. */
const project = path.join(stage, 'opt/minicontainer');

/** Programs that busybox lacks, or does otherwise than a real machine; `?`: only where this machine has it. */
const programs = ['bash', 'dash', 'mountpoint', 'setpriv', 'unshare', 'newuidmap?', 'newgidmap?', 'ip?', 'nft?'];

function makeDirectories() {
	for (const name of ['usr/bin', 'usr/lib', 'usr/lib64']) {
		fs.mkdirSync(path.join(stage, name), {recursive: true});
		fs.symlinkSync(name, path.join(stage, path.basename(name)));
	}
	fs.symlinkSync('bin', path.join(stage, 'usr/sbin'));
	fs.symlinkSync('usr/bin', path.join(stage, 'sbin'));
	for (const name of ['dev', 'etc', 'home', 'proc', 'root', 'run', 'sys', 'tmp', 'var/tmp', 'var/lib', 'opt']) {
		fs.mkdirSync(path.join(stage, name), {recursive: true});
	}
	fs.symlinkSync('../run', path.join(stage, 'var/run'));
}

/** A file of this machine's to the same place, or to another. */
function copy(file, to = file) {
	const target = path.join(stage, to);
	fs.mkdirSync(path.dirname(target), {recursive: true});
	fs.copyFileSync(file, target);
	fs.chmodSync(target, fs.statSync(file).mode);
}

/** A program under a name, with what it is linked to. */
function copyProgram(file, to) {
	copy(file, to);
	copyLibraries(file);
}

function copyLibraries(file) {
	for (const [, library] of execFileSync('ldd', [file], {encoding: 'utf8'}).matchAll(/(\/\S+) \(0x/g)) {
		if (!fs.existsSync(path.join(stage, library))) {
			copy(library);
		}
	}
}

function find(name) {
	const file = ['/usr/bin', '/usr/sbin', '/bin', '/sbin'].map(dir => `${dir}/${name}`).find(one => fs.existsSync(one));
	return file && fs.realpathSync(file);
}

function copySystem() {
	copyProgram(process.execPath, '/usr/bin/node');
	for (const wanted of programs) {
		const name = wanted.replace('?', '');
		const file = find(name);
		if (file) {
			copyProgram(file, `/usr/bin/${name}`);
		} else if (name === wanted) {
			throw new Error(`${name} is not installed`);
		}
	}
	// As on Debian. Busybox's shell would take its own commands for ours.
	fs.symlinkSync('dash', path.join(stage, 'usr/bin/sh'));
	copy('/bin/busybox', '/usr/bin/busybox');
	for (const name of execFileSync('/bin/busybox', ['--list'], {encoding: 'utf8'}).trim().split('\n')) {
		if (!fs.existsSync(path.join(stage, 'usr/bin', name))) {
			fs.symlinkSync('busybox', path.join(stage, 'usr/bin', name));
		}
	}
	copy('test/vm/init', '/init');
}

/** The packages that NAME needs, itself first, as the lockfile says; packages are sought from the inside out, as Node does. */
function packages(name, locked, from = '', found = new Set()) {
	for (let at = from; ; at = at.replace(/(^|\/)node_modules\/(@[^/]+\/)?[^/]+$/, '')) {
		const key = path.join(at, 'node_modules', name);
		const entry = locked[key];
		if (entry && !found.has(key)) {
			found.add(key);
			for (const needed of Object.keys(entry.dependencies ?? {})) {
				packages(needed, locked, key, found);
			}
		}
		if (entry || !at) {
			return found;
		}
	}
}

function copyProject() {
	for (const name of ['dist', 'fixtures', 'shim/mc-init', 'shim/mc-init-asan']) {
		fs.cpSync(name, path.join(project, name), {recursive: true});
	}
	copyLibraries('shim/mc-init-asan');
	const locked = JSON.parse(fs.readFileSync('package-lock.json', 'utf8')).packages;
	for (const name of packages('ava', locked)) {
		const nested = `${name}/node_modules`;
		fs.cpSync(name, path.join(project, name), {recursive: true, filter: file => !file.startsWith(nested)});
	}
	// As in package.json, but for tsx; and more patience.
	const ava = {files: ['test/**/*.test.js'], workerThreads: false, concurrency: 2, timeout: '300s'};
	const manifest = JSON.parse(fs.readFileSync('package.json', 'utf8'));
	fs.writeFileSync(path.join(project, 'package.json'), JSON.stringify({...manifest, ava}));
}

async function bundleTests() {
	const listed = fs.readFileSync('test/vm/files', 'utf8').split('\n');
	await build({
		entryPoints: chosen.length > 0 ? chosen : listed.filter(line => line && !line.startsWith('#')),
		// At the same depth, so that test/helpers/project.ts finds the project.
		outdir: project,
		outbase: '.',
		bundle: true,
		platform: 'node',
		target: 'node20',
		format: 'esm',
		external: ['ava'],
		logLevel: 'warning',
		sourcemap: 'inline',
		sourcesContent: false,
		// For what execa is made of: CommonJS.
		banner: {js: "import {createRequire} from 'node:module'; const require = createRequire(import.meta.url);"},
	});
}

makeDirectories();
copySystem();
copyProject();
await bundleTests();
