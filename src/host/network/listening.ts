/** Whether a program of the host's has a port. */
import {readText} from '../read.js';

/** What node:net itself is made of, in the releases of Node that this was tested with (20, 22 and 24). */
interface TcpHandle {
	/** @returns 0, or a negative errno */
	bind(address: string, port: number): number;
	bind6(address: string, port: number, flags: number): number;
	listen(backlog: number): number;
	close(): void;
}

interface Inner {
	noDeprecation?: boolean;
	binding(name: 'tcp_wrap'): {
		TCP: new (kind: number) => TcpHandle;
		constants: {SERVER: number; UV_TCP_IPV6ONLY: number};
	};
}

const TESTED = /^v2[0-4]\./;
const EADDRINUSE = -98;

/**
 * The kernel is asked by trying: its list of sockets takes as long to read as a container to start, for it has a place
 * for every connection that the machine could have.
 */
function isHeard(address: string, port: number): boolean {
	const inner = process as unknown as Inner;
	const {noDeprecation = false} = inner;
	inner.noDeprecation = true;
	const {TCP, constants} = inner.binding('tcp_wrap');
	inner.noDeprecation = noDeprecation;
	const handle = new TCP(constants.SERVER);
	try {
		const bound = address.includes(':')
			? handle.bind6(address, port, constants.UV_TCP_IPV6ONLY)
			: handle.bind(address, port);
		return bound === EADDRINUSE || (bound === 0 && handle.listen(1) === EADDRINUSE);
	} finally {
		handle.close();
	}
}

/** @param address absent: any of the host's */
export function isTaken(protocol: 'tcp' | 'udp', address: string | undefined, port: number): boolean {
	if (protocol === 'tcp' && TESTED.test(process.version)) {
		return (address === undefined ? ['0.0.0.0', '::'] : [address]).some(one => isHeard(one, port));
	}

	return [...listening(protocol)].some(text => {
		const [number, at] = text.split('@');
		return number === String(port) && (address === undefined || at === undefined || at === address);
	});
}

/** TCP_LISTEN, and of UDP what is bound: the second word is `ADDRESS:PORT` in hex digits, the fourth the state. */
const tables: Readonly<Record<string, readonly [file: string, state: string][]>> = {
	tcp: [
		['tcp', '0A'],
		['tcp6', '0A'],
	],
	udp: [
		['udp', '07'],
		['udp6', '07'],
	],
};

/** @returns numbers of ports on which a program of the host's listens: `PORT` for any address, or `PORT@ADDRESS` in hex */
function listening(protocol: 'tcp' | 'udp'): Set<string> {
	const found = (tables[protocol] ?? []).flatMap(([file, state]) =>
		readText(`/proc/self/net/${file}`)
			.split('\n')
			.map(line => line.trim().split(/\s+/))
			.filter(words => words[3] === state)
			.map(words => (words[1] ?? ':').split(':')),
	);
	return new Set(
		found.map(([address = '', port = '']) =>
			/^0+$/.test(address) ? String(parseInt(port, 16)) : `${parseInt(port, 16)}@${addressOf(address)}`,
		),
	);
}

/** Of words as the kernel keeps them, in the order of a little-endian machine. */
const fourOf = (hex: string): string =>
	(hex.match(/../g) ?? [])
		.reverse()
		.map(byte => parseInt(byte, 16))
		.join('.');

const addressOf = (hex: string): string =>
	hex.length === 8
		? fourOf(hex)
		: (hex.match(/.{8}/g) ?? []).map(word => (word.match(/../g) ?? []).reverse().join('')).join('');
