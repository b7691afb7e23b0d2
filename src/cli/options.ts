/**
 * The one table of the flags that describe a container: how they are spelt, what they mean to people, and where their
 * values go. The reader of the command line (argv.ts) and the help are made from it.
 */
import {parseAddress} from '../parse/address.js';
import {parseCapability} from '../parse/capability.js';
import {parseCgroups} from '../parse/cgroups.js';
import {parseCpus} from '../parse/cpus.js';
import {parseCpuset} from '../parse/cpuset.js';
import {parseDevice} from '../parse/device.js';
import {parseDnsOption, parseDnsSearch, parseHostEntry} from '../parse/dns.js';
import {parseDuration} from '../parse/duration.js';
import {parseEnv} from '../parse/env.js';
import {parseHostname} from '../parse/hostname.js';
import {parseLabel} from '../parse/label.js';
import {parseLogOption} from '../parse/logOption.js';
import {parseMac} from '../parse/mac.js';
import {parseMemory, parseMemorySwap} from '../parse/memory.js';
import {parseMount} from '../parse/mount.js';
import {parseName} from '../parse/name.js';
import {checkNetwork} from '../parse/network.js';
import {parseOverlay} from '../parse/overlay.js';
import {checkPath, parsePath} from '../parse/path.js';
import {parsePatience} from '../parse/patience.js';
import {parseProfile} from '../parse/profile.js';
import {parsePublish} from '../parse/publish.js';
import {parseSecurityOpt} from '../parse/securityOpt.js';
import {parseSharing} from '../parse/sharing.js';
import {parseSignal} from '../parse/signal.js';
import {parseSize} from '../parse/size.js';
import {formatAddress, readAddress} from '../parse/subnet.js';
import {parseSysctl} from '../parse/sysctl.js';
import {parseTmpfs} from '../parse/tmpfs.js';
import {parseUlimit} from '../parse/ulimit.js';
import {checkIdOrName, parseUser} from '../parse/user.js';
import {parseUserns} from '../parse/userns.js';
import {parseVolume} from '../parse/volume.js';
import {blkioWeight, cpuShares, oomScoreAdj, parseWhole, pidsLimit} from '../parse/whole.js';
import {general} from './general.js';
import {
	type Draft,
	entry,
	field,
	flag,
	item,
	list,
	type Option,
	onOff,
	required,
	type Section,
	section,
	single,
	toggle,
} from './option.js';

const group = (text: string) => checkIdOrName(text, 'group');

/** A file is read later, by who may. */
const securityOption = (draft: Draft, text: string) => {
	const {seccomp, label = [], mask = [], unmask = [], procOptions = [], ...options} = parseSecurityOpt(text);
	const {request} = draft;
	Object.assign(request, options);
	for (const [key, added] of Object.entries({label, mask, unmask, procOptions})) {
		if (added.length > 0) {
			Object.assign(request, {[key]: [...(request[key as 'mask'] ?? []), ...added]});
		}
	}
	if (seccomp !== undefined) {
		draft.seccompFile = typeof seccomp === 'string' ? '' : seccomp.file;
		draft.request.seccomp = typeof seccomp === 'string' ? seccomp : 'default';
	}
};

const rootFileSystem = section(
	'Root file system',
	required(single('--rootfs DIR', 'the root file system; an overlay keeps it unchanged', field('rootfs', checkPath))),
	single(
		'--overlay WHERE',
		'where changes go: disk (the default), tmpfs[,size=N], none, or a directory that keeps them',
		field('overlay', parseOverlay),
	),
	toggle('--read-only', 'make the root file system read-only', onOff('readOnly')),
);

const command = section(
	'Command',
	list('-e, --env NAME[=VALUE]', "set a variable; without =VALUE to the caller's value", item('env', parseEnv)),
	list('--env-file FILE', 'read variables from a file, one a line', (draft, text) => {
		draft.envFiles.push(checkPath(text));
	}),
	single('-w, --workdir DIR', 'working directory in the container', field('workdir', parsePath)),
	single('-u, --user USER[:GROUP]', "names or ids, looked up in the container's own files", field('user', parseUser)),
	list('--group-add GROUP', 'join one more group', item('groupAdd', group)),
	toggle('--init', 'run a PID 1 that reaps orphans and passes signals on', onOff('init')),
	single('--timeout TIME', 'kill the container when TIME (90, 1m30s, 500ms) is up', field('timeout', parseDuration)),
	single('--stop-signal SIGNAL', 'what `stop` sends first; TERM by default', (draft, text) => {
		draft.stopSignal = parseSignal(text);
	}),
	single('--stop-timeout SECONDS', 'how long `stop` waits before it kills; 10 by default', (draft, text) => {
		draft.stopTimeout = parsePatience(text);
	}),
);

const terminal = section(
	'Terminal',
	toggle('-i, --interactive', 'pass standard input on; without it, it is empty', onOff('interactive')),
	toggle('-t, --tty', 'give the command a terminal of its own', onOff('tty')),
);

const files = section(
	'Files',
	list('-v, --volume HOST:CONTAINER[:ro]', 'show a file or directory of the host', item('mounts', parseVolume)),
	list('--mount type=bind|tmpfs,KEY=VALUE,…', 'the same in full; see the README', item('mounts', parseMount)),
	list('--tmpfs DIR[:OPTION,…]', 'an empty directory in memory', item('mounts', parseTmpfs)),
	list('--device HOST[:CONTAINER][:rwm]', 'let the container use a device', item('devices', parseDevice)),
	single('--shm-size SIZE', 'size of /dev/shm; 64m by default', field('shmSize', parseSize)),
);

const isolation = section(
	'Isolation and privileges',
	single(
		'--profile default|strict',
		'strict: no capabilities, read-only, no network, other ids as root, too',
		field('profile', parseProfile),
	),
	toggle('--privileged', 'all capabilities, devices and system calls; nothing is masked', onOff('privileged')),
	list('--cap-add CAPABILITY', 'keep a capability; ALL for all', item('capAdd', parseCapability)),
	list('--cap-drop CAPABILITY', 'take a capability away; ALL for all', item('capDrop', parseCapability)),
	list(
		'--security-opt OPTION',
		'no-new-privileges=false lets setuid programs work; seccomp=unconfined|FILE; see the README for more',
		securityOption,
	),
	list('--ulimit NAME=SOFT[:HARD]', 'a resource limit, such as nofile=1024', item('ulimits', parseUlimit)),
	list('--sysctl NAME=VALUE', "a kernel setting of the container's own", entry('sysctls', parseSysctl)),
	single(
		'--userns host|private|keep-id',
		'whose ids it has; private: of its own as root, too',
		field('userns', parseUserns),
	),
	single('--pid host|private', 'whose processes it sees', field('pid', parseSharing)),
	single('--ipc host|private', 'whose shared memory and semaphores it sees', field('ipc', parseSharing)),
	single('--uts host|private', 'whose host name it has', field('uts', parseSharing)),
);

const publish = ({request}: Draft, text: string): void => {
	request.publish = [...(request.publish ?? []), ...parsePublish(text)];
};

/** Several networks may be named. */
const network = section(
	'Network',
	list(
		'--network, --net NETWORK',
		'none, host, bridge (the default as root) or the name of a network',
		({request}, text) => {
			const {network: before = []} = request;
			request.network = [...before, checkNetwork(text)];
		},
	),
	list('-p, --publish [ADDRESS:][HOSTPORT:]PORT[/udp]', 'reach a port from outside; ranges too', publish),
	single(
		'--ip ADDRESS',
		'its address on the first network',
		field('ip', text => formatAddress(readAddress(text))),
	),
	single('--mac-address MAC', 'the address of its link there', field('macAddress', parseMac)),
	list('--network-alias NAME', 'one more name by which it is known', item('networkAliases', parseHostname)),
	list('--dns ADDRESS', "ask this resolver; the host's by default", item('dns', parseAddress)),
	list('--dns-search DOMAIN', 'look names up in this domain; . for none', item('dnsSearch', parseDnsSearch)),
	list('--dns-option OPTION', 'an option of resolv.conf, such as ndots:2', item('dnsOptions', parseDnsOption)),
	list('--add-host NAME:ADDRESS', 'a line for /etc/hosts', item('addHost', parseHostEntry)),
);

/** What `update` can change, too. */
export const changeableLimits: readonly Option[] = [
	single(
		'-m, --memory SIZE',
		'the most memory, such as 64m; beyond it a process is killed',
		field('memory', parseMemory),
	),
	single(
		'--memory-swap SIZE',
		'the most memory and swap together; twice the memory by default, -1 for any',
		field('memorySwap', parseMemorySwap),
	),
	single(
		'--memory-reservation SIZE',
		'memory that it is held to when others need some',
		field('memoryReservation', parseMemory),
	),
	single('--cpus NUMBER', "how many processors' time, such as 1.5", field('cpus', parseCpus)),
	single('--cpu-shares NUMBER', "share of busy processors; others' is 1024", field('cpuShares', parseWhole(cpuShares))),
	single('--cpuset-cpus LIST', 'processors to run on, such as 0-2,4', field('cpusetCpus', parseCpuset)),
	single(
		'--pids-limit NUMBER',
		'the most processes; 2048 by default, -1 for any',
		field('pidsLimit', parseWhole(pidsLimit)),
	),
	single('--blkio-weight NUMBER', 'share of busy disks, 10 to 1000', field('blkioWeight', parseWhole(blkioWeight))),
];

const limits = section(
	'Limits',
	...changeableLimits,
	single(
		'--oom-score-adj NUMBER',
		'who is killed first when memory is short, -1000 to 1000',
		field('oomScoreAdj', parseWhole(oomScoreAdj)),
	),
	single('--cgroups enabled|disabled', 'whether it has control groups of its own', field('cgroups', parseCgroups)),
);

const records = section<Draft>(
	'Names and records',
	single('--name NAME', 'a name that no other container has', (draft, text) => {
		draft.name = parseName(text);
	}),
	single('-h, --hostname NAME', 'host name; the first digits of the id by default', field('hostname', parseHostname)),
	list('-l, --label NAME[=VALUE]', 'a note on the container', entry('labels', parseLabel)),
	single('--cidfile FILE', 'write the id of the container to a new file', (draft, text) => {
		draft.cidFile = checkPath(text);
	}),
	single('--pidfile FILE', "write the pid of the container's first process to a file", field('pidFile', checkPath)),
	toggle('--rm', 'remove the container when it has ended', flag('remove')),
	list('--log-opt max-size=SIZE|max-file=N', 'how much output is kept; 10m in each of 3 files', (draft, text) => {
		Object.assign(draft.log, parseLogOption(text));
	}),
);

const background = section<Draft>(
	'Background',
	toggle('-d, --detach', 'run in the background, and print the id', flag('detach')),
);

export const containerSections: readonly Section[] = [
	rootFileSystem,
	command,
	terminal,
	files,
	isolation,
	network,
	limits,
	records,
	general,
];

export const runSections: readonly Section[] = [background, ...containerSections];

export const planSections: readonly Section[] = [
	section<Draft>('Plan', toggle('--oci', 'print a plain config.json that runc and crun take too', flag('oci'))),
	...runSections,
];
