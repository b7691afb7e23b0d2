import fs from 'node:fs';
import type {ExecutionContext} from 'ava';
import type {Box, Result} from './box.js';
import {changes, fingerprint, makeRootfs} from './rootfs.js';

/** Something on the host that no container may read or change, and that a hostile image points at. */
export class Canary {
	static readonly secret = 'the-canary-sings';
	readonly dir: string;
	readonly file: string;
	readonly #before: Map<string, string>;

	constructor(box: Box) {
		this.dir = box.directory('canary');
		this.file = box.file('canary/file', Canary.secret);
		box.directory('canary/sub');
		box.file('canary/ptmx', Canary.secret);
		box.file('canary/null', Canary.secret);
		this.#before = fingerprint(this.dir);
	}

	/** Ways to point at it: as the host names it, and by climbing out of wherever the link lies. */
	links(target = this.dir): string[] {
		return [target, `${'../'.repeat(24)}${target.slice(1)}`, `/proc/self/root${target}`, `/proc/1/root${target}`];
	}

	/** Untouched, and nothing of it came out. */
	check(t: ExecutionContext, result?: Result): void {
		t.deepEqual(changes(this.#before, fingerprint(this.dir)), [], 'the canary is untouched');
		if (result) {
			t.false(`${result.stdout}${result.stderr}`.includes(Canary.secret), 'the canary is silent');
		}
	}
}

/** A root file system of the box's own, changed by someone hostile. */
export function hostileRootfs(box: Box, name: string, change: (rootfs: string) => void): string {
	const rootfs = makeRootfs(box.directory(name));
	change(rootfs);
	return rootfs;
}

/** Puts a symbolic link where something else was. */
export function plant(rootfs: string, at: string, target: string): void {
	fs.rmSync(`${rootfs}${at}`, {recursive: true, force: true});
	fs.symlinkSync(target, `${rootfs}${at}`);
}

/** The container either did not start, with a proper message, or ran as it should. */
export function startedOrRefused(t: ExecutionContext, result: Result, started: RegExp): void {
	if (result.code === 125) {
		t.regex(result.stderr, /^minicontainer: [^\n]+\n([^\n]+\n)?$/);
		t.is(result.stdout, '');
	} else {
		t.regex(result.stdout, started, result.stderr);
	}
}
