/**
 * A host of a user without privileges, and its outside: network namespaces of the test's own, which root makes. Commands
 * of the user's run there with a resolv.conf of the test's.
 */
import {type ChildProcess, execFileSync, spawn} from 'node:child_process';
import fs from 'node:fs';
import type {ExecutionContext} from 'ava';
import {execa} from 'execa';
import {type Box, boxTest, type Result, resultOf, until} from './box.js';
import {cli, payload, slowness} from './project.js';
import {makeRootfs} from './rootfs.js';

type Side = 'host' | 'outside';

export const HOST = {four: '192.0.2.1', six: '2001:db8::1'};
export const OUTSIDE = {four: '192.0.2.2', six: '2001:db8::2'};

/** With and without subordinate ids. */
export const USERS = ['mctest', 'mctest-plain'] as const;

export class UserHost {
	readonly state: string;
	readonly rootfs: string;
	readonly #resolvConf: string;
	readonly #holders: Record<Side, ChildProcess>;
	readonly #servers: ChildProcess[] = [];

	constructor(
		readonly box: Box,
		readonly user: string,
	) {
		this.state = box.directory('user');
		execFileSync('chown', [user, this.state]);
		this.rootfs = makeRootfs(box.directory('image'));
		for (const name of ['hosts', 'resolv.conf', 'hostname']) fs.writeFileSync(`${this.rootfs}/etc/${name}`, '');
		this.#resolvConf = box.file('resolv.conf', `nameserver ${OUTSIDE.four}\n`);
		this.#holders = {host: hold(), outside: hold()};
	}

	async open(): Promise<void> {
		const own = fs.readlinkSync('/proc/self/ns/net');
		const isApart = (side: Side) => ![own, ''].includes(namespaceOf(this.#holders[side].pid));
		await until(() => isApart('host') && isApart('outside'), 'namespaces');
		const peer = String(this.#holders.outside.pid);
		this.run('host', 'ip', 'link', 'add', 'wan', 'type', 'veth', 'peer', 'name', 'lan', 'netns', peer);
		this.#raise('host', 'wan', HOST, OUTSIDE);
		this.#raise('outside', 'lan', OUTSIDE);
	}

	#raise(side: Side, link: string, own: typeof HOST, gateway?: typeof HOST): void {
		const lines = [
			...['link set lo up', `link set ${link} up`],
			...[`address add ${own.four}/24 dev ${link}`, `address add ${own.six}/64 dev ${link} nodad`],
			...(gateway ? [`route add default via ${gateway.four}`, `-6 route add default via ${gateway.six}`] : []),
		];
		for (const line of lines) this.run(side, 'ip', ...line.split(' '));
	}

	#at = (side: Side): string[] => ['nsenter', `--net=/proc/${this.#holders[side].pid}/ns/net`, '--'];

	run(side: Side, ...command: string[]): string {
		const [first = '', ...words] = [...this.#at(side), ...command];
		return execFileSync(first, words, {encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe']});
	}

	/** What the host's resolvers are from now on. */
	resolvers(...addresses: string[]): void {
		fs.writeFileSync(this.#resolvConf, addresses.map(address => `nameserver ${address}\n`).join(''));
	}

	start(args: readonly string[], env: Record<string, string> = {}) {
		const mount = 'mount --bind "$0" /etc/resolv.conf && exec "$@"';
		const words = [...this.#at('host'), 'unshare', '--mount', 'sh', '-c', mount, this.#resolvConf];
		// Not runuser, which would stay in between.
		const user = ['setpriv', `--reuid=${this.user}`, `--regid=${this.user}`, '--clear-groups', '--', cli, ...args];
		const [first = '', ...rest] = [...words, ...user];
		return execa(first, rest, {
			...{reject: false, extendEnv: false, stripFinalNewline: false, stdin: 'ignore', cwd: '/'},
			env: {...this.box.env, HOME: this.state, MINICONTAINER_ROOT: `${this.state}/state`, ...env},
			timeout: 30_000 * slowness,
			killSignal: 'SIGKILL',
		});
	}

	async cli(args: readonly string[], env?: Record<string, string>): Promise<Result> {
		return resultOf(await this.start(args, env));
	}

	/** One line of shell in a container. */
	sh(flags: readonly string[], script: string, env?: Record<string, string>): Promise<Result> {
		return this.cli(['run', '--rm', ...flags, '--rootfs', this.rootfs, '/bin/sh', '-c', script], env);
	}

	/** A server until the end: `net` with these words. */
	async serve(side: Side, ...words: string[]): Promise<void> {
		const [first = '', ...rest] = [...this.#at(side), payload('net'), ...words];
		const child = spawn(first, rest, {stdio: ['ignore', 'pipe', 'inherit']});
		this.#servers.push(child);
		await new Promise<void>((resolve, reject) => {
			child.once('error', reject).once('exit', code => reject(new Error(`${words} ended with ${code}`)));
			child.stdout.once('data', () => resolve());
		});
	}

	async ask(side: Side, ...words: string[]): Promise<string> {
		const [first = '', ...rest] = [
			...this.#at(side),
			'timeout',
			String(20 * slowness),
			payload('net'),
			'ask',
			...words,
		];
		return resultOf(await execa(first, rest, {reject: false, stripFinalNewline: false})).stdout;
	}

	close(): void {
		for (const child of [...this.#servers, ...Object.values(this.#holders)]) {
			child.removeAllListeners();
			child.stdout?.destroy();
			child.kill('SIGKILL');
		}
	}
}

const namespaceOf = (pid: number | undefined): string => {
	try {
		return fs.readlinkSync(`/proc/${pid}/ns/net`);
	} catch {
		return '';
	}
};

/** Ends by itself if it is forgotten. */
const hold = (): ChildProcess => spawn('unshare', ['--net', 'sleep', '600'], {stdio: 'ignore'});

/** For each of the two kinds of users; what is left of a container in their state directory is a failure. */
export function userTest(title: string, body: (t: ExecutionContext, host: UserHost) => Promise<unknown>): void {
	for (const user of USERS) {
		boxTest(
			`${user}: ${title}`,
			async (t, box) => {
				const host = new UserHost(box, user);
				try {
					await host.open();
					await body(t, host);
					t.deepEqual((await host.cli(['ps', '-aq'])).stdout, '');
				} finally {
					await host.cli(['rm', '-f', '--all']);
					host.close();
				}
			},
			{as: 'root', commands: ['pasta', 'slirp4netns', 'ip', 'nsenter', 'setpriv']},
		);
	}
}
