/** The canonical text of a spec: keys in the order of types.ts, maps sorted, integers exact, no white space. */
import {SpecError} from './error.js';
import type {Spec} from './types.js';

/** The keys of T and of what is in it, in order; 0 for what has no keys of its own to order. */
type Order<T> = T extends readonly (infer Item)[]
	? Order<Item>
	: T extends object
		? string extends keyof T
			? 0
			: {[K in keyof T]-?: Order<NonNullable<T[K]>>}
		: 0;

/** No import of the field tables here: `run` encodes without validating, and its start-up is precious. */
const ORDER: Order<Spec> = {
	ociVersion: 0,
	process: {
		terminal: 0,
		consoleSize: {height: 0, width: 0},
		args: 0,
		env: 0,
		cwd: 0,
		user: {uid: 0, gid: 0, umask: 0, additionalGids: 0},
		capabilities: {bounding: 0, effective: 0, inheritable: 0, permitted: 0, ambient: 0},
		rlimits: {type: 0, soft: 0, hard: 0},
		noNewPrivileges: 0,
		oomScoreAdj: 0,
		apparmorProfile: 0,
		selinuxLabel: 0,
		scheduler: {policy: 0, nice: 0, priority: 0, flags: 0, runtime: 0, deadline: 0, period: 0},
		ioPriority: {class: 0, priority: 0},
		execCPUAffinity: {initial: 0, final: 0},
	},
	root: {path: 0, readonly: 0},
	hostname: 0,
	domainname: 0,
	mounts: {
		destination: 0,
		type: 0,
		source: 0,
		options: 0,
		uidMappings: {containerID: 0, hostID: 0, size: 0},
		gidMappings: {containerID: 0, hostID: 0, size: 0},
	},
	linux: {
		namespaces: {type: 0, path: 0},
		uidMappings: {containerID: 0, hostID: 0, size: 0},
		gidMappings: {containerID: 0, hostID: 0, size: 0},
		timeOffsets: {monotonic: {secs: 0, nanosecs: 0}, boottime: {secs: 0, nanosecs: 0}},
		rootfsPropagation: 0,
		memoryPolicy: {mode: 0, nodes: 0, flags: 0},
		personality: {domain: 0},
		devices: {type: 0, path: 0, major: 0, minor: 0, fileMode: 0, uid: 0, gid: 0},
		sysctl: 0,
		maskedPaths: 0,
		readonlyPaths: 0,
	},
	annotations: 0,
	minicontainer: {
		version: 0,
		id: 0,
		target: {pid: 0, startTime: 0},
		rootfs: {
			overlay: {lower: 0, upper: 0, work: 0, tmpfs: {size: 0}, userxattr: 0, stacked: 0, parts: 0},
			options: 0,
			idmap: 0,
		},
		cgroup: {
			create: 0,
			settings: {path: 0, value: 0},
			devices: {type: 0, major: 0, minor: 0, access: 0},
			join: 0,
		},
		network: {
			attach: {args: 0, input: 0, inside: 0, optional: 0, meanwhile: 0, stays: 0, otherwise: 0},
			detach: {args: 0, input: 0},
		},
		loopback: 0,
		newKeyring: 0,
		setgroups: 0,
		links: {path: 0, target: 0},
		contents: {destination: 0, text: 0, source: 0, make: 0},
		hooks: {
			state: 0,
			prestart: {path: 0, args: 0, env: 0, timeout: 0},
			createRuntime: {path: 0, args: 0, env: 0, timeout: 0},
			createContainer: {path: 0, args: 0, env: 0, timeout: 0},
			startContainer: {path: 0, args: 0, env: 0, timeout: 0},
			poststart: {path: 0, args: 0, env: 0, timeout: 0},
			poststop: {path: 0, args: 0, env: 0, timeout: 0},
		},
		stdin: 0,
		supervise: {dir: 0, log: {path: 0, maxSize: 0, files: 0}, exitCommand: 0},
		files: {
			pack: {path: 0, name: 0, follow: 0, directory: 0},
			unpack: {path: 0, follow: 0, directory: 0, contents: 0, entries: 0, keepOwner: 0},
			diff: 0,
		},
		seccomp: {filter: 0, flags: 0},
		init: 0,
		timeout: 0,
		pidFile: 0,
	},
};

type AnyOrder = 0 | {readonly [key: string]: AnyOrder};

/**
 * @param spec or a part of its kind, such as a plain OCI document without `minicontainer`
 * @param indent for people: what a level is set in by, such as a tab; '' puts everything on one line
 */
export const encode = (spec: Partial<Spec>, indent = ''): string => encodeValue(spec, ORDER as AnyOrder, indent, '');

/** What is said about containers, each with its `plan`; the other keys in the order in which they are given. */
export const encodeReports = (reports: readonly object[], indent: string): string => {
	const keys = reports.flatMap(report => Object.keys(report)).map(key => [key, 0] as const);
	return encodeValue(reports, {...Object.fromEntries(keys), plan: ORDER as AnyOrder}, indent, '');
};

function encodeValue(value: unknown, order: AnyOrder, indent: string, margin: string): string {
	if (Array.isArray(value)) {
		const items = value.map(item => encodeValue(item, order, indent, margin + indent));
		return bracket('[', items, ']', indent, margin);
	}
	if (typeof value === 'object' && value !== null) {
		return bracket(
			'{',
			encodeMembers(value as Record<string, unknown>, order, indent, margin + indent),
			'}',
			indent,
			margin,
		);
	}
	if (typeof value === 'bigint') return String(value);
	if (typeof value === 'number' && !Number.isSafeInteger(value)) {
		throw new SpecError('', `${value} is no exact integer: use a bigint`);
	}
	return JSON.stringify(value);
}

function encodeMembers(object: Record<string, unknown>, order: AnyOrder, indent: string, margin: string): string[] {
	const known = Object.keys(order).filter(key => Object.hasOwn(object, key));
	// A key that the table lacks is written too, at the end: what is wrong is the reader's to say, never lost.
	const others = Object.keys(object).filter(key => !known.includes(key));
	return [...known, ...others.sort()]
		.filter(key => object[key] !== undefined)
		.map(key => {
			const inner = order === 0 ? 0 : (order[key] ?? 0);
			return `${JSON.stringify(key)}:${indent && ' '}${encodeValue(object[key], inner, indent, margin)}`;
		});
}

function bracket(open: string, items: string[], close: string, indent: string, margin: string): string {
	if (!indent || items.length === 0) return open + items.join(',') + close;
	return `${open}\n${items.map(item => margin + indent + item).join(',\n')}\n${margin}${close}`;
}
