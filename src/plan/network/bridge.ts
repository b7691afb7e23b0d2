/** From networks and addresses to what carries them out: texts for ip(8) and nft(8), and the few settings of the kernel. */
import {parseSubnet} from '../../parse/subnet.js';
import type {BridgeFacts, NetworkFact} from '../../spec/networkFacts.js';
import type {HostProgram, Network} from '../../spec/programs.js';
import {macOf} from './addresses.js';
import {addElements, deleteElements, networkElements, planTable, portElements} from './ruleset.js';

const text = (lines: readonly string[]): string => lines.map(line => `${line}\n`).join('');
const prefixOf = (subnet: string): number => parseSubnet(subnet).prefix;

/** One link of the host's for each network of the container's. */
const linkName = ({link}: BridgeFacts, index: number): string => `mc${link}${index}`;

const ip = ({tools}: BridgeFacts, lines: readonly string[], more: Partial<HostProgram> = {}): HostProgram[] =>
	lines.length > 0 ? [{args: [tools.ip, '-batch', '-'], input: text(lines), ...more}] : [];

/** The same value for several settings, as one would by hand. */
const set = ({tools}: BridgeFacts, value: 0 | 1, names: readonly string[], more: Partial<HostProgram> = {}) =>
	names.length > 0
		? [{args: [tools.tee, ...names.map(name => `/proc/sys/net/${name}`)], input: `${value}\n`, ...more}]
		: [];

/** Rules and ports: the small text is all there is to do, unless the table is not there (yet, or any more). */
const rules = (facts: BridgeFacts): HostProgram => {
	const {table, networks, ports, tools} = facts;
	const [first] = networks as [NetworkFact];
	const own = addElements(table, [...networks.flatMap(networkElements), ...portElements(first, ports)]);
	return {
		args: [tools.nft, '-f', '-'],
		input: text(own),
		meanwhile: true,
		otherwise: text([...planTable(table), ...own]),
	};
};

/** Two containers may be the first at the same time: that it is there already is then no failure. */
const newBridge = (facts: BridgeFacts, {bridge, gateway}: NetworkFact): HostProgram => ({
	args: [facts.tools.ip, 'link', 'add', bridge, 'address', macOf(gateway), 'type', 'bridge'],
	optional: true,
});

/**
 * 127.0.0.1 is routed to the bridge, for ports that are published there; no router advertisement from a container moves
 * the host (CVE-2020-13401).
 */
const settings = (facts: BridgeFacts, absent: readonly NetworkFact[]): HostProgram[] => {
	const {forwarding, ipv6} = facts;
	const some6 = facts.networks.some(({subnet6}) => subnet6 !== undefined);
	const on = [
		...(forwarding.ipv4 ? [] : ['ipv4/ip_forward']),
		...(some6 && !forwarding.ipv6 ? ['ipv6/conf/all/forwarding'] : []),
		...absent.map(({bridge}) => `ipv4/conf/${bridge}/route_localnet`),
		...absent.filter(({subnet6}) => ipv6 && !subnet6).map(({bridge}) => `ipv6/conf/${bridge}/disable_ipv6`),
	];
	const off = ipv6 ? absent.map(({bridge}) => `ipv6/conf/${bridge}/accept_ra`) : [];
	return [...set(facts, 1, on), ...set(facts, 0, off)];
};

const raise = ({bridge, subnet, gateway, subnet6, gateway6}: NetworkFact): string[] => [
	`address replace ${gateway}/${prefixOf(subnet)} dev ${bridge}`,
	...(subnet6 === undefined ? [] : [`address replace ${gateway6}/${prefixOf(subnet6)} dev ${bridge} nodad`]),
	`link set ${bridge} up`,
];

/** What it sends to a port that it has published itself comes back by the way it went, where bridges are filtered. */
const connect = (facts: BridgeFacts, {bridge, mac}: NetworkFact, index: number): string[] => {
	const link = linkName(facts, index);
	return [
		`link add ${link} up master ${bridge} type veth peer name eth${index} address ${mac} netns /proc/self/fd/3`,
		`link set ${link} type bridge_slave hairpin on`,
	];
};

const inside = (fact: NetworkFact, index: number, hasRoute: boolean): string[] => {
	const {subnet, gateway, address, subnet6, gateway6, address6, internal} = fact;
	const six = subnet6 !== undefined;
	return [
		`link set eth${index} up`,
		`address add ${address}/${prefixOf(subnet)} dev eth${index}`,
		...(six ? [`address add ${address6}/${prefixOf(subnet6)} dev eth${index} nodad`] : []),
		...(hasRoute && !internal ? [`route add default via ${gateway}`] : []),
		...(hasRoute && !internal && six ? [`route add default via ${gateway6}`] : []),
	];
};

/** Not before the link is there would be too late: an advertisement may be waiting for it. */
const noAdvertisements = (facts: BridgeFacts): HostProgram[] =>
	facts.ipv6 ? set(facts, 0, ['ipv6/conf/all/accept_ra', 'ipv6/conf/default/accept_ra'], {inside: true}) : [];

/** A word for our bridges with those who would drop what they do not know. Our own table goes on deciding. */
const openGates = ({gates = []}: BridgeFacts): HostProgram[] =>
	gates.flatMap(({tool, chain, bridge}) =>
		['-i', '-o'].map(way => ({args: [tool, '-w', '-I', chain, way, bridge, '-j', 'ACCEPT']})),
	);

/** How the container is connected, and what is to be undone when it ends; its links go with its namespace. */
export const planBridges = (facts: BridgeFacts): Network => {
	const {networks, ports, table, tools} = facts;
	const [first] = networks as [NetworkFact];
	const absent = networks.filter(({present}) => !present);
	const routed = networks.findIndex(({internal}) => !internal);
	const published = deleteElements(table, portElements(first, ports));
	return {
		attach: [
			rules(facts),
			...absent.map(network => newBridge(facts, network)),
			...settings(facts, absent),
			...openGates(facts),
			...noAdvertisements(facts),
			...ip(facts, [...absent.flatMap(raise), ...networks.flatMap((network, index) => connect(facts, network, index))]),
			...ip(
				facts,
				networks.flatMap((network, index) => inside(network, index, index === routed)),
				{inside: true},
			),
		],
		...(published.length > 0 && {detach: [{args: [tools.nft, '-f', '-'], input: text(published)}]}),
	};
};
