/** Beside other people's firewalls: what they would drop is let through, or named; and nothing of theirs is changed. */
import {refused} from '../helpers/box.js';
import {HOST, labTest, OUTSIDE} from '../helpers/lab.js';

const bridge = ['--network', 'bridge'];
const SERVE = '/bin/net serve tcp 0.0.0.0 80';

/** As each of them leaves iptables(8). */
const kinds: readonly {name: string; script: string; tool: string; chain: string}[] = [
	{
		name: 'docker',
		tool: 'iptables',
		chain: 'DOCKER-USER',
		script: `iptables -N DOCKER-USER; iptables -A DOCKER-USER -j RETURN; iptables -A FORWARD -j DOCKER-USER; iptables -P FORWARD DROP`,
	},
	{
		name: 'ufw',
		tool: 'iptables',
		chain: 'FORWARD',
		script: `iptables -N ufw-user-forward; iptables -A FORWARD -j ufw-user-forward; iptables -P FORWARD DROP`,
	},
	{
		name: 'an old iptables',
		tool: 'iptables-legacy',
		chain: 'FORWARD',
		script: `iptables-legacy -P FORWARD DROP`,
	},
];

for (const {name, script, tool, chain} of kinds) {
	labTest(
		`${name}: it drops what it does not know, and takes a rule`,
		async (t, lab, box) => {
			const state = () => lab.run('host', tool, '-S');
			lab.run('host', 'sh', '-ec', script);
			const before = state();
			await lab.serve('outside', 'tcp', OUTSIDE.four, 7000);
			const ids = await Promise.all([1, 2, 3].map(n => box.detached(t, [...bridge, '-p', `808${n}:80`], SERVE)));
			for (const [index, id] of ids.entries()) {
				await box.says(id, /ready 80/);
				t.regex(await lab.ask('outside', 'tcp', HOST.four, 8081 + index), /hello$/);
			}

			t.is(state().match(new RegExp(`-A ${chain} -[io] mc-\\S+ -j ACCEPT`, 'g'))?.length, 2, state());
			const {stdout} = await box.run([...bridge, '/bin/net', 'ask', 'tcp', OUTSIDE.four, '7000', 'hello']);
			t.regex(stdout, /hello$/);
			await box.removeKept();
			t.is(state(), before);
			// The lab is to be as it was.
			lab.run('host', 'sh', '-c', `${tool} -P FORWARD ACCEPT; ${tool} -F; ${tool} -X; nft flush ruleset`);
		},
		{commands: ['ip', 'nft', 'nsenter', tool]},
	);
}

const strangers: readonly {name: string; ruleset: string; hint: RegExp}[] = [
	{
		name: 'a firewall of one’s own',
		ruleset:
			'add table inet filter; add chain inet filter forward { type filter hook forward priority 0; policy drop; }',
		hint: /hint: nft insert rule inet filter forward iifname (mc-\S+) accept; nft insert rule inet filter forward oifname \1 accept/,
	},
	{
		name: 'firewalld',
		ruleset:
			'add table inet firewalld; add chain inet firewalld filter_FORWARD { type filter hook forward priority 10; policy accept; }; add rule inet firewalld filter_FORWARD reject',
		hint: /hint: firewall-cmd --zone=trusted --add-interface=mc-\S+/,
	},
];

for (const {name, ruleset, hint} of strangers) {
	labTest(`${name}: it is named, with what to do`, async (t, lab, box) => {
		lab.run('host', 'nft', ruleset);
		const result = await box.run([...bridge, '/bin/true']);
		refused(t, result, /the host's firewall \(table inet \w+\) drops what mc-\S+ would forward/);
		t.regex(result.stderr, hint);
		const [, advice = ''] = /^hint: (nft .*); or --network none$/m.exec(result.stderr) ?? [];
		if (advice !== '') {
			lab.run('host', 'sh', '-ec', advice);
			t.is((await box.run([...bridge, '/bin/true'])).code, 0, 'once that is done');
		}

		lab.run('host', 'nft', 'flush', 'ruleset');
	});
}
