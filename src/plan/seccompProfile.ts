/** From docker's format, one file for all, to OCI's: for this machine and this container's capabilities. */
import {pointerOf, SpecError} from '../spec/error.js';
import type {Seccomp, SeccompConditions, SeccompProfile, SeccompProfileRule, SeccompRule} from '../spec/seccomp.js';
import {checkSeccomp} from '../spec/seccompRead.js';

export interface SeccompFacts {
	/** Node's name: `x64`, `arm64`. */
	arch: string;
	/** `6.1.0-13-amd64` */
	kernel: string;
	/** The most that a process in the container can have. */
	capabilities: readonly string[];
}

/** By Node's name, Go's and libseccomp's. */
const architectures: Readonly<Record<string, {go: string; scmp: string}>> = {
	x64: {go: 'amd64', scmp: 'SCMP_ARCH_X86_64'},
	arm64: {go: 'arm64', scmp: 'SCMP_ARCH_AARCH64'},
};

/** From 1, EPERM; asm-generic/errno-base.h. */
const errnos = [
	...['EPERM', 'ENOENT', 'ESRCH', 'EINTR', 'EIO', 'ENXIO', 'E2BIG', 'ENOEXEC', 'EBADF', 'ECHILD', 'EAGAIN', 'ENOMEM'],
	...['EACCES', 'EFAULT', 'ENOTBLK', 'EBUSY', 'EEXIST', 'EXDEV', 'ENODEV', 'ENOTDIR', 'EISDIR', 'EINVAL', 'ENFILE'],
	...['EMFILE', 'ENOTTY', 'ETXTBSY', 'EFBIG', 'ENOSPC', 'ESPIPE', 'EROFS', 'EMLINK', 'EPIPE', 'EDOM', 'ERANGE'],
];
const otherErrnos: Readonly<Record<string, number>> = {ENOSYS: 38, EOPNOTSUPP: 95, EAFNOSUPPORT: 97};

const fail = (path: (string | number)[], what: string): never => {
	throw new SpecError(pointerOf(path), what);
};

/** A number, its name, or both, which then must agree. */
const errnoOf = (number: number | undefined, name: string | undefined, path: (string | number)[]) => {
	if (name === undefined || name === '') return number;
	const named = errnos.indexOf(name) + 1 || otherErrnos[name];
	if (named === undefined) return number ?? fail(path, 'unknown error: give its number');
	return number === undefined || number === named ? named : fail(path, `is ${named}, not ${number}`);
};

const numbersOf = (version: string): [number, number] => {
	const [, major = '0', minor = '0'] = /^(\d+)\.(\d+)/.exec(version) ?? [];
	return [Number(major), Number(minor)];
};

const isAtLeast = (kernel: string, least: string): boolean => {
	const [[major, minor], [leastMajor, leastMinor]] = [numbersOf(kernel), numbersOf(least)];
	return major > leastMajor || (major === leastMajor && minor >= leastMinor);
};

/** Docker's meaning: every condition that is there must hold; of several architectures one, of capabilities all. */
const isIncluded = ({arches, caps, minKernel}: SeccompConditions, facts: SeccompFacts): boolean =>
	(!arches?.length || arches.includes(architectures[facts.arch]?.go ?? '')) &&
	(caps ?? []).every(name => facts.capabilities.includes(name)) &&
	(minKernel === undefined || isAtLeast(facts.kernel, minKernel));

/** Any that holds is enough. */
const isExcluded = ({arches, caps, minKernel}: SeccompConditions, facts: SeccompFacts): boolean =>
	(arches ?? []).includes(architectures[facts.arch]?.go ?? '') ||
	(caps ?? []).some(name => facts.capabilities.includes(name)) ||
	(minKernel !== undefined && isAtLeast(facts.kernel, minKernel));

const namesOf = ({name, names = []}: SeccompProfileRule, path: (string | number)[]): string[] => {
	if (name !== undefined && names.length > 0) return fail([...path, 'name'], 'not with names');
	return name === undefined ? (names ?? []) : [name];
};

const flatRule = (rule: SeccompProfileRule, path: (string | number)[]): SeccompRule => {
	const {action, args, errnoRet, errno} = rule;
	const number = errnoOf(errnoRet, errno, [...path, 'errno']);
	const names = namesOf(rule, path);
	if (names.length === 0) fail([...path, 'names'], 'missing');
	return {names, action, ...(number !== undefined && {errnoRet: number}), ...(args?.length && {args})};
};

/** Its own, and those that the machine can do besides; docker's file knows what goes with what. */
const architecturesOf = ({architectures: given, archMap}: SeccompProfile, arch: string): string[] | undefined => {
	if (given?.length && archMap?.length) return fail(['archMap'], 'not with architectures');
	if (!archMap?.length) return given?.length ? given : undefined;
	const own = archMap.find(({architecture}) => architecture === architectures[arch]?.scmp);
	return own ? [own.architecture, ...(own.subArchitectures ?? [])] : undefined;
};

/** @throws SpecError for what cannot be honoured */
export const flatSeccomp = (profile: SeccompProfile, facts: SeccompFacts): Seccomp => {
	checkSeccomp(profile);
	const {defaultAction, defaultErrnoRet, defaultErrno, flags, listenerPath, listenerMetadata} = profile;
	const errno = errnoOf(defaultErrnoRet, defaultErrno, ['defaultErrno']);
	const chosen = architecturesOf(profile, facts.arch);
	const rules = (profile.syscalls ?? []).flatMap((rule, index) => {
		const {includes = {}, excludes = {}} = rule;
		const flat = flatRule(rule, ['syscalls', index]);
		return isIncluded(includes, facts) && !isExcluded(excludes, facts) ? [flat] : [];
	});
	return {
		defaultAction,
		...(errno !== undefined && {defaultErrnoRet: errno}),
		...(chosen && {architectures: chosen}),
		...(flags?.length && {flags}),
		...(listenerPath !== undefined && {listenerPath}),
		...(listenerMetadata !== undefined && {listenerMetadata}),
		syscalls: rules,
	};
};
