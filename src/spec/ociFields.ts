/** Others' documents, as tables (ociTypes.ts): what the specification knows must be of its kind, all else is passed over. */
import * as is from './checks.js';
import type {Scheduler} from './engineTypes.js';
import {NAMESPACES} from './names.js';
import type * as oci from './ociTypes.js';
import {type Check, flag, int64, integer, list, map, open, optional, refused, required, text, word} from './schema.js';
import type {Seccomp} from './seccomp.js';
import type {IdMapping, Rlimit} from './types.js';

const MAX_INT32 = 2 ** 31 - 1;
const MAX_UINT32 = 2 ** 32 - 1;
const MAX_SAFE = Number.MAX_SAFE_INTEGER;
const MAX_INT64 = 2n ** 63n - 1n;
const MAX_UINT64 = 2n ** 64n - 1n;
/** 2^32-1 means "no change" to chown(2) and setresuid(2). */
const MAX_ID = MAX_UINT32 - 1;

const anyText = text();
const someText = text(is.notEmpty);
const texts = list(anyText);
const uint32 = integer(0, MAX_UINT32);
const id = integer(0, MAX_ID);
const amount = integer(0, MAX_SAFE);
const int = integer(-MAX_SAFE, MAX_SAFE);
const signed = int64(-MAX_INT64, MAX_INT64);
const unsigned = int64(0, MAX_UINT64);

/** Either sign: some write RLIM_INFINITY as -1. */
const rlimit = open<Rlimit>({type: required(someText), soft: required(unsigned), hard: required(unsigned)});

const idMappings = list(
	open<IdMapping>({containerID: required(id), hostID: required(id), size: required(integer(0, MAX_UINT32))}),
);

export const process = open<oci.OciProcess>({
	terminal: optional(flag()),
	consoleSize: optional(
		open<NonNullable<oci.OciProcess['consoleSize']>>({
			height: required(integer(0, 0xffff)),
			width: required(integer(0, 0xffff)),
		}),
	),
	user: optional(
		open<NonNullable<oci.OciProcess['user']>>({
			uid: optional(id),
			gid: optional(id),
			umask: optional(integer(0, 0o777)),
			additionalGids: optional(list(id)),
		}),
	),
	args: optional(texts),
	env: optional(texts),
	cwd: required(someText),
	capabilities: optional(
		open<NonNullable<oci.OciProcess['capabilities']>>({
			bounding: optional(texts),
			effective: optional(texts),
			inheritable: optional(texts),
			permitted: optional(texts),
			ambient: optional(texts),
		}),
	),
	rlimits: optional(list(rlimit, {unique: 'type'})),
	noNewPrivileges: optional(flag()),
	apparmorProfile: optional(anyText),
	selinuxLabel: optional(anyText),
	oomScoreAdj: optional(integer(-1000, 1000)),
	scheduler: optional(
		open<Scheduler>({
			policy: required(anyText),
			nice: optional(integer(-MAX_INT32, MAX_INT32)),
			priority: optional(integer(-MAX_INT32, MAX_INT32)),
			flags: optional(texts),
			runtime: optional(unsigned),
			deadline: optional(unsigned),
			period: optional(unsigned),
		}),
	),
	ioPriority: optional(
		open<NonNullable<oci.OciProcess['ioPriority']>>({
			class: required(someText),
			priority: optional(integer(0, 7)),
		}),
	),
	execCPUAffinity: optional(
		open<NonNullable<oci.OciProcess['execCPUAffinity']>>({initial: optional(anyText), final: optional(anyText)}),
	),
});

const mount = open<oci.OciMount>({
	destination: required(someText),
	type: optional(anyText),
	source: optional(anyText),
	options: optional(texts),
	uidMappings: optional(idMappings),
	gidMappings: optional(idMappings),
});

const hooks = optional(
	list(
		open<oci.OciHook>({
			path: required(text(is.absolute)),
			args: optional(texts),
			env: optional(texts),
			timeout: optional(integer(1, MAX_INT32)),
		}),
	),
);

const device = open<oci.OciDevice>({
	type: required(word(['c', 'b', 'u', 'p'] as const, 'type of device')),
	path: required(text(is.absolute)),
	major: optional(int),
	minor: optional(int),
	fileMode: optional(uint32),
	uid: optional(id),
	gid: optional(id),
});

const rates = optional(list(open<oci.OciRate>({major: required(int), minor: required(int), rate: required(unsigned)})));

const blockIo = open<oci.OciBlockIo>({
	weight: optional(integer(0, 0xffff)),
	leafWeight: optional(integer(0, 0xffff)),
	weightDevice: optional(
		list(
			open<NonNullable<oci.OciBlockIo['weightDevice']>[number]>({
				major: required(int),
				minor: required(int),
				weight: optional(integer(0, 0xffff)),
				leafWeight: optional(integer(0, 0xffff)),
			}),
		),
	),
	throttleReadBpsDevice: rates,
	throttleWriteBpsDevice: rates,
	throttleReadIOPSDevice: rates,
	throttleWriteIOPSDevice: rates,
});

/** A key becomes the name of a file in the container's group: no slash leads out of it. */
const cgroupFile = (name: string) => (/^[a-z0-9_]+(\.[A-Za-z0-9_]+)+$/.test(name) ? undefined : 'not a cgroup file');

export const resources = open<oci.OciResources>({
	memory: optional(
		open<NonNullable<oci.OciResources['memory']>>({
			limit: optional(signed),
			reservation: optional(signed),
			swap: optional(signed),
			kernel: optional(signed),
			kernelTCP: optional(signed),
			swappiness: optional(integer(0, 200)),
			disableOOMKiller: optional(flag()),
			useHierarchy: optional(flag()),
			checkBeforeUpdate: optional(flag()),
		}),
	),
	cpu: optional(
		open<NonNullable<oci.OciResources['cpu']>>({
			shares: optional(amount),
			quota: optional(signed),
			burst: optional(amount),
			period: optional(amount),
			realtimeRuntime: optional(signed),
			realtimePeriod: optional(amount),
			cpus: optional(text(is.line)),
			mems: optional(text(is.line)),
			idle: optional(integer(0, 1)),
		}),
	),
	pids: optional(open<NonNullable<oci.OciResources['pids']>>({limit: optional(signed)})),
	blockIO: optional(blockIo),
	hugepageLimits: optional(
		list(
			open<NonNullable<oci.OciResources['hugepageLimits']>[number]>({
				pageSize: required(text(size => (/^[1-9][0-9]*[KMGT]B$/.test(size) ? undefined : 'must be like 2MB'))),
				limit: required(unsigned),
			}),
		),
	),
	network: optional(
		open<NonNullable<oci.OciResources['network']>>({
			classID: optional(uint32),
			priorities: optional(
				list(
					open<NonNullable<NonNullable<oci.OciResources['network']>['priorities']>[number]>({
						name: required(text(is.notEmpty, is.line)),
						priority: required(uint32),
					}),
				),
			),
		}),
	),
	rdma: optional(
		map(
			open<NonNullable<oci.OciResources['rdma']>[string]>({hcaHandles: optional(uint32), hcaObjects: optional(uint32)}),
			is.notEmpty,
		),
	),
	devices: optional(
		list(
			open<oci.OciDeviceRule>({
				allow: required(flag()),
				type: optional(text(type => (/^[abcu]?$/.test(type) ? undefined : 'unknown type of device'))),
				major: optional(int),
				minor: optional(int),
				access: optional(text(access => (/^[rwm]*$/.test(access) ? undefined : 'must be some of r, w and m'))),
			}),
		),
	),
	unified: optional(map(anyText, cgroupFile)),
});

/** Only that it is one: the compiler says what is wrong with the rest. */
const seccomp = open<Pick<Seccomp, 'defaultAction'>>({defaultAction: required(someText)}) as Check<Seccomp>;

const linux = open<oci.OciLinux>({
	namespaces: optional(
		list(
			open<NonNullable<oci.OciLinux['namespaces']>[number]>({
				type: required(word(NAMESPACES, 'namespace')),
				path: optional(anyText),
			}),
			{unique: 'type'},
		),
	),
	uidMappings: optional(idMappings),
	gidMappings: optional(idMappings),
	timeOffsets: optional(
		map(
			open<NonNullable<oci.OciLinux['timeOffsets']>[string]>({
				secs: optional(signed),
				nanosecs: optional(integer(0, 999_999_999)),
			}),
			clock => (clock === 'monotonic' || clock === 'boottime' ? undefined : 'unknown clock'),
		),
	),
	devices: optional(list(device)),
	cgroupsPath: optional(anyText),
	resources: optional(resources),
	intelRdt: optional(refused('resource directors (resctrl) are not supported')),
	sysctl: optional(map(text(is.line), is.notEmpty)),
	seccomp: optional(seccomp),
	rootfsPropagation: optional(anyText),
	maskedPaths: optional(texts),
	readonlyPaths: optional(texts),
	mountLabel: optional(anyText),
	personality: optional(
		open<NonNullable<oci.OciLinux['personality']>>({domain: required(anyText), flags: optional(texts)}),
	),
	netDevices: optional(refused('moving network devices is not supported')),
	memoryPolicy: optional(
		open<NonNullable<oci.OciLinux['memoryPolicy']>>({
			mode: required(someText),
			nodes: optional(anyText),
			flags: optional(texts),
		}),
	),
});

export const config = open<oci.OciConfig>({
	ociVersion: required(text(is.ociVersion)),
	root: optional(open<NonNullable<oci.OciConfig['root']>>({path: required(someText), readonly: optional(flag())})),
	mounts: optional(list(mount)),
	process: optional(process),
	hostname: optional(text(is.line)),
	domainname: optional(text(is.line)),
	hooks: optional(
		open<oci.OciHooks>({
			prestart: hooks,
			createRuntime: hooks,
			createContainer: hooks,
			startContainer: hooks,
			poststart: hooks,
			poststop: hooks,
		}),
	),
	linux: optional(linux),
	annotations: optional(map(anyText, is.notEmpty)),
});
