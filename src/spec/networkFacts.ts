/** What planning needs to know of the networks that a container is to be on. */

/** A network as it is kept on disk. */
export interface NetworkDefinition {
	name: string;
	/** Its link on the host. */
	bridge: string;
	/** `10.1.0.0/16` */
	subnet: string;
	gateway: string;
	subnet6?: string;
	gateway6?: string;
	/** No way out. */
	internal: boolean;
	/** Made for a container that said nothing of networks, and gone with the last of them. */
	implicit?: boolean;
	labels?: Readonly<Record<string, string>>;
}

/** A container's place on it. */
export interface NetworkFact extends NetworkDefinition {
	/** This container's own, which no other one has. */
	address: string;
	address6?: string;
	mac: string;
	/** Its bridge is there, with its address and its settings. */
	present: boolean;
}

/** One port of the container's, and those of the host of which it is to have one; absent: any that is free. */
export interface PublishRequest {
	protocol: 'tcp' | 'udp';
	port: number;
	/** Of the host's; absent: all. */
	address?: string;
	hostPorts?: {first: number; last: number};
}

/** What a container wants of bridged networks. */
export interface NetworkWish {
	/** Names; `bridge` is always there. */
	networks: readonly string[];
	/** On the first of them. */
	ip?: string | undefined;
	mac?: string | undefined;
	publish: readonly PublishRequest[];
}

export interface PublishedPort {
	protocol: 'tcp' | 'udp';
	port: number;
	hostPort: number;
	/** Of the host's; absent: all. */
	address?: string;
}

export interface BridgeFacts {
	/** What our nftables table is called. */
	table: string;
	/** At least one; the first is where the default route leads, and the ports. */
	networks: readonly NetworkFact[];
	ports: readonly PublishedPort[];
	/** Paths of programs. */
	tools: {ip: string; nft: string; tee: string};
	/** Of this start alone, 11 hex digits: what an earlier one had may still be going. */
	link: string;
	/** The kernel has IPv6. */
	ipv6: boolean;
	/** What the host lets through already. */
	forwarding: {ipv4: boolean; ipv6: boolean};
	/** Rules to be put into other people's firewalls. */
	gates?: readonly Gate[];
}

/** A chain of somebody else's that would drop what a bridge of ours forwards, and takes a rule that lets it through. */
export interface Gate {
	/** Its iptables or ip6tables, a path. */
	tool: string;
	chain: string;
	bridge: string;
}
