/** A host and its outside, each a network namespace of the test's own: nothing of the machine's network is touched. */
import {type ChildProcess, execFileSync, spawn} from 'node:child_process';
import fs from 'node:fs';
import {isDeepStrictEqual} from 'node:util';
import type {ExecutionContext} from 'ava';
import {execa} from 'execa';
import {type Box, boxTest, type Result, resultOf, until} from './box.js';
import type {Needs} from './needs.js';
import {payload, slowness} from './project.js';

// npm puts node_modules/.bin first, where ava's file tracer is called nft, too.
process.env.PATH = (process.env.PATH ?? '')
	.split(':')
	.filter(place => !place.includes('node_modules'))
	.join(':');

export type Side = 'host' | 'outside';

/** The host's addresses on the link to the outside, and the other end's. */
export const HOST = {four: '192.0.2.1', six: '2001:db8::1'};
export const OUTSIDE = {four: '192.0.2.2', six: '2001:db8::2'};

/** What the kernel has, but for what counts up or is in another order each time. */
export interface Picture {
	links: string;
	addresses: string;
	routes: string;
	ruleset: string;
	settings: string;
}

const SETTINGS = [
	'ipv4/ip_forward',
	'ipv6/conf/all/forwarding',
	'ipv4/conf/all/route_localnet',
	'ipv6/conf/all/accept_ra',
];

export class Lab {
	readonly #holders: Record<Side, ChildProcess>;
	readonly #servers: ChildProcess[] = [];

	constructor() {
		this.#holders = {host: hold(), outside: hold()};
	}

	/** @param box from then on its commands run on the host */
	async open(box: Box): Promise<this> {
		const own = fs.readlinkSync('/proc/self/ns/net');
		for (const side of ['host', 'outside'] as const) {
			await until(() => !['', own].includes(readNamespace(this.pid(side))), `the namespace of ${side}`);
		}

		this.run(
			'host',
			'ip',
			'link',
			'add',
			'wan',
			'type',
			'veth',
			'peer',
			'name',
			'lan',
			'netns',
			String(this.pid('outside')),
		);
		this.#raise('host', 'wan', HOST);
		this.#raise('outside', 'lan', OUTSIDE);
		// Its carrier comes a little later, and would make a difference to what it was before.
		await until(
			() => this.run('host', 'ip', '-o', 'link', 'show', 'wan').includes('state UP'),
			'the link to the outside',
		);
		// As does the route to its address of version 6.
		await until(
			() => this.run('host', 'ip', '-6', 'route', 'show', 'table', 'local').includes(`local ${HOST.six}`),
			'the address',
		);
		box.enter = this.at('host');
		return this;
	}

	#raise(side: Side, link: string, {four, six}: typeof HOST): void {
		const lines = [
			'link set lo up',
			`link set ${link} addrgenmode none up`,
			`address add ${four}/24 dev ${link}`,
			`address add ${six}/64 dev ${link} nodad`,
		];
		execFileSync('nsenter', [...this.at(side).slice(1), 'ip', '-batch', '-'], {input: `${lines.join('\n')}\n`});
	}

	pid(side: Side): number {
		return this.#holders[side].pid ?? 0;
	}

	at(side: Side): string[] {
		return ['nsenter', `--net=/proc/${this.pid(side)}/ns/net`, '--'];
	}

	/** @returns what it says on stdout */
	run(side: Side, ...command: string[]): string {
		const [first = '', ...words] = [...this.at(side), ...command];
		return execFileSync(first, words, {encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe']});
	}

	/** What is answered there; '' where nobody answers within SECONDS. */
	async ask(side: Side, protocol: 'tcp' | 'udp', host: string, port: number, seconds = 15): Promise<string> {
		return (
			await this.call(side, [
				'timeout',
				String(seconds * slowness),
				payload('net'),
				'ask',
				protocol,
				host,
				String(port),
				'hello',
			])
		).stdout;
	}

	async call(side: Side, command: readonly string[]): Promise<Result> {
		const [first = '', ...words] = [...this.at(side), ...command];
		return resultOf(
			await execa(first, words, {reject: false, stripFinalNewline: false, stdin: 'ignore', timeout: 30_000 * slowness}),
		);
	}

	/** A server that is there until the end. */
	async serve(side: Side, protocol: 'tcp' | 'udp', address: string, port: number): Promise<void> {
		const [first = '', ...words] = [...this.at(side), payload('net'), 'serve', protocol, address, String(port)];
		const child = spawn(first, words, {stdio: ['ignore', 'pipe', 'ignore']});
		this.#servers.push(child);
		await new Promise<void>((resolve, reject) => {
			child.once('error', reject).once('exit', code => reject(new Error(`the server ended with ${code}`)));
			child.stdout.once('data', () => resolve());
		});
	}

	picture(): Picture {
		const text = (...command: string[]) => this.run('host', ...command);
		return {
			links: text('ip', '-o', 'link').replaceAll(/^\d+: |@if\d+|qlen \d+/gm, ''),
			addresses: text('ip', '-o', 'address').replaceAll(/^\d+: |_lft \S+/gm, ''),
			routes: text('ip', 'route', 'show', 'table', 'all') + text('ip', '-6', 'route', 'show', 'table', 'all'),
			ruleset: text('nft', 'list', 'ruleset'),
			settings: SETTINGS.map(name => text('cat', `/proc/sys/net/${name}`)).join(''),
		};
	}

	/** Ends all that it has started; no pipe of theirs keeps this process. */
	close(): void {
		for (const child of [...this.#servers, ...Object.values(this.#holders)]) {
			child.removeAllListeners();
			child.stdout?.destroy();
			child.kill('SIGKILL');
			child.unref();
		}
	}
}

function readNamespace(pid: number): string {
	try {
		return fs.readlinkSync(`/proc/${pid}/ns/net`);
	} catch {
		return '';
	}
}

/** It has the namespace until it is ended, and ends by itself if it is forgotten. */
function hold(): ChildProcess {
	const child = spawn('unshare', ['--net', 'sleep', '600'], {stdio: 'ignore', detached: true});
	child.unref();
	return child;
}

/** A test in a lab, which ends with the host's network as it was: links, addresses, routes, rules and settings. */
export function labTest(
	title: string,
	body: (t: ExecutionContext, lab: Lab, box: Box) => Promise<unknown>,
	needs: Needs = {},
): void {
	const all = {as: 'root', commands: ['ip', 'nft', 'nsenter'], ...needs} as const;
	boxTest(
		title,
		async (t, box) => {
			const lab = new Lab();
			try {
				await lab.open(box);
				const before = lab.picture();
				await body(t, lab, box);
				await box.removeKept();
				await box.ok(t, 'network', 'prune');
				// The kernel takes links down after who had them.
				await until(() => isDeepStrictEqual(lab.picture(), before), 'the links gone').catch(() => {});
				t.deepEqual(lab.picture(), before);
			} finally {
				lab.close();
				box.enter = [];
			}
		},
		all,
	);
}
