/** /etc/resolv.conf, /etc/hosts and /etc/hostname: what is in them, and whether the image's are covered. */
import {isAddress, isLoopback, parseAddress} from '../parse/address.js';
import {checkHostEntry, HOST_GATEWAY, parseDnsOption, parseDnsSearch} from '../parse/dns.js';
import {parseHostname} from '../parse/hostname.js';
import {isWithin, parsePath} from '../parse/path.js';
import {Failure} from '../spec/failure.js';
import type {Content} from '../spec/types.js';
import type {Wanted} from './defaults.js';
import {forwarderOf} from './userNetwork.js';

/** resolv.conf(5), as far as it says anything to another machine. */
interface Resolvers {
	servers: string[];
	search: string[];
	options: string[];
}

/** Of several `search` lines the last counts; `domain` is an old name for it. */
const readResolvConf = (text: string): Resolvers => {
	const lines = text.split('\n').map(line => line.trim().split(/\s+/));
	const all = (...keys: string[]) => lines.filter(([key = '']) => keys.includes(key)).map(line => line.slice(1));
	return {
		servers: all('nameserver').flatMap(([address = '']) => (isAddress(address) ? [address] : [])),
		search: all('search', 'domain').at(-1) ?? [],
		options: all('options').flat(),
	};
};

/** systemd-resolved's stub is on the host's loopback; whom it asks itself stands elsewhere. */
const hostsResolvers = ({resolvConf, resolvUpstream}: Wanted): Resolvers => {
	const first = readResolvConf(resolvConf);
	const chosen = first.servers.includes('127.0.0.53') ? readResolvConf(resolvUpstream) : first;
	return {...chosen, servers: chosen.servers.filter(address => !isLoopback(address))};
};

/** Whether the host's resolvers, which only the host can reach, are to be asked by who serves the network. */
export const isForwarded = (wanted: Wanted): boolean =>
	wanted.dns.length === 0 &&
	forwarderOf(wanted) !== undefined &&
	readResolvConf(wanted.resolvConf).servers.length > 0 &&
	hostsResolvers(wanted).servers.length === 0;

/**
 * Where only the host itself can reach its resolver there is none: others, whom nobody has chosen, would hear of every
 * name.
 */
const NOBODY = "# The host's resolvers are on its own loopback: --dns ADDRESS names others.\n";

const resolvConf = (wanted: Wanted): string => {
	const {dns, dnsSearch, dnsOptions, network} = wanted;
	if (network === 'host' && dns.length + dnsSearch.length + dnsOptions.length === 0) return wanted.resolvConf;
	const own = network === 'host' ? readResolvConf(wanted.resolvConf) : hostsResolvers(wanted);
	const forwarder = isForwarded(wanted) ? forwarderOf(wanted) : undefined;
	const known = forwarder === undefined ? own.servers : [forwarder];
	const servers = dns.length > 0 ? dns.map(parseAddress) : known;
	const search = dnsSearch.length > 0 ? dnsSearch.map(parseDnsSearch).filter(domain => domain !== '.') : own.search;
	const options = dnsOptions.length > 0 ? dnsOptions.map(parseDnsOption) : own.options;
	return [
		...(servers.length > 0 ? servers.map(address => `nameserver ${address}\n`) : [NOBODY]),
		...(search.length > 0 ? [`search ${search.join(' ')}\n`] : []),
		...(options.length > 0 ? [`options ${options.join(' ')}\n`] : []),
	].join('');
};

/** As docker writes them. */
const LOCAL = [
	'127.0.0.1\tlocalhost',
	'::1\tlocalhost ip6-localhost ip6-loopback',
	'fe00::\tip6-localnet',
	'ff00::\tip6-mcastprefix',
	'ff02::1\tip6-allnodes',
	'ff02::2\tip6-allrouters',
];

/** What the host is called there, from inside. */
const gatewayOf = ({network, gateway}: Wanted): string => {
	const address = network === 'host' ? '127.0.0.1' : gateway;
	if (address !== undefined) return address;
	throw new Failure(`--add-host: there is no way to the host from this network, so no ${HOST_GATEWAY}`);
};

/** The container itself, where nothing else is known of it: Debian's address for that. */
const OWN = '127.0.1.1';

const ownAddresses = ({bridges}: Wanted): string[] =>
	bridges ? bridges.networks.flatMap(({address, address6}) => (address6 ? [address, address6] : [address])) : [OWN];

const hosts = (wanted: Wanted, hostname: string | undefined): string => {
	const {addHost, network, hostsFile, networkAliases} = wanted;
	const names = [...(hostname === undefined ? [] : [hostname]), ...networkAliases.map(parseHostname)];
	const added = addHost
		.map(checkHostEntry)
		.map(({name, address}) => `${address === HOST_GATEWAY ? gatewayOf(wanted) : address}\t${name}`);
	const base = network === 'host' ? [hostsFile.replace(/\n$/, '')] : LOCAL;
	const own =
		network === 'host' || names.length === 0 ? [] : ownAddresses(wanted).map(to => `${to}\t${names.join(' ')}`);
	return [...base, ...own, ...added].map(line => `${line}\n`).join('');
};

/** Whether there is anything in them that must be there, or that a network is little use without. */
const urgencyOf = ({addHost, dns, dnsSearch, dnsOptions, networks}: Wanted): Content['make'] => {
	if ([addHost, dns, dnsSearch, dnsOptions].some(list => list.length > 0)) return 'must';
	return networks.some(({kind}) => kind !== 'none') ? 'try' : undefined;
};

/**
 * The user's own file wins. Where there is none one is made only in an overlay, and only for who asks for a network or
 * for what is in it: it would be a change to be kept, and to be removed.
 */
const place = (wanted: Wanted, destination: string, text: string, source?: string): Content[] => {
	const mounts = wanted.mounts.map(mount => parsePath(mount.destination));
	if (mounts.includes(destination)) return [];
	const isFixed = wanted.overlay.kind === 'none' || mounts.some(mount => isWithin(destination, mount));
	const make = isFixed ? undefined : urgencyOf(wanted);
	return [{destination, text, ...(source !== undefined && {source}), ...(make && {make})}];
};

export const planContents = (wanted: Wanted, hostname: string | undefined): Content[] => {
	// Who shares a container's network has that one's very files.
	const theirs = wanted.joined?.contents;
	if (theirs) return theirs.flatMap(({destination, text, source}) => place(wanted, destination, text, source));
	return [
		...place(wanted, '/etc/resolv.conf', resolvConf(wanted)),
		...place(wanted, '/etc/hosts', hosts(wanted, hostname)),
		...(hostname === undefined ? [] : place(wanted, '/etc/hostname', `${hostname}\n`)),
	];
};
