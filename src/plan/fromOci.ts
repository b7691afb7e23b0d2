import {join, resolve} from 'node:path/posix';
import {numbersIn} from '../parse/cpuset.js';
import {cleanPath} from '../parse/path.js';
import type {HostFacts} from '../spec/facts.js';
import {Failure, quoted} from '../spec/failure.js';
import type {OciConfig} from '../spec/ociTypes.js';
import {type Extension, type Filter, type Linux, type MemoryPolicy, type Spec, WIRE_VERSION} from '../spec/types.js';
import {planOciCgroup, planOciCgroupLinks} from './fromOciCgroup.js';
import {planOciDevices, planOciLinks} from './fromOciDevices.js';
import {planOciHooks} from './fromOciHooks.js';
import {planOciMounts} from './fromOciMounts.js';
import {planOciNamespaces, planOciSysctl} from './fromOciNamespaces.js';
import {planOciProcess} from './fromOciProcess.js';

/** How an engine calls: what is not in the document. */
export interface OciRun {
	id: string;
	/** Absolute. */
	bundle: string;
	cgroupManager?: 'cgroupfs' | 'systemd' | 'disabled';
	/** Default true. */
	newKeyring?: boolean;
	/** What the document's `linux.seccomp` was compiled to. */
	seccomp?: Filter;
}

export interface OciFacts extends Pick<HostFacts, 'euid' | 'passwd' | 'cgroup' | 'capabilities'> {
	/** /proc/self/setgroups says deny: then no process of the caller's has supplementary groups to give. */
	setgroupsDenied?: boolean;
	/** The caller's supplementary groups, where the document says to keep them. */
	keptGroups?: number[];
	/** The caller is in a user namespace other than the machine's first: root only of that one. */
	inUserNamespace?: boolean;
}

/** A document with what the planners ask about it again and again. */
export interface OciWanted {
	config: OciConfig;
	run: OciRun;
	facts: OciFacts;
	/** Device nodes made here could not be opened (mount_namespaces(7)), and file systems of the host's not be mounted. */
	inUserNamespace: boolean;
	isNew: (type: string) => boolean;
}

const wantedOf = (config: OciConfig, run: OciRun, facts: OciFacts): OciWanted => {
	const namespaces = config.linux?.namespaces ?? [];
	return {
		config,
		run,
		facts,
		inUserNamespace: facts.euid !== 0 || facts.inUserNamespace === true || namespaces.some(({type}) => type === 'user'),
		isNew: type => namespaces.some(namespace => namespace.type === type && !namespace.path),
	};
};

const clean = (paths: readonly string[] = []): string[] => paths.map(cleanPath).filter(path => path !== '/');

/** The root mount's own `/` is the least that a container needs; without it there would be nothing to be inside of. */
const check = ({config: {root, process, domainname, linux}, isNew}: OciWanted): void => {
	const second = linux?.sysctl?.['kernel.domainname'];
	if (domainname && second !== undefined && second !== domainname)
		throw new Failure('domainname and the sysctl kernel.domainname say different things');
	if (!process) throw new Failure('the document has no process');
	if (!root) throw new Failure('the document has no root');
	if (!isNew('mount')) throw new Failure('a container without a mount namespace of its own is not supported');
};

const planTime = ({config: {linux}}: OciWanted): Pick<Linux, 'timeOffsets'> => {
	const {monotonic, boottime} = linux?.timeOffsets ?? {};
	const timeOffsets = {...(monotonic && {monotonic}), ...(boottime && {boottime})};
	return monotonic || boottime ? {timeOffsets} : {};
};

const planMemoryPolicy = ({
	mode,
	nodes,
	flags = [],
}: {
	mode: string;
	nodes?: string;
	flags?: string[];
}): MemoryPolicy => ({
	mode,
	...(nodes && {nodes: numbersIn(nodes)}),
	...(flags.length > 0 && {flags}),
});

const planPersonality = ({
	domain,
	flags = [],
}: {
	domain: string;
	flags?: string[];
}): NonNullable<Linux['personality']> => {
	if (flags.length > 0) throw new Failure('linux.personality.flags: no flag is known');
	if (domain !== 'LINUX' && domain !== 'LINUX32')
		throw new Failure(`linux.personality.domain ${quoted(domain)} is neither LINUX nor LINUX32`);
	return {domain};
};

const planLinux = (wanted: OciWanted): Linux => {
	const {uidMappings = [], gidMappings = [], maskedPaths, readonlyPaths} = wanted.config.linux ?? {};
	const {rootfsPropagation, memoryPolicy, personality} = wanted.config.linux ?? {};
	const mapped = wanted.isNew('user') && {uidMappings, gidMappings};
	return {
		namespaces: planOciNamespaces(wanted),
		...mapped,
		...planTime(wanted),
		// As runc has it: mounts of the host's that come later show up in what was bound, unless told otherwise.
		rootfsPropagation: rootfsPropagation || 'rslave',
		...(memoryPolicy && {memoryPolicy: planMemoryPolicy(memoryPolicy)}),
		...(personality && {personality: planPersonality(personality)}),
		devices: planOciDevices(wanted),
		sysctl: planOciSysctl(wanted),
		maskedPaths: clean(maskedPaths),
		readonlyPaths: clean(readonlyPaths),
	};
};

const planExtension = (wanted: OciWanted): Extension => {
	const {run, isNew, facts, config} = wanted;
	const cgroup = planOciCgroup(wanted);
	const hooks = planOciHooks(wanted);
	if (config.linux?.seccomp && !run.seccomp) throw new Failure('linux.seccomp has not been compiled');
	return {
		version: WIRE_VERSION,
		id: run.id,
		rootfs: {},
		...(cgroup && {cgroup}),
		loopback: isNew('network'),
		newKeyring: run.newKeyring ?? true,
		...(isNew('user') && {setgroups: facts.euid === 0 && !facts.setgroupsDenied ? 'allow' : 'deny'}),
		...(run.seccomp && {seccomp: run.seccomp}),
		links: [...planOciLinks(wanted), ...planOciCgroupLinks(wanted)],
		...(hooks && {hooks}),
	};
};

/**
 * The same canonical spec that flags give, of an engine's `config.json` (spec/oci.ts reads it).
 *
 * @throws Failure with one line for the caller
 */
export const planOci = (config: OciConfig, run: OciRun, facts: OciFacts): Spec => {
	const wanted = wantedOf(config, run, facts);
	check(wanted);
	const {root = {path: ''}, process = {cwd: '/'}, hostname, domainname, annotations} = config;
	const path = cleanPath(resolve('/', join(run.bundle, '/'), root.path));
	return {
		ociVersion: config.ociVersion,
		process: planOciProcess(process, wanted),
		root: {path, readonly: root.readonly ?? false},
		...(hostname && {hostname}),
		...(domainname && {domainname}),
		mounts: planOciMounts(wanted),
		linux: planLinux(wanted),
		...(annotations && {annotations}),
		minicontainer: planExtension(wanted),
	};
};
