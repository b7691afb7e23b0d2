/** Containers on one network know each other by name: lines of /etc/hosts, besides each one's own. */

export interface Neighbour {
	/** Of a container. */
	id: string;
	/** All that it is called; '' counts for nothing. */
	names: readonly string[];
	addresses: readonly string[];
}

const lineOf = ({id, names}: Neighbour, address: string): string =>
	`${address}\t${[...new Set([...names, id.slice(0, 12)])].filter(name => name !== '').join(' ')}\n`;

/** @param own what /etc/hosts says without them */
export const hostsWith = (own: string, neighbours: readonly Neighbour[]): string =>
	own + neighbours.flatMap(neighbour => neighbour.addresses.map(address => lineOf(neighbour, address))).join('');
