/**
 * The wire, as tables: one row a key, in the order of types.ts. The helper has the same tables (shim/spec_fields.c) and
 * must accept and refuse the same documents; fixtures/spec holds the two together. That every key of a type has its row,
 * optional exactly where the type says so, is checked by the compiler.
 */
import * as is from './checks.js';
import * as engine from './engineFields.js';
import {CAPABILITIES, FILTER_FLAGS, MOUNT_TYPES, NAMESPACES, RLIMITS, ROOT_PROPAGATIONS} from './names.js';
import {network} from './programFields.js';
import {closed, flag, int64, integer, list, map, optional, required, text, word} from './schema.js';
import type * as wire from './types.js';
import {WIRE_VERSION} from './types.js';

/** 2^32-1 means "no change" to chown(2) and setresuid(2). */
const MAX_ID = 2 ** 32 - 2;
const MAX_UINT64 = 2n ** 64n - 1n;
/** __NEW_UTS_LEN */
const HOST_NAME_BYTES = 64;
/** The helper looks for equal items one by one. */
const MAX_UNIQUE = 1024;
/** Two for each hierarchy of a machine would do. */
const MAX_DIRECTORIES = 64;

const anyText = text();
const someText = text(is.notEmpty);
const path = text(is.path);
const pathBelowRoot = text(is.pathBelowRoot);
const hostName = text(is.notEmpty, is.atMost(HOST_NAME_BYTES), is.line);
const idNumber = integer(0, MAX_ID);
const count = integer(1, Number.MAX_SAFE_INTEGER);
const limitValue = int64(0, MAX_UINT64);
const cells = integer(0, 0xffff);
const capabilities = optional(list(word(CAPABILITIES, 'capability')));

const consoleSize = closed<NonNullable<wire.Process['consoleSize']>>({
	height: required(cells),
	width: required(cells),
});

const user = closed<wire.User>({
	uid: required(idNumber),
	gid: required(idNumber),
	umask: optional(integer(0, 0o777)),
	additionalGids: optional(list(idNumber)),
});

const rlimit = closed<wire.Rlimit>(
	{
		type: required(word(RLIMITS, 'limit')),
		soft: required(limitValue),
		hard: required(limitValue),
	},
	is.verifyRlimit,
);

const process = closed<wire.Process>({
	terminal: optional(flag()),
	consoleSize: optional(consoleSize),
	args: required(list(anyText, {min: 1})),
	env: required(list(text(is.environment))),
	cwd: required(path),
	user: required(user),
	capabilities: optional(
		closed<wire.Capabilities>({
			bounding: capabilities,
			effective: capabilities,
			inheritable: capabilities,
			permitted: capabilities,
			ambient: capabilities,
		}),
	),
	rlimits: optional(list(rlimit, {max: MAX_UNIQUE, unique: 'type'})),
	noNewPrivileges: optional(flag()),
	oomScoreAdj: optional(integer(-1000, 1000)),
	apparmorProfile: optional(text(is.notEmpty, is.line)),
	selinuxLabel: optional(text(is.notEmpty, is.line)),
	scheduler: optional(engine.scheduler),
	ioPriority: optional(engine.ioPriority),
	execCPUAffinity: optional(engine.affinity),
});

const root = closed<wire.Root>({
	path: required(path),
	readonly: optional(flag()),
});

const idMappings = list(
	closed<wire.IdMapping>({
		containerID: required(idNumber),
		hostID: required(idNumber),
		size: required(integer(1, 2 ** 32 - 1)),
	}),
);

const mount = closed<wire.Mount>(
	{
		destination: required(pathBelowRoot),
		type: required(word(MOUNT_TYPES, 'type of mount')),
		source: required(someText),
		options: required(list(anyText)),
		uidMappings: optional(idMappings),
		gidMappings: optional(idMappings),
	},
	is.verifyMount,
);

const namespace = closed<wire.Namespace>({
	type: required(word(NAMESPACES, 'namespace')),
	path: optional(pathBelowRoot),
});

const device = closed<wire.Device>(
	{
		type: required(word(['c', 'b', 'u', 'p'] as const, 'type of device')),
		path: required(pathBelowRoot),
		// Linux's dev_t: 12 and 20 bits.
		major: optional(integer(0, 2 ** 12 - 1)),
		minor: optional(integer(0, 2 ** 20 - 1)),
		fileMode: required(integer(0, 0o7777)),
		uid: required(idNumber),
		gid: required(idNumber),
	},
	is.verifyDevice,
);

const linux = closed<wire.Linux>({
	namespaces: required(list(namespace, {max: MAX_UNIQUE, unique: 'type'})),
	uidMappings: optional(idMappings),
	gidMappings: optional(idMappings),
	timeOffsets: optional(engine.timeOffsets),
	rootfsPropagation: optional(word(ROOT_PROPAGATIONS, 'propagation')),
	memoryPolicy: optional(engine.memoryPolicy),
	personality: optional(
		closed<NonNullable<wire.Linux['personality']>>({domain: required(word(['LINUX', 'LINUX32'] as const, 'domain'))}),
	),
	devices: optional(list(device, {max: MAX_UNIQUE, unique: 'path'})),
	sysctl: optional(map(text(is.line), is.sysctlName)),
	maskedPaths: optional(list(pathBelowRoot)),
	readonlyPaths: optional(list(pathBelowRoot)),
});

const overlay = closed<wire.Overlay>(
	{
		lower: required(list(path, {min: 1})),
		upper: optional(path),
		work: optional(path),
		tmpfs: optional(closed<NonNullable<wire.Overlay['tmpfs']>>({size: optional(count)})),
		userxattr: optional(flag()),
		stacked: optional(flag()),
		parts: optional(list(text(is.part), {min: 1, max: 500})),
	},
	is.verifyOverlay,
);

const link = closed<wire.Link>({
	path: required(pathBelowRoot),
	target: required(someText),
});

const content = closed<wire.Content>({
	destination: required(pathBelowRoot),
	text: required(anyText),
	source: optional(pathBelowRoot),
	make: optional(word(['try', 'must'] as const, 'value')),
});

const cgroup = closed<wire.Cgroup>({
	create: optional(list(pathBelowRoot, {max: MAX_DIRECTORIES})),
	settings: optional(
		list(
			closed<NonNullable<wire.Cgroup['settings']>[number]>({
				path: required(pathBelowRoot),
				value: required(text(is.line)),
			}),
		),
	),
	devices: optional(
		list(
			closed<wire.DeviceRule>({
				type: optional(word(['c', 'b'] as const, 'type of device')),
				major: optional(integer(0, 2 ** 12 - 1)),
				minor: optional(integer(0, 2 ** 20 - 1)),
				access: required(text(is.deviceAccess)),
			}),
			{max: MAX_UNIQUE},
		),
	),
	join: required(list(pathBelowRoot)),
});

const supervise = closed<wire.Supervise>({
	dir: required(pathBelowRoot),
	log: optional(
		closed<NonNullable<wire.Supervise['log']>>({
			path: required(pathBelowRoot),
			maxSize: optional(count),
			files: optional(integer(1, 100)),
		}),
	),
	exitCommand: optional(list(anyText, {min: 1})),
});

const files = closed<wire.Files>(
	{
		pack: optional(
			closed<NonNullable<wire.Files['pack']>>({
				path: required(path),
				name: required(someText),
				follow: optional(flag()),
				directory: optional(flag()),
			}),
		),
		unpack: optional(
			closed<NonNullable<wire.Files['unpack']>>({
				path: required(path),
				follow: optional(flag()),
				directory: optional(flag()),
				contents: optional(flag()),
				entries: optional(flag()),
				keepOwner: optional(flag()),
			}),
		),
		diff: optional(pathBelowRoot),
	},
	is.verifyFiles,
);

const extension = closed<wire.Extension>({
	version: required(integer(WIRE_VERSION, WIRE_VERSION)),
	id: required(text(is.id)),
	target: optional(
		closed<NonNullable<wire.Extension['target']>>({
			pid: required(integer(1, 2 ** 22)),
			startTime: required(count),
		}),
	),
	rootfs: optional(
		closed<NonNullable<wire.Extension['rootfs']>>({
			overlay: optional(overlay),
			options: optional(list(text(is.rootOption))),
			idmap: optional(flag()),
		}),
	),
	cgroup: optional(cgroup),
	network: optional(network),
	loopback: optional(flag()),
	newKeyring: optional(flag()),
	setgroups: optional(word(['allow', 'deny'] as const, 'value')),
	links: optional(list(link, {max: MAX_UNIQUE, unique: 'path'})),
	contents: optional(list(content, {max: MAX_UNIQUE, unique: 'destination'})),
	hooks: optional(engine.hooks),
	stdin: optional(word(['null'] as const, 'value')),
	supervise: optional(supervise),
	files: optional(files),
	seccomp: optional(
		closed<wire.Filter>({
			filter: required(text(is.filter)),
			flags: optional(list(word(FILTER_FLAGS, 'flag'))),
		}),
	),
	init: optional(flag()),
	timeout: optional(count),
	pidFile: optional(pathBelowRoot),
});

/** The whole document. */
export const spec = closed<wire.Spec>({
	ociVersion: required(text(is.ociVersion)),
	process: required(process),
	root: optional(root),
	hostname: optional(hostName),
	domainname: optional(hostName),
	mounts: required(list(mount)),
	linux: required(linux),
	annotations: optional(map(anyText, is.notEmpty)),
	minicontainer: required(extension),
});
