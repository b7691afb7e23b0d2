/** minicontainer-oci with a bundle and a --root of its own. */
import {randomUUID} from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import type {Options} from 'execa';
import {type Box, boxTest, type Result, resultOf, until} from '../helpers/box.js';
import {project} from '../helpers/project.js';
import {remove} from '../helpers/rootfs.js';

export const runtime = path.join(project, 'dist/minicontainer-oci');

// biome-ignore lint/suspicious/noExplicitAny: a config.json, to be changed
type Config = Record<string, any>;

export class Door {
	readonly bundle: string;
	readonly root: string;
	/** Control groups go by it, so it is nobody else's. */
	readonly id = `test-${randomUUID()}`;

	constructor(readonly box: Box) {
		this.bundle = box.directory('bundle');
		this.root = box.path('oci');
	}

	/** What `spec` writes, for a caller like this one, with a script for a command. */
	async configure(script: string, change: (config: Config) => void = () => {}): Promise<void> {
		const file = path.join(this.bundle, 'config.json');
		fs.rmSync(file, {force: true});
		await this.call(['spec', ...(process.geteuid?.() === 0 ? [] : ['--rootless'])], {cwd: this.bundle});
		const config: Config = JSON.parse(fs.readFileSync(file, 'utf8'));
		config.process.terminal = false;
		config.process.args = ['/bin/sh', '-c', script];
		config.root = {path: this.box.rootfs, readonly: true};
		change(config);
		fs.writeFileSync(file, JSON.stringify(config));
	}

	start(words: readonly string[], options: Options = {}) {
		return this.box.spawn(runtime, ['--root', this.root, ...words], options);
	}

	/** Its own descriptors are files: a container keeps those, and nobody waits for their end. */
	async call(words: readonly string[], options: Options = {}): Promise<Result> {
		const [out, err] = ['out', 'err'].map(name => this.box.path(`${name}.${Math.random()}`)) as [string, string];
		const finished = await this.start(words, {...into(out, err), ...options});
		const {code, signal} = resultOf(finished);
		return {code, signal, stdout: read(out), stderr: read(err)};
	}

	async ok(t: ExecutionContext, ...words: string[]): Promise<string> {
		const {code, stdout, stderr} = await this.call(words);
		t.deepEqual({code, stderr}, {code: 0, stderr: ''}, words.join(' '));
		return stdout;
	}

	/** `create`, with what it prints in a file. */
	async create(t: ExecutionContext, id: string, ...flags: string[]): Promise<() => string> {
		const out = this.box.path(`${id}.out`);
		const finished = await this.start(['create', '--bundle', this.bundle, ...flags, id], into(out, out));
		t.is(finished.exitCode, 0, read(out));
		return () => read(out);
	}

	async status(t: ExecutionContext, id: string): Promise<string> {
		return JSON.parse(await this.ok(t, 'state', id)).status;
	}

	async becomes(t: ExecutionContext, id: string, status: string): Promise<void> {
		await until(async () => (await this.status(t, id)) === status, `${id} ${status}`);
	}

	/** Every container of this --root, at any price. */
	async end(): Promise<void> {
		const ids = (await this.call(['list', '-q'])).stdout.split('\n').filter(Boolean);
		for (const id of ids) {
			await this.call(['delete', '--force', id]);
		}
	}
}

/** As descriptors: execa's own `file` is a pipe, whose end only comes with the container's. */
export function into(out: string, err: string): Options {
	const [stdout, stderr] = [out, err].map(file => fs.openSync(file, 'a')) as [number, number];
	// Its types know only the numbers of the usual three.
	return {stdout, stderr} as object;
}

function read(file: string): string {
	return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
}

export function doorTest(title: string, body: (t: ExecutionContext, door: Door) => Promise<unknown>): void {
	boxTest(title, async (t, box) => {
		const door = new Door(box);
		try {
			await body(t, door);
		} finally {
			await door.end();
			remove(door.root);
		}
	});
}
