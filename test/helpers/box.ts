import {randomUUID} from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import type {ExecutionContext} from 'ava';
import {execa, type Options} from 'execa';
import {killMarked, leaks, snapshot} from './leaks.js';
import {type Needs, testWith} from './needs.js';
import {cli, slowness} from './project.js';
import {changes, fingerprint, remove, scratch, sharedRootfs} from './rootfs.js';
import {score} from './score.js';

export interface Result {
	/** The exit code; undefined when a signal ended the process. */
	code: number | undefined;
	signal: string | undefined;
	stdout: string;
	stderr: string;
}

/** What `probe` (fixtures/payload/probe.c) saw. */
// biome-ignore lint/suspicious/noExplicitAny: the tests that read it say what is in it
export type Sight = Record<string, any>;

/** A place for one test: the CLI with a state directory, a temporary directory and an environment of its own. */
export class Box {
	readonly dir = scratch('box');
	readonly mark = `MC_TEST_MARK=${randomUUID()}`;
	readonly state = path.join(this.dir, 'state');
	readonly tmp = path.join(this.dir, 'tmp');
	/** A root file system that other tests use too. */
	readonly rootfs = sharedRootfs();
	readonly env: Record<string, string>;
	/** What goes before each command: for the network namespaces of a Lab. */
	enter: readonly string[] = [];
	readonly #kept: string[] = [];

	constructor() {
		fs.mkdirSync(this.tmp);
		this.env = {
			PATH: process.env.PATH ?? '/usr/bin:/bin',
			HOME: process.env.HOME ?? '/',
			TERM: 'xterm',
			TMPDIR: this.tmp,
			MINICONTAINER_ROOT: this.state,
			MINICONTAINER_NETWORK: 'none',
			...(process.env.MC_INIT ? {MC_INIT: process.env.MC_INIT} : {}),
			[this.mark.split('=')[0] as string]: this.mark.split('=')[1] as string,
		};
	}

	/** The path of something in this test's directory. */
	path(...names: string[]): string {
		return path.join(this.dir, ...names);
	}

	/** Makes a file (and its directories) in this test's directory. */
	file(name: string, content = ''): string {
		const file = this.path(name);
		fs.mkdirSync(path.dirname(file), {recursive: true});
		fs.writeFileSync(file, content);
		return file;
	}

	directory(name: string): string {
		fs.mkdirSync(this.path(name), {recursive: true});
		return this.path(name);
	}

	/** Starts the CLI and does not wait. */
	start(args: readonly string[], options: Options = {}) {
		return this.spawn(cli, args, options);
	}

	spawn(command: string, args: readonly string[], options: Options = {}) {
		const {env, ...rest} = options;
		const [first = command, ...words] = [...this.enter, command, ...args];
		return execa(first, words, {
			reject: false,
			extendEnv: false,
			stripFinalNewline: false,
			stdin: 'ignore',
			cwd: this.dir,
			env: {...this.env, ...env},
			timeout: 30_000 * slowness,
			killSignal: 'SIGKILL',
			...rest,
		});
	}

	/** Runs the CLI to its end. */
	async cli(args: readonly string[], options?: Options): Promise<Result> {
		return resultOf(await this.start(args, options));
	}

	/** `minicontainer run --rootfs ROOTFS FLAG… COMMAND…` */
	async run(args: readonly string[], options?: Options): Promise<Result> {
		return this.cli(['run', '--rm', '--rootfs', this.rootfs, ...args], options);
	}

	/** As run(), with one line of shell for a command. */
	async sh(flags: readonly string[], script: string, options?: Options): Promise<Result> {
		return this.run([...flags, '/bin/sh', '-c', script], options);
	}

	/** A container in the background, removed in the end; SCRIPT has said READY when this returns, if it does so. */
	async detached(t: ExecutionContext, flags: readonly string[], script: string): Promise<string> {
		const id = await this.line(t, 'run', '-d', ...flags, '--rootfs', this.rootfs, '/bin/sh', '-c', script);
		t.regex(id, /^[0-9a-f]{64}$/);
		this.#kept.push(id);
		if (script.includes('READY')) {
			await this.says(id, /READY/);
		}

		return id;
	}

	/** A container that is made, and removed in the end. */
	async created(t: ExecutionContext, flags: readonly string[], script: string): Promise<string> {
		const id = await this.line(t, 'create', ...flags, '--rootfs', this.rootfs, '/bin/sh', '-c', script);
		this.#kept.push(id);
		return id;
	}

	/** As ok(), without the last newline. */
	async line(t: ExecutionContext, ...args: string[]): Promise<string> {
		return (await this.ok(t, ...args)).replace(/\n$/, '');
	}

	/** Waits for a container to write something. */
	async says(id: string, what: RegExp): Promise<void> {
		await until(() => what.test(this.text(id, 'log')), `${what} of ${id}`);
	}

	/** A file of a container's; '' where there is none. */
	text(id: string, name: string): string {
		try {
			return fs.readFileSync(this.kept(id, name), 'utf8');
		} catch {
			return '';
		}
	}

	/** A path in a container's directory. */
	kept(id: string, ...names: string[]): string {
		return path.join(this.state, 'containers', id, ...names);
	}

	/** What `inspect` says of it. */
	async inspect(t: ExecutionContext, id: string): Promise<Sight> {
		return JSON.parse(await this.ok(t, 'inspect', id))[0];
	}

	async removeKept(): Promise<void> {
		if (this.#kept.length > 0) {
			await this.cli(['rm', '-f', ...this.#kept.splice(0)]);
		}
	}

	/** The CLI's output, which must come without complaint. */
	async ok(t: ExecutionContext, ...args: string[]): Promise<string> {
		const {code, stdout, stderr} = await this.cli(args);
		t.deepEqual({code, stderr}, {code: 0, stderr: ''}, args.join(' '));
		return stdout;
	}

	/** What a process sees in a container with these flags. */
	async probe(t: ExecutionContext, flags: readonly string[] = [], options?: Options): Promise<Sight> {
		const result = await this.run([...flags, '/bin/probe'], options);
		t.is(result.stderr, '');
		t.is(result.code, 0);
		return JSON.parse(result.stdout);
	}
}

export function resultOf(finished: {exitCode?: number; signal?: string; stdout?: unknown; stderr?: unknown}): Result {
	const {exitCode, signal, stdout, stderr} = finished;
	return {code: exitCode, signal, stdout: String(stdout ?? ''), stderr: String(stderr ?? '')};
}

/** No test takes this long, even on a slow machine; one that does has met something that hangs. */
const usualPatience = 40_000;

/** A test with a box, that fails as well when anything is left behind, or the shared root file system was touched. */
export function boxTest(
	title: string,
	body: (t: ExecutionContext, box: Box) => Promise<unknown>,
	needs: Needs = {},
): void {
	const patience = (needs.patience ?? usualPatience) * slowness;
	testWith(needs, title, async t => {
		t.timeout(2 * patience);
		const box = new Box();
		const before = {host: snapshot(), rootfs: fingerprint(box.rootfs)};
		try {
			await within(patience, body(t, box));
			await box.removeKept();
			t.deepEqual(await leaks(before.host, [box.mark, box.dir, box.rootfs]), [], 'left behind');
			t.deepEqual(changes(before.rootfs, fingerprint(box.rootfs)), [], 'changes in the root file system');
			t.deepEqual(fs.readdirSync(box.tmp), [], 'left in the temporary directory');
			t.deepEqual(remains(box.state), [], 'left in the state directory');
		} catch (error) {
			// What a failed test has left would be taken for the next one's.
			await box.cli(['rm', '-f', '--all']);
			throw error;
		} finally {
			killMarked(box.mark);
			remove(box.dir);
		}
	});
}

/** Waits for a condition, not for a time. */
export async function until(holds: () => unknown, what: string): Promise<void> {
	for (const end = Date.now() + usualPatience * slowness; !(await holds()); await delay(10)) {
		if (Date.now() > end) {
			throw new Error(`never came: ${what}`);
		}
	}
}

async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise((_resolve, reject) => {
		timer = setTimeout(() => reject(new Error(`still not over after ${milliseconds} ms`)), milliseconds);
	});
	await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Directories that hold nothing are no remains of a container, nor are compiled filters. */
function remains(directory: string): string[] {
	if (!fs.existsSync(directory)) {
		return [];
	}

	return fs
		.readdirSync(directory, {recursive: true, withFileTypes: true})
		.filter(entry => entry.parentPath !== path.join(directory, 'seccomp'))
		.filter(entry => !entry.isDirectory() || entry.parentPath.split('/').length > directory.split('/').length + 1)
		.map(entry => path.join(entry.parentPath, entry.name));
}

/** Exactly what bad input gets: 125, nothing on stdout, one line on stderr that says why (and perhaps one with a hint). */
export function refused(t: ExecutionContext, result: Result, why: RegExp, code = 125): void {
	t.is(result.code, code, result.stderr);
	t.is(result.stdout, '');
	t.regex(result.stderr, why);
	t.regex(result.stderr, /^minicontainer: [^\n]+\n([^\n]+\n)?$/, 'one line, and perhaps a hint');
	t.notRegex(result.stderr, /\n\s+at |node:internal|Error:|this is a bug/, 'no stack, and no bug');
	score('clean errors', 1);
}
