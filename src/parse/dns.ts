/** What is said of names and of those who know them: `--dns`, `--dns-search`, `--dns-option`, `--add-host`. */
import {Failure, quoted} from '../spec/failure.js';
import {isAddress} from './address.js';
import {parseHostname} from './hostname.js';

/** In resolv.conf(5) words stand beside one another on a line. */
const word = /^[A-Za-z0-9_.:-]+$/;

/** A domain, or `.` for none. @throws Failure */
export const parseDnsSearch = (text: string): string => {
	if (text === '.' || (word.test(text) && !text.includes(':'))) return text;
	throw new Failure(`${quoted(text)} is not a domain to search in`);
};

/** @throws Failure */
export const parseDnsOption = (text: string): string => {
	if (word.test(text)) return text;
	throw new Failure(`${quoted(text)} is not an option of resolv.conf: such as ndots:2`);
};

export interface HostEntry {
	name: string;
	/** `host-gateway`: the host, as the container's network knows it. */
	address: string;
}

/** What a name in /etc/hosts leads to, where it is the host. */
export const HOST_GATEWAY = 'host-gateway';

/** @throws Failure */
export const checkHostEntry = ({name, address}: HostEntry): HostEntry => {
	parseHostname(name);
	if (address === HOST_GATEWAY || isAddress(address)) return {name, address};
	throw new Failure(`${quoted(address)} is neither an IP address nor ${HOST_GATEWAY}`);
};

/**
 * `NAME:ADDRESS` or `NAME=ADDRESS`; an IPv6 address may stand in brackets.
 *
 * @throws Failure
 */
export const parseHostEntry = (text: string): HostEntry => {
	const [, name, address] = /^([^:=]*)[:=](.*)$/s.exec(text) ?? [];
	if (!name || !address) throw new Failure(`${quoted(text)} is not a host: use NAME:ADDRESS`);
	return checkHostEntry({name, address: address.replace(/^\[(.*)\]$/, '$1')});
};
