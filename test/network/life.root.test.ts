/** Addresses and ports over the lives of containers: given, kept, given back; also when nobody is left to do so. */
import {setTimeout as delay} from 'node:timers/promises';
import {refused, until} from '../helpers/box.js';
import {HOST, labTest} from '../helpers/lab.js';
import {bearers, parentOf} from '../helpers/leaks.js';
import {slowness} from '../helpers/project.js';

const SERVE = '/bin/net serve tcp 0.0.0.0 80';
const bridge = ['--network', 'bridge'];

labTest('a port that is taken is an error before anything starts; who does not run has none', async (t, lab, box) => {
	await lab.serve('host', 'tcp', '0.0.0.0', 8070);
	const where = ['--rootfs', box.rootfs, '/bin/true'];
	refused(
		t,
		await box.cli(['run', '--rm', ...bridge, '-p', '8070:80', ...where]),
		/port 8070\/tcp is in use by a program of the host/,
	);
	const first = await box.detached(t, [...bridge, '-p', '8080:80'], SERVE);
	refused(
		t,
		await box.cli(['run', '--rm', ...bridge, '-p', '8080:81', ...where]),
		new RegExp(`port 8080/tcp is in use by container ${first.slice(0, 12)}`),
	);
	refused(
		t,
		await box.cli(['run', '--rm', ...bridge, '-p', `${HOST.four}:8080:81`, ...where]),
		/port 192\.0\.2\.1:8080\/tcp is in use by/,
	);
	t.is(await box.line(t, 'port', first), '80/tcp -> 0.0.0.0:8080');

	await box.ok(t, 'stop', '-t', '0', first);
	const second = await box.detached(t, [...bridge, '-p', '8080:80', '-p', '8080:80/udp', '-p', '81'], SERVE);
	refused(
		t,
		await box.cli(['start', first]),
		new RegExp(`port 8080/tcp is in use by container ${second.slice(0, 12)}`),
	);
	await box.ok(t, 'rm', first);
	t.regex(await lab.ask('outside', 'tcp', HOST.four, 8080), /hello$/, 'the other one’s removal has not taken it');
	t.regex(
		await box.line(t, 'port', second),
		/^80\/tcp -> 0\.0\.0\.0:8080\n80\/udp -> 0\.0\.0\.0:8080\n81\/tcp -> 0\.0\.0\.0:\d+$/,
	);
});

labTest(
	'a container has its address for life; its bridge and its rules are made again where they are gone',
	async (t, lab, box) => {
		const id = await box.detached(
			t,
			[...bridge, '--ip', '10.144.7.7', '--mac-address', '02:00:00:00:00:77', '-p', '8080:80'],
			`${SERVE} & /bin/ip address; wait`,
		);
		const place = async () => (await box.inspect(t, id)).network.networks[0];
		const {address, bridge: link} = await place();
		t.is(address, '10.144.7.7');
		await box.says(id, /ready 80/);
		t.regex(box.text(id, 'log'), /02:00:00:00:00:77[\s\S]*inet 10\.144\.7\.7\/16/);
		t.regex(await lab.ask('outside', 'tcp', HOST.four, 8080), /hello$/);
		for (const lose of [[], ['ip', 'link', 'delete', link], ['nft', 'flush', 'ruleset']]) {
			await box.ok(t, 'stop', '-t', '0', id);
			if (lose.length > 0) {
				lab.run('host', ...lose);
			}

			await box.ok(t, 'start', id);
			t.is((await place()).address, '10.144.7.7');
			t.regex(await lab.ask('outside', 'tcp', HOST.four, 8080), /hello$/, `after ${lose.join(' ')}`);
		}

		refused(
			t,
			await box.cli(['run', '--rm', ...bridge, '--ip', '10.144.7.7', '--rootfs', box.rootfs, '/bin/true']),
			/--ip 10\.144\.7\.7 is taken/,
		);
	},
);

labTest(
	'32 at once: no address twice, and each is reached',
	async (t, _lab, box) => {
		const script = `${SERVE} & /bin/ip -4 address show dev eth0; echo READY; wait`;
		const ids = await Promise.all(Array.from({length: 32}, () => box.detached(t, bridge, script)));
		const addresses = ids.map(id => /inet ([\d.]+)/.exec(box.text(id, 'log'))?.[1] ?? '');
		t.is(new Set(addresses).size, 32);
		t.true(addresses.every(address => address !== ''));
		const asks = addresses.map(address => `/bin/net ask tcp ${address} 80 hello`).join(' && ');
		const {stdout, stderr} = await box.sh(bridge, asks);
		t.is(stdout.match(/hello/g)?.length, 32, stderr);
	},
	{patience: 150_000},
);

labTest('a large transfer arrives as it was sent', async (t, lab, box) => {
	const id = await box.detached(t, [...bridge, '-p', '8080:80'], SERVE);
	await box.says(id, /ready 80/);
	const {stdout, stderr} = await lab.call('outside', [
		(await import('../helpers/project.js')).payload('net'),
		'flow',
		HOST.four,
		'8080',
		'50000000',
	]);
	t.is(stdout, 'same\n', stderr);
});

/** Node and the supervisor are killed at some moment of a container's life; then one `prune` leaves the host as it was. */
labTest(
	'whoever is killed at whatever moment: one prune, and all is as before',
	async (t, lab, box) => {
		const before = lab.picture();
		const run = () =>
			box.start(['run', '--rm', ...bridge, '-p', '8080:80', '--rootfs', box.rootfs, '/bin/sleep', '0.1']);
		for (let moment = 0; moment < 12; moment++) {
			const running = run();
			await delay(40 * slowness * moment);
			for (const pid of bearers(box.mark)) {
				try {
					process.kill(pid, 'SIGKILL');
				} catch {
					// It has ended by itself.
				}
			}

			await running;
			await until(() => bearers(box.mark).length === 0, 'all of it dead');
			await box.ok(t, 'prune');
			await until(() => lab.picture().links === before.links, 'the links gone');
			t.deepEqual(lab.picture(), before, `killed after ${40 * moment} ms`);
		}
	},
	{patience: 150_000},
);

/** With the container alive: its own supervisor alone. */
labTest('a supervisor that is killed leaves its port to who comes next', async (t, lab, box) => {
	const first = await box.detached(t, [...bridge, '-p', '8080:80'], `${SERVE} & wait`);
	await box.says(first, /ready 80/);
	const {pid} = (await box.inspect(t, first)).state;
	process.kill(parentOf(pid), 'SIGKILL');
	await until(async () => (await box.inspect(t, first)).state.status === 'dead', 'its end');
	const second = await box.detached(t, [...bridge, '-p', '8080:80'], `${SERVE} & wait`);
	await box.says(second, /ready 80/);
	t.regex(await lab.ask('outside', 'tcp', HOST.four, 8080), /hello$/);
	await box.ok(t, 'rm', first);
	t.regex(await lab.ask('outside', 'tcp', HOST.four, 8080), /hello$/);
});
