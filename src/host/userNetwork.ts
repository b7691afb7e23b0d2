/** What a network without root needs of the machine: passt(1), slirp4netns(1), and a device to make a tap of. */
import {accessSync, constants} from 'node:fs';
import type {UserNetworkFacts} from '../spec/facts.js';
import {readSmall} from './read.js';

/** Not the caller's PATH: the helper is told where they are. */
const PLACES = ['/usr/bin', '/usr/local/bin', '/bin', '/usr/sbin'];

const find = (name: string): string | undefined =>
	PLACES.map(place => `${place}/${name}`).find(file => can(file, constants.X_OK));

function can(file: string, mode: number): boolean {
	try {
		accessSync(file, mode);
		return true;
	} catch {
		return false;
	}
}

export function userNetworkFacts(): UserNetworkFacts {
	const [pasta, slirp4netns] = ['pasta', 'slirp4netns'].map(find);
	return {
		...(pasta !== undefined && {pasta}),
		...(slirp4netns !== undefined && {slirp4netns}),
		tun: can('/dev/net/tun', constants.R_OK | constants.W_OK),
	};
}

/** pasta takes its addresses from the host's link that leads everywhere, and fails where there is none. */
const hasDefaultRoute = (): boolean =>
	/^\S+\t00000000\t/m.test(readSmall('/proc/net/route')) ||
	/^0{32} 00 .* (?!lo$)\S+$/m.test(readSmall('/proc/net/ipv6_route'));

/** What there is, for who has asked for nothing by name. */
export function userNetwork(): 'pasta' | 'slirp4netns' | 'none' {
	const {pasta, slirp4netns, tun} = userNetworkFacts();
	if (!tun || !hasDefaultRoute()) {
		return 'none';
	}

	return pasta !== undefined ? 'pasta' : slirp4netns !== undefined ? 'slirp4netns' : 'none';
}
