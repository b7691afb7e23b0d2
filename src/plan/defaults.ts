import type {UsernsRequest} from '../parse/userns.js';
import type {HostFacts} from '../spec/facts.js';
import {limitsOf} from './limits.js';
import {namespaceOf, readNetworks} from './networks.js';
import {usualPids} from './profile.js';
import type {Request, UserRequest} from './request.js';

const SHM_SIZE = 64 * 2 ** 20;
const ROOT: UserRequest = {user: '0'};

const usualUser = (userns: UsernsRequest, euid: number, egid: number): UserRequest =>
	userns.kind === 'keep-id' ? {user: String(userns.uid ?? euid), group: String(userns.gid ?? egid)} : ROOT;

/** Undefined: ours, if it can be had. */
const defaultSeccompOf = ({privileged}: Request) => (privileged ? 'unconfined' : undefined);

/**
 * The one place where what was not said gets its value. Without facts the plan is for root on a machine of which
 * nothing is known.
 */
export const withDefaults = (request: Request, facts: Partial<HostFacts>) => {
	const {id = 'container', cwd = '/', euid = 0, egid = euid, env: callersEnv = {}, passwd = '', group = ''} = facts;
	const {nofile = {soft: 1024, hard: 4096}, overlayDir = '', devices: hostDevices = {}, cpus: processors = 0} = facts;
	const {seccomp: filter, range, modules = []} = facts;
	const {
		hostname: hostsName,
		subordinate,
		top,
		ipv6 = true,
		mqueue = true,
		capabilities = ~0n,
		cgroup: hostCgroup,
	} = facts;
	const {resolvConf = '', resolvUpstream = '', hostsFile = '', userNetwork, joined} = facts;
	const {rootfs, args, overlay = {kind: 'tmpfs'}, hostname, env = [], workdir = '/', pidFile} = request;
	const {userns = {kind: 'host'}, user = usualUser(userns, euid, egid), groupAdd = []} = request;
	const {mounts = [], readOnly = false, tty = false, interactive = false, capAdd = [], capDrop = []} = request;
	const {
		seccomp = defaultSeccompOf(request),
		mask = [],
		unmask = [],
		apparmor,
		label = [],
		procOptions = [],
		privileged = false,
	} = request;
	const {noNewPrivileges = !privileged, devices = [], ulimits = [], sysctls = {}, shmSize = 0, init = false} = request;
	const {
		network = facts.defaultNetwork ?? 'none',
		pid = 'private',
		ipc = 'private',
		uts = 'private',
		timeout = 0,
		labels = {},
	} = request;
	const {oomScoreAdj, cgroups = 'enabled'} = request;
	const {dns = [], dnsSearch = [], dnsOptions = [], addHost = [], networkAliases = []} = request;
	const networks = readNetworks(network);
	const {bridges} = facts;
	const {publish = [], ip, macAddress} = request;
	return {
		...{
			id,
			cwd,
			euid,
			egid,
			callersEnv,
			passwd,
			group,
			nofile,
			overlayDir,
			hostDevices,
			processors,
			hostsName,
			subordinate,
			top,
			hostCgroup,
		},
		...{ipv6, mqueue, capabilities, rootless: euid !== 0},
		/** Whether it has a user namespace of its own. */
		...{userns, range, mapped: euid !== 0 || userns.kind !== 'host'},
		...{rootfs, args, overlay, hostname, env, workdir, user, groupAdd, mounts, readOnly, tty},
		...{
			interactive,
			capAdd,
			capDrop,
			noNewPrivileges,
			devices,
			ulimits,
			sysctls,
			shmSize: shmSize === 0 ? SHM_SIZE : shmSize,
			init,
		},
		...{seccomp, filter, privileged, mask, unmask, procOptions, apparmor, label, modules},
		...{
			userNetwork,
			joined,
			resolvConf,
			resolvUpstream,
			hostsFile,
			dns,
			dnsSearch,
			dnsOptions,
			addHost,
			networkAliases,
		},
		...{networks, network: namespaceOf(networks), gateway: bridges?.networks[0]?.gateway},
		...{bridges, publish, ip, macAddress},
		...{pid, ipc, uts, timeout, labels, pidFile, oomScoreAdj, cgroups},
		/** As they were asked for, and what is there where nothing was: only the first must be there. */
		...{limits: limitsOf(request), defaultLimits: {pidsLimit: usualPids(request)}},
	};
};

/** A request and the facts, with nothing left unsaid. */
export type Wanted = ReturnType<typeof withDefaults>;
