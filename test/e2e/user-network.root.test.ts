/** Networks without root: pasta and slirp4netns. Root makes the world around, users run the containers. */
import fs from 'node:fs';
import type {ExecutionContext} from 'ava';
import {boxTest, refused, until} from '../helpers/box.js';
import {HOST, OUTSIDE, type UserHost, userTest} from '../helpers/userHost.js';

const KINDS = ['pasta', 'slirp4netns'] as const;

for (const kind of KINDS) {
	userTest(`${kind}: tcp, udp, a large transfer, names, and IPv6 where it has it`, async (t, host) => {
		await host.serve('outside', 'serve', 'tcp', OUTSIDE.four, '7001');
		await host.serve('outside', 'serve', 'udp', OUTSIDE.four, '7002');
		await host.serve('outside', 'serve', 'tcp', OUTSIDE.six, '7003');
		await host.serve('outside', 'dns', OUTSIDE.four, `far.test=${OUTSIDE.four}`, `six.test=${OUTSIDE.six}`);
		const script = [
			...['net ask tcp far.test 7001 one', 'echo', 'net ask udp far.test 7002 two', 'echo'],
			...['net flow far.test 7001 20000000', 'net resolve six.test', 'net resolve none.test || echo none'],
			// Its address may be new to it yet (RFC 4862, section 5.4).
			...(kind === 'pasta' ? ['until net ask tcp six.test 7003 three 2>/dev/null; do usleep 50000; done'] : []),
		].join('; ');
		const {stdout, stderr} = await host.sh(['--network', kind], script);
		t.is(stderr, 'net: none.test: Name does not resolve\n');
		const expected = [
			...[`from ${HOST.four} \\d+\none`, `from ${HOST.four} \\d+\ntwo`, 'same', OUTSIDE.six, 'none'],
			...(kind === 'pasta' ? [`from ${HOST.six} \\d+\nthree`] : []),
		];
		t.regex(stdout, new RegExp(`^${expected.join('\n')}\n?$`));
	});

	userTest(`${kind}: the host’s loopback is out of reach, whatever it is called`, async (t, host) => {
		await host.serve('host', 'serve', 'tcp', '127.0.0.1', '7001');
		await host.serve('host', 'serve', 'tcp', '::1', '7001');
		await host.serve('outside', 'serve', 'tcp', OUTSIDE.four, '7002');
		const places = ['127.0.0.1', '::1', '10.0.2.2', '169.254.1.1', HOST.four, OUTSIDE.four, OUTSIDE.six];
		const tries = places.map(place => `(timeout 2 net ask tcp ${place} 7001 x 2>/dev/null && echo ${place}) &`);
		const script = `${tries.join(' ')} wait; net ask tcp ${OUTSIDE.four} 7002 x`;
		t.regex((await host.sh(['--network', kind], script)).stdout, new RegExp(`^from ${HOST.four} \\d+\nx$`));
	});

	userTest(`${kind}: a resolver on the host’s loopback is asked all the same`, async (t, host) => {
		host.resolvers('127.0.0.1');
		await host.serve('host', 'dns', '127.0.0.1', 'far.test=192.0.2.99');
		const {stdout, stderr} = await host.sh(['--network', kind], 'net resolve far.test; cat /etc/resolv.conf');
		const forwarder = kind === 'pasta' ? '169.254.1.1' : '10.0.2.3';
		t.deepEqual({stdout, stderr}, {stdout: `192.0.2.99\nnameserver ${forwarder}\n`, stderr: ''});
	});

	userTest(`${kind}: it goes with the container, whoever is killed`, async (t, host) => {
		for (const victim of ['the command', 'the supervisor', 'the program'] as const) {
			const {supervisor, program, id} = await background(t, host, kind);
			process.kill(
				{'the command': firstOf(host, id), 'the supervisor': supervisor, 'the program': program}[victim],
				'SIGKILL',
			);
			if (victim === 'the program') {
				t.is((await host.cli(['exec', id, 'true'])).code, 0, 'without a network, but alive');
				process.kill(firstOf(host, id), 'SIGKILL');
			}

			await until(() => !isThere(program), `${kind} gone with ${victim}`);
			await until(async () => (await host.cli(['ps', '-q'])).stdout === '', 'the container gone');
			t.is((await host.cli(['rm', id])).code, 0);
		}
	});
}

userTest('pasta: a published port is reached where it was said, and nothing else is', async (t, host) => {
	const script = 'net serve tcp 0.0.0.0 80 & net serve udp 0.0.0.0 53 & net serve tcp 0.0.0.0 81 & wait';
	const flags = ['-p', '8080:80', '-p', '127.0.0.1:8081:81', '-p', '5353:53/udp'];
	const command = ['--rootfs', host.rootfs, '/bin/sh', '-c', script];
	const {stdout, stderr} = await host.cli(['run', '-d', '--network', 'pasta', ...flags, ...command]);
	t.is(stderr, '');
	const log = () => fs.readFileSync(`${host.state}/state/containers/${stdout.trim()}/log`, 'utf8');
	await until(() => log().match(/ready/g)?.length === 3, 'three servers');
	t.regex(await host.ask('outside', 'tcp', HOST.four, '8080', 'one'), /^from .*\none$/);
	t.regex(await host.ask('host', 'tcp', '127.0.0.1', '8080', 'two'), /^from .*\ntwo$/);
	t.regex(await host.ask('host', 'tcp', '127.0.0.1', '8081', 'three'), /^from .*\nthree$/);
	t.regex(await host.ask('outside', 'udp', HOST.four, '5353', 'four'), /^from .*\nfour$/);
	for (const port of ['8081', '80', '81']) t.is(await host.ask('outside', 'tcp', HOST.four, port, 'x'), '', port);
	const taken = await host.sh(['--network', 'pasta', '-p', '8080:80'], 'true');
	refused(t, taken, /attach: \/usr\/bin\/pasta: .*[Ff]ailed to bind|in use/);
	t.is((await host.cli(['rm', '-f', stdout.trim()])).code, 0);
});

async function background(t: ExecutionContext, host: UserHost, kind: string) {
	const command = ['--rootfs', host.rootfs, '/bin/sleep', '1000'];
	const {stdout, stderr} = await host.cli(['run', '-d', '--network', kind, ...command]);
	t.is(stderr, '');
	const id = stdout.trim();
	const supervisor = Number(statOf(firstOf(host, id))[1]);
	const program = processes().find(pid => Number(statOf(pid)[1]) === supervisor && pid !== firstOf(host, id));
	return {id, supervisor, program: program ?? 0};
}

const firstOf = (host: UserHost, id: string): number =>
	Number(/"pid":(\d+)/.exec(fs.readFileSync(`${host.state}/state/containers/${id}/status`, 'utf8'))?.[1]);
const processes = (): number[] => fs.readdirSync('/proc').flatMap(name => (/^\d+$/.test(name) ? [Number(name)] : []));
/** State and parent. */
const statOf = (pid: number): string[] => {
	try {
		return fs
			.readFileSync(`/proc/${pid}/stat`, 'utf8')
			.replace(/^.*\) /s, '')
			.split(' ');
	} catch {
		return [];
	}
};
const isThere = (pid: number): boolean => !['Z', undefined].includes(statOf(pid)[0]);

userTest(
	'pasta is what there is by default; none where there is no way out; and what was said otherwise',
	async (t, host) => {
		const look = 'ls /sys/class/net';
		const unsaid = {MINICONTAINER_NETWORK: ''};
		const plan = await host.cli(['plan', '--rootfs', host.rootfs, 'true'], unsaid);
		t.regex(plan.stdout, /"network": \{\s+"attach": \[\s+\{\s+"args": \[\s+"\/usr\/bin\/pasta"/);
		t.is((await host.sh([], look, unsaid)).stdout, 'lo\nwan\n');
		t.is((await host.sh([], look, {MINICONTAINER_NETWORK: 'slirp4netns'})).stdout, 'lo\ntap0\n');
		t.is((await host.sh(['--network', 'none'], look, unsaid)).stdout, 'lo\n');
		host.run('host', 'ip', 'route', 'delete', 'default');
		host.run('host', 'ip', '-6', 'route', 'delete', 'default');
		t.is((await host.sh([], look, unsaid)).stdout, 'lo\n');
		refused(t, await host.sh(['--network', 'pasta'], look), /attach: \/usr\/bin\/pasta: .*interface/);
	},
);

userTest('killed before its time, the one who started it leaves nothing', async (t, host) => {
	for (const delay of [0, 30, 60, 90, 120, 150]) {
		const run = host.start(['run', '--rm', '--network', 'pasta', '--rootfs', host.rootfs, '/bin/sleep', '1000']);
		setTimeout(() => run.kill('SIGKILL'), delay);
		await run;
	}

	await until(() => processes().every(pid => !isTheirs(pid, host.user)), 'nobody left');
	t.is((await host.cli(['prune'])).code, 0);
});

const isTheirs = (pid: number, user: string): boolean => {
	try {
		const command = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8');
		return isThere(pid) && command.startsWith('/usr/bin/pasta\0') && user !== '';
	} catch {
		return false;
	}
};

boxTest(
	'as root: slirp4netns on request, and pasta not',
	async (t, box) => {
		t.is((await box.sh(['--network', 'slirp4netns'], 'ls /sys/class/net')).stdout, 'lo\ntap0\n');
		refused(t, await box.sh(['--network', 'pasta'], 'true'), /--network pasta is for users/);
	},
	{as: 'root', commands: ['slirp4netns']},
);
