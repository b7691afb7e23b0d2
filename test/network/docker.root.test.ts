/** Beside a dockerd of the test's own: its container and ours each reach out, and are reached, in whatever order they come. */
import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import fs from 'node:fs';
import {type Box, until} from '../helpers/box.js';
import {HOST, type Lab, labTest, OUTSIDE} from '../helpers/lab.js';
import {payload} from '../helpers/project.js';

const SERVE = ['/bin/net', 'serve', 'tcp', '0.0.0.0', '80'];

/** Its files are in the test's directory, its mounts in a namespace of its own, its links and rules in the lab's network namespace. */
class Docker {
	readonly #lab: Lab;
	readonly #socket: string;
	readonly #daemon: ChildProcess;

	constructor(lab: Lab, box: Box) {
		this.#lab = lab;
		this.#socket = `unix://${box.path('d.sock')}`;
		const places = ['data-root', 'exec-root', 'pidfile'].map(name => `--${name}=${box.path('dk', name)}`);
		const [first = '', ...words] = [
			...lab.at('host'),
			'unshare',
			'--mount',
			'dockerd',
			'-H',
			this.#socket,
			...places,
			'--storage-driver=vfs',
		];
		fs.mkdirSync(box.path('dk'));
		const log = fs.openSync(box.path('dk.log'), 'w');
		this.#daemon = spawn(first, words, {
			stdio: ['ignore', log, log],
			env: {...process.env, TMPDIR: box.directory('dk/tmp')},
		});
		fs.closeSync(log);
	}

	async call(...words: string[]): Promise<string> {
		const {code, stdout, stderr} = await this.#lab.call('host', ['docker', '-H', this.#socket, ...words]);
		if (code !== 0) {
			throw new Error(`docker ${words[0]}: ${stderr}`);
		}

		return stdout.trim();
	}

	async ready(): Promise<void> {
		await until(async () => {
			if (this.#daemon.exitCode !== null) {
				throw new Error('dockerd has ended');
			}

			return this.call('version').then(
				() => true,
				() => false,
			);
		}, 'dockerd');
	}

	async close(): Promise<void> {
		if (this.#daemon.exitCode === null) {
			const over = once(this.#daemon, 'exit');
			this.#daemon.kill('SIGTERM');
			await over;
		}
	}
}

labTest(
	'beside docker, whoever comes first',
	async (t, lab, box) => {
		await lab.serve('outside', 'tcp', OUTSIDE.four, 7000);
		const ours = async (port: number) => {
			const id = await box.detached(t, ['--network', 'bridge', '-p', `${port}:80`], SERVE.join(' '));
			await box.says(id, /ready 80/);
			return id;
		};
		const both = async (port: number, when: string) => {
			t.regex(await lab.ask('outside', 'tcp', HOST.four, port), /^from 192\.0\.2\.2 \d+\nhello$/, `ours, ${when}`);
			t.regex(await lab.ask('outside', 'tcp', HOST.four, 9090), /^from 192\.0\.2\.2 \d+\nhello$/, `docker's, ${when}`);
			const {stdout} = await box.run(['--network', 'bridge', '/bin/net', 'ask', 'tcp', OUTSIDE.four, '7000', 'hello']);
			t.regex(stdout, /hello$/, `our way out, ${when}`);
		};
		const first = await ours(8080);
		const docker = new Docker(lab, box);
		try {
			await docker.ready();
			// Not the whole rootfs: one program is all that it runs.
			fs.mkdirSync(box.path('image/bin'), {recursive: true});
			fs.copyFileSync(payload('net'), box.path('image/bin/net'));
			await lab.call('host', ['tar', '-C', box.path('image'), '-cf', box.path('image.tar'), '.']);
			await docker.call('import', box.path('image.tar'), 'net');
			await docker.call('run', '-d', '--name', 'theirs', '-p', '9090:80', 'net', ...SERVE);
			const rules = lab.run('host', 'iptables', '-S', 'DOCKER-USER');
			await ours(8081);
			await both(8081, 'docker second');
			t.regex(await lab.ask('outside', 'tcp', HOST.four, 8080), /hello$/, 'who was there before, too');
			await box.ok(t, 'rm', '-f', first);
			await box.removeKept();
			t.is(lab.run('host', 'iptables', '-S', 'DOCKER-USER'), rules);
			await ours(8082);
			await both(8082, 'docker first');
			await docker.call('rm', '-f', 'theirs');
		} finally {
			await box.removeKept();
			await docker.close();
			// dockerd leaves its bridge and its rules behind.
			lab.run('host', 'sh', '-c', 'ip link delete docker0; nft flush ruleset; echo 0 >/proc/sys/net/ipv4/ip_forward');
		}
	},
	{commands: ['ip', 'nft', 'nsenter', 'dockerd', 'docker', 'iptables'], patience: 150_000},
);
