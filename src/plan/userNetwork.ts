/**
 * Networks that need no root: a program of the caller's own has a tap in the container's network namespace, and makes of
 * what comes out of it connections of its own. It stays as long as the container does.
 */
import {Failure} from '../spec/failure.js';
import type {HostProgram, Network} from '../spec/types.js';
import type {Wanted} from './defaults.js';

/** Where a resolver answers that the host alone can reach; link-local, so that it hides nobody. */
const FORWARDER = {pasta: '169.254.1.1', slirp4netns: '10.0.2.3'} as const;

type Kind = keyof typeof FORWARDER;

const packages: Readonly<Record<Kind, string>> = {pasta: 'passt', slirp4netns: 'slirp4netns'};

const kindOf = ({networks}: Pick<Wanted, 'networks'>): Kind | undefined => {
	const kind = networks[0]?.kind;
	return kind === 'pasta' || kind === 'slirp4netns' ? kind : undefined;
};

export const forwarderOf = (wanted: Pick<Wanted, 'networks'>): string | undefined => {
	const kind = kindOf(wanted);
	return kind && FORWARDER[kind];
};

/** `ADDRESS/HOSTPORT:PORT` each. */
const planPorts = ({publish}: Wanted, protocol: 'tcp' | 'udp', flag: string): string[] => {
	const specs = publish
		.filter(request => request.protocol === protocol)
		.map(({address, hostPorts, port}) => {
			if (hostPorts === undefined || hostPorts.first !== hostPorts.last)
				throw new Failure(`--publish ${port}: pasta must be told which port of the host's: use HOSTPORT:${port}`);
			return `${address === undefined ? '' : `${address}/`}${hostPorts.first}:${port}`;
		});
	return specs.length === 0 ? [flag, 'none'] : specs.flatMap(spec => [flag, spec]);
};

/**
 * In: nothing but what is published. Out: what the host reaches, but not the host's loopback, neither by the address of
 * the gateway (`--no-map-gw`) nor by the container's own loopback (`-T`, `-U`).
 */
const planPasta = (wanted: Wanted, program: string, forwards: boolean): string[] => [
	...[program, '-f', '-q', '--config-net', '-P', '/proc/self/fd/0'],
	...planPorts(wanted, 'tcp', '-t'),
	...planPorts(wanted, 'udp', '-u'),
	...['-T', 'none', '-U', 'none', '--no-map-gw'],
	...(forwards ? ['--dns-forward', FORWARDER.pasta] : []),
	...wanted.networks.flatMap(network => (network.kind === 'pasta' ? network.options : [])),
	'PID',
];

/** As root the namespace is made beside the container's process, which is not in it yet. */
const planSlirp = ({rootless}: Wanted, program: string): string[] => [
	...[program, '--configure', '--mtu=65520', '--disable-host-loopback'],
	...['--enable-sandbox', '--enable-seccomp', '--ready-fd=0'],
	...(rootless ? ['PID'] : ['--netns-type=path', '/proc/self/fd/3']),
	'tap0',
];

/** @throws Failure for what this machine cannot do, and what to install */
const programOf = ({userNetwork: facts, rootless}: Wanted, kind: Kind): string => {
	// passt drops root's rights before it enters the namespace, and then may not.
	if (kind === 'pasta' && !rootless)
		throw new Failure('--network pasta is for users: it does not work for root', {hint: 'use --network bridge'});
	const program = facts?.[kind];
	if (program === undefined)
		throw new Failure(`--network ${kind}: ${kind} is not installed`, {hint: `apt install ${packages[kind]}`});
	if (!facts?.tun)
		throw new Failure(`--network ${kind} needs /dev/net/tun, which is missing or not yours to open`, {
			hint: 'as root: modprobe tun; chmod 0666 /dev/net/tun',
		});
	return program;
};

/** @param forwards the host's resolver is to answer at {@link forwarderOf} */
export const planUserNetwork = (wanted: Wanted, forwards: boolean): Network | undefined => {
	const kind = kindOf(wanted);
	if (!kind) return undefined;
	const program = programOf(wanted, kind);
	const args = kind === 'pasta' ? planPasta(wanted, program, forwards) : planSlirp(wanted, program);
	const attach: HostProgram = {args, stays: true};
	return {attach: [attach]};
};
