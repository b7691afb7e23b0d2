import {Failure, quoted} from '../spec/failure.js';
import type {PublishRequest} from '../spec/networkFacts.js';
import {readAddress} from './subnet.js';

export type {PublishRequest};

const FORM = 'use [ADDRESS:][HOSTPORT:]PORT[/tcp|udp], with ranges FIRST-LAST';

const parseRange = (text: string, whole: string): {first: number; last: number} => {
	const [, one = '', two = one] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? [];
	const [first, last] = [Number(one), Number(two)];
	if (one === '' || first < 1 || last > 65535 || first > last)
		throw new Failure(`${quoted(whole)} does not publish a port: ${quoted(text)} is not a port, or a range of them`);
	return {first, last};
};

/** An IPv6 address has colons of its own, so it stands in brackets. */
const split = (text: string): {address: string; host: string; port: string} | undefined => {
	const bracketed = /^\[([^\]]*)\]:([^:]*):([^:]+)$/.exec(text);
	if (bracketed) return {address: bracketed[1] || '-', host: bracketed[2] ?? '', port: bracketed[3] ?? ''};
	const parts = text.split(':').reverse();
	const [port = '', host = '', address = ''] = parts;
	return parts.length > 3 || port === '' ? undefined : {address, host, port};
};

/** @throws Failure */
export const parsePublish = (whole: string): PublishRequest[] => {
	const [, text = '', protocol = 'tcp'] = /^([^/]*)(?:\/(tcp|udp))?$/.exec(whole) ?? [];
	const parts = text === '' ? undefined : split(text);
	if (!parts) throw new Failure(`${quoted(whole)} does not publish a port: ${FORM}`);
	if (parts.address !== '') readAddress(parts.address);
	const ports = parseRange(parts.port, whole);
	const host = parts.host === '' ? undefined : parseRange(parts.host, whole);
	const count = ports.last - ports.first + 1;
	if (host && count > 1 && host.last - host.first + 1 !== count)
		throw new Failure(`${quoted(whole)} does not publish ports: the ranges are not of the same length`);
	const address = ['', '0.0.0.0'].includes(parts.address) ? {} : {address: parts.address};
	return Array.from({length: count}, (_, index) => ({
		protocol: protocol as PublishRequest['protocol'],
		port: ports.first + index,
		...address,
		...(host && {hostPorts: count > 1 ? {first: host.first + index, last: host.first + index} : host}),
	}));
};
