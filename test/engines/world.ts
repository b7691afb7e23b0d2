/**
 * A machine of its own for an engine: namespaces whose end is the end of its daemons, their containers and all that they
 * wrote into /run and /var/lib; and a control group, which is removed as well.
 */
import {randomUUID} from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import {execa, type Options} from 'execa';
import {type Result, resultOf, until} from '../helpers/box.js';
import {parentOf} from '../helpers/leaks.js';
import {project} from '../helpers/project.js';
import {makeRootfs, scratch} from '../helpers/rootfs.js';

/** What engines are to run; another one's path, such as /usr/sbin/runc, tells whether a test is true of that one too. */
export const runtime = process.env.MC_OCI_RUNTIME ?? path.join(project, 'dist/minicontainer-oci');

/** Reaps what is handed to it, as PID 1 must; says that all is in place; ends with its standard input. */
const first = `
	ip link set lo up
	for place in /run /var/lib "$@"; do mkdir -p "$place" && mount -t tmpfs tmpfs "$place" && chmod 755 "$place"; done
	mkdir -p /run/lock
	echo ready
	while :; do sleep 1 & wait $!; done`;

type Started = ReturnType<typeof execa>;

/** Engines start by the dozen what takes its time under a full load. */
const patience = 110_000;

export class World {
	readonly name = `mc-engine-${randomUUID().slice(0, 8)}`;
	readonly dir = scratch('engine');
	/** A tar of a root file system with busybox and the payload programs. */
	readonly image = path.join(this.dir, 'image.tar');
	readonly #init: Started;
	#pid = 0;
	readonly #daemons: Started[] = [];

	/** @param covered directories, besides /run and /var/lib, that are to be empty and this world's own */
	constructor(covered: readonly string[] = []) {
		const namespaces = [
			'--mount',
			'--propagation',
			'private',
			'--pid',
			'--fork',
			'--mount-proc',
			'--net',
			'--ipc',
			'--uts',
		];
		this.#init = execa('unshare', [...namespaces, '--kill-child', 'sh', '-ec', first, 'world', ...covered], {
			reject: false,
			stdin: 'ignore',
			stderr: 'inherit',
		}) as Started;
	}

	async ready(): Promise<void> {
		let said = '';
		this.#init.stdout?.on('data', chunk => {
			said += chunk;
		});
		await until(() => said.includes('ready') || this.#init.exitCode !== null, 'the world');
		const children = fs.readFileSync(`/proc/${this.#init.pid}/task/${this.#init.pid}/children`, 'utf8');
		this.#pid = Number(children.split(' ')[0]);
		if (!(this.#pid > 1) || parentOf(this.#pid) !== this.#init.pid) {
			throw new Error('there is no first process in the world');
		}

		await execa('tar', ['-C', makeRootfs(path.join(this.dir, 'rootfs')), '-cf', this.image, '.']);
	}

	/** Starts a command in this world, as its root or as another user. */
	spawn(command: string, args: readonly string[], {user, ...options}: Options & {user?: string} = {}): Started {
		const as = user === undefined ? [] : ['runuser', '-u', user, '--'];
		return execa('nsenter', ['-t', `${this.#pid}`, '-m', '-p', '-n', '-i', '-u', '--', ...as, command, ...args], {
			reject: false,
			stripFinalNewline: false,
			stdin: 'ignore',
			cwd: '/',
			extendEnv: false,
			timeout: patience,
			killSignal: 'SIGKILL',
			...options,
			env: {PATH: process.env.PATH, HOME: '/root', ...options.env},
		}) as Started;
	}

	async run(command: string, args: readonly string[], options?: Options & {user?: string}): Promise<Result> {
		return resultOf(await this.spawn(command, args, options));
	}

	/** A daemon, for as long as the world is there; resolves as soon as PROBE succeeds. */
	async daemon(command: string, args: readonly string[], probe: () => Promise<Result>): Promise<void> {
		const log = path.join(this.dir, `${path.basename(command)}.log`);
		const daemon = this.spawn(command, args, {timeout: 0, stdout: {file: log}, stderr: {file: log}});
		this.#daemons.push(daemon);
		let code: number | undefined = -1;
		await until(async () => {
			if (daemon.exitCode !== null) {
				throw new Error(`${command} ended: ${fs.readFileSync(log, 'utf8').slice(-2000)}`);
			}

			code = (await probe()).code;
			return code === 0;
		}, command);
	}

	async end(): Promise<void> {
		// The child of unshare is the first process of the pid namespace: nothing in there outlives it.
		this.#init.kill('SIGKILL');
		await this.#init;
		await Promise.all(this.#daemons);
		await until(() => removeGroups(this.name), 'the end of its control groups');
	}
}

/** True when no control group of this name is left. */
function removeGroups(name: string): boolean {
	return fs
		.readdirSync('/sys/fs/cgroup')
		.map(hierarchy => path.join('/sys/fs/cgroup', hierarchy, name))
		.filter(group => fs.existsSync(group))
		.map(removeGroup)
		.every(Boolean);
}

function removeGroup(group: string): boolean {
	for (const entry of fs.readdirSync(group, {withFileTypes: true})) {
		if (entry.isDirectory()) {
			removeGroup(path.join(group, entry.name));
		}
	}

	try {
		fs.rmdirSync(group);
		return true;
	} catch {
		return false;
	}
}
