/** Other people's firewalls, recognised by the rules that there are: whoever made them. */
import {Failure} from '../../spec/failure.js';
import type {Gate} from '../../spec/networkFacts.js';
import {readText} from '../read.js';
import {findTool} from './tools.js';

interface Chain {
	family: string;
	table: string;
	name: string;
	hook?: string;
	policy?: string;
}

interface Ruleset {
	chains: readonly Chain[];
	/** All that the rules of a table say, as text. */
	rulesOf: (chain: Chain) => string;
}

function readRuleset(nft: string): Ruleset {
	const {spawnSync} = process.getBuiltinModule('node:child_process');
	const options = {encoding: 'utf8', env: {}, maxBuffer: 2 ** 28} as const;
	const {status, stdout, stderr} = spawnSync(nft, ['-j', 'list', 'ruleset'], options);
	if (status !== 0) {
		const [why] = (stderr ?? '').split('\n');
		throw new Failure(`whether a firewall of the host's is in the way cannot be seen: ${why || nft}`);
	}

	const {nftables = []} = JSON.parse(stdout || '{}');
	const rules: {rule: {family: string; table: string}}[] = nftables.filter((item: object) => 'rule' in item);
	return {
		chains: nftables.flatMap((item: {chain?: Chain}) => item.chain ?? []),
		rulesOf: ({family, table}) =>
			JSON.stringify(rules.filter(({rule}) => rule.family === family && rule.table === table)),
	};
}

/** What iptables(8) keeps in nftables, and what takes a rule of ours there: docker's chain is made for that. */
const iptables: Readonly<Record<string, string>> = {ip: 'iptables-nft', ip6: 'ip6tables-nft'};
const isIptables = ({family, table, name}: Chain) => family in iptables && table === 'filter' && name === 'FORWARD';

const drops = ({hook, policy}: Chain): boolean => hook === 'forward' && policy === 'drop';

/** firewalld refuses at the end of its chain, whatever the policy. */
const refuses = ({hook, table}: Chain): boolean => hook === 'forward' && table === 'firewalld';

function placeIn(chains: readonly Chain[], chain: Chain): string {
	const users = chains.some(
		({family, table, name}) => family === chain.family && table === chain.table && name === 'DOCKER-USER',
	);
	return users ? 'DOCKER-USER' : 'FORWARD';
}

/** The older kind, which nftables knows nothing of. */
function legacyGate(tool: string, names: string): {tool: string; chain: string}[] {
	const found = readText(names).includes('filter') ? findTool(tool) : undefined;
	if (found === undefined) {
		return [];
	}

	const {spawnSync} = process.getBuiltinModule('node:child_process');
	const {stdout} = spawnSync(found, ['-w', '-S'], {encoding: 'utf8', env: {}});
	const isShut = stdout.includes('-P FORWARD DROP');
	return isShut ? [{tool: found, chain: stdout.includes('-N DOCKER-USER') ? 'DOCKER-USER' : 'FORWARD'}] : [];
}

/**
 * Where a rule of ours is wanted, so that what these bridges forward is not dropped.
 *
 * @throws Failure for a firewall that is none of the kinds that take one, and does not know the bridge yet
 */
export function findGates(nft: string, bridges: readonly string[]): Gate[] {
	const {chains, rulesOf} = readRuleset(nft);
	const shut = chains.filter(chain => drops(chain) || refuses(chain));
	for (const chain of shut.filter(chain => !isIptables(chain))) {
		const stranger = bridges.find(bridge => !rulesOf(chain).includes(JSON.stringify(bridge)));
		if (stranger !== undefined) {
			throw strange(chain, stranger);
		}
	}

	const places = [
		...shut.filter(isIptables).flatMap(chain => {
			const tool = findTool(iptables[chain.family] ?? '');
			return tool === undefined ? [] : [{tool, chain: placeIn(chains, chain)}];
		}),
		...legacyGate('iptables-legacy', '/proc/self/net/ip_tables_names'),
		...legacyGate('ip6tables-legacy', '/proc/self/net/ip6_tables_names'),
	];
	return bridges.flatMap(bridge => places.map(place => ({...place, bridge})));
}

function strange({family, table, name}: Chain, bridge: string): Failure {
	const rule = (way: string) => `nft insert rule ${family} ${table} ${name} ${way} ${bridge} accept`;
	const hint =
		table === 'firewalld'
			? `firewall-cmd --zone=trusted --add-interface=${bridge}, or --network none`
			: `${rule('iifname')}; ${rule('oifname')}; or --network none`;
	return new Failure(`the host's firewall (table ${family} ${table}) drops what ${bridge} would forward`, {hint});
}

/**
 * Puts our rules there, each once: two containers may be the first at the same time.
 *
 * @throws Failure
 */
export function openGates(gates: readonly Gate[]): void {
	const {spawnSync} = process.getBuiltinModule('node:child_process');
	for (const {tool, chain, bridge} of gates) {
		for (const way of ['-i', '-o']) {
			const call = (action: string) =>
				spawnSync(tool, ['-w', action, chain, way, bridge, '-j', 'ACCEPT'], {encoding: 'utf8', env: {}});
			if (call('-C').status !== 0 && call('-I').status !== 0) {
				throw new Failure(
					`the host's firewall (${tool}, chain ${chain}) drops what ${bridge} would forward, and takes no rule`,
				);
			}
		}
	}
}

/** A sign that docker is there: if it came after us, it has closed what was open. */
export const hasDocker = (links: readonly string[]): boolean => links.includes('docker0');
