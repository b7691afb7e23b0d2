/** What a container on a bridge can reach, and who reaches it: with real traffic. */
import type {ExecutionContext} from 'ava';
import type {Box} from '../helpers/box.js';
import {HOST, labTest, OUTSIDE} from '../helpers/lab.js';

/** A server in a container that has said that it is ready; its id, and the address that it has. */
async function server(
	t: ExecutionContext,
	box: Box,
	flags: string[],
	...servers: string[]
): Promise<{id: string; address: string; address6: string}> {
	const script = [...servers.map(words => `/bin/net serve ${words} &`), 'wait'].join(' ');
	const id = await box.detached(t, ['--network', 'bridge', ...flags], script);
	for (const words of servers) {
		await box.says(id, new RegExp(`ready ${words.split(' ').at(-1)}`));
	}

	const {address, address6 = ''} = (await box.inspect(t, id)).network.networks[0];
	return {id, address, address6};
}

labTest('a container reaches out, with the host’s address', async (t, lab, box) => {
	await lab.serve('outside', 'tcp', OUTSIDE.four, 7000);
	await lab.serve('outside', 'udp', OUTSIDE.four, 7000);
	for (const protocol of ['tcp', 'udp']) {
		const {stdout, stderr} = await box.run([
			'--network',
			'bridge',
			'/bin/net',
			'ask',
			protocol,
			OUTSIDE.four,
			'7000',
			'hello',
		]);
		t.regex(stdout, /^from 192\.0\.2\.1 \d+\nhello$/, stderr);
	}
});

labTest(
	'a published port is reached from outside, with the address of who asks, and from the host',
	async (t, lab, box) => {
		const {address} = await server(t, box, ['-p', '8080:80', '-p', '8080:80/udp'], 'tcp 0.0.0.0 80', 'udp 0.0.0.0 80');
		const gateway = address.replace(/\d+$/, '1');
		for (const protocol of ['tcp', 'udp'] as const) {
			t.regex(await lab.ask('outside', protocol, HOST.four, 8080), /^from 192\.0\.2\.2 \d+\nhello$/);
			t.regex(await lab.ask('host', protocol, HOST.four, 8080), /^from [\d.]+ \d+\nhello$/);
			t.regex(await lab.ask('host', protocol, '127.0.0.1', 8080), new RegExp(`^from ${gateway} \\d+\nhello$`));
		}
	},
);
