import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {payload, project} from './project.js';

const made: string[] = [];
let shared: string | undefined;

test.after.always(() => {
	for (const directory of made.splice(0)) {
		remove(directory);
	}
});

/** A directory for as long as this test file runs. */
export function scratch(kind: string): string {
	const directory = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), `mc-${kind}-`));
	// Unlike mkdtemp's 0700: the ids of a container are others than the caller's.
	fs.chmodSync(directory, 0o755);
	made.push(directory);
	return directory;
}

/** Removes also what overlayfs leaves (directories with mode 0) and what belongs to subordinate ids. */
export function remove(directory: string): void {
	try {
		fs.rmSync(directory, {recursive: true, force: true});
	} catch {
		const script = 'chmod -R u+rwX "$0" 2>/dev/null; rm -rf "$0"';
		execFileSync('unshare', ['--map-root-user', '--map-auto', 'sh', '-c', script, directory], {stdio: 'ignore'});
	}
}

/** A busybox root file system of this test's own, with `probe` and `attempt` in /bin. */
export function makeRootfs(directory = scratch('root')): string {
	execFileSync(path.join(project, 'fixtures/rootfs.sh'), ['busybox', directory], {stdio: 'pipe'});
	for (const name of ['probe', 'attempt', 'net'] as const) {
		fs.copyFileSync(payload(name), path.join(directory, 'bin', name));
	}

	return directory;
}

/** One for all tests of a file; whoever changes it has found a bug. */
export function sharedRootfs(): string {
	shared ??= makeRootfs();
	return shared;
}

/** Everything that would differ had anyone touched the tree: path → kind, mode, owner, size, link and both times. */
export function fingerprint(directory: string): Map<string, string> {
	const prints = new Map<string, string>();
	const visit = (file: string) => {
		const stat = fs.lstatSync(file, {bigint: true});
		const target = stat.isSymbolicLink() ? fs.readlinkSync(file) : '';
		prints.set(
			file,
			[
				stat.ino,
				stat.mode.toString(8),
				stat.uid,
				stat.gid,
				stat.rdev,
				stat.size,
				stat.mtimeNs,
				stat.ctimeNs,
				target,
			].join(' '),
		);
		if (stat.isDirectory()) {
			for (const name of readable(file)) {
				visit(path.join(file, name));
			}
		}
	};
	visit(directory);
	return prints;
}

function readable(directory: string): string[] {
	try {
		return fs.readdirSync(directory).sort();
	} catch {
		return [];
	}
}

/** Paths that came, went or changed between two fingerprints. */
export function changes(before: Map<string, string>, after: Map<string, string>): string[] {
	const paths = new Set([...before.keys(), ...after.keys()]);
	return [...paths].filter(file => before.get(file) !== after.get(file));
}
