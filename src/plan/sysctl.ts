import {checkSysctl} from '../parse/sysctl.js';
import {Failure, quoted} from '../spec/failure.js';
import {sysctlNamespace} from '../spec/names.js';
import type {Wanted} from './defaults.js';
import {type IdMaps, lastGroup} from './idmaps.js';
import {planNamespaces} from './namespaces.js';

/** GID_T_MAX of the kernel's net/ipv4/sysctl_net_ipv4.c */
const LAST_PING_GROUP = 2147483647;

/** Groups that may send ICMP echo without NET_RAW: all that the container has. The kernel refuses unmapped ones. */
const pingGroups = (maps: IdMaps | undefined): Record<string, string> => {
	const first = maps?.gid[0]?.containerID ?? 0;
	const last = Math.min(maps ? lastGroup(maps) : LAST_PING_GROUP, LAST_PING_GROUP);
	return first > last ? {} : {'net.ipv4.ping_group_range': `${first} ${last}`};
};

/** A router advertisement from another container must not redirect traffic (CVE-2020-13401). */
const noAdvertisements = {'net.ipv6.conf.all.accept_ra': '0', 'net.ipv6.conf.default.accept_ra': '0'};

const ownNetwork = ({ipv6}: Wanted, maps: IdMaps | undefined): Record<string, string> => ({
	'net.ipv4.ip_unprivileged_port_start': '0',
	...pingGroups(maps),
	...(ipv6 && noAdvertisements),
});

/** A setting that belongs to no namespace of the container's would be the host's. */
const check = (wanted: Wanted, name: string, value: string): void => {
	checkSysctl({name, value});
	const type = sysctlNamespace(name);
	if (!type) throw new Failure(`sysctl ${quoted(name)} belongs to the whole machine, not to a container`);
	if (!planNamespaces(wanted).some(namespace => namespace.type === type && namespace.path === undefined))
		throw new Failure(`sysctl ${quoted(name)} would change the host: the ${type} namespace is shared with it`);
};

export const planSysctl = (wanted: Wanted, maps: IdMaps | undefined): Record<string, string> => {
	for (const [name, value] of Object.entries(wanted.sysctls)) check(wanted, name, value);
	return {...(wanted.network === 'new' && ownNetwork(wanted, maps)), ...wanted.sysctls};
};
