import {readText} from '../host/files.js';
import {filterOf} from '../host/seccomp.js';
import type {Request, SeccompRequest} from '../plan/request.js';
import {planSeccomp} from '../plan/seccomp.js';
import {encode} from '../spec/encode.js';
import {SpecError} from '../spec/error.js';
import type {HostFacts} from '../spec/facts.js';
import {Failure} from '../spec/failure.js';
import type {Seccomp} from '../spec/seccomp.js';
import {readSeccomp} from '../spec/seccompRead.js';
import type {Filter} from '../spec/types.js';

/**
 * The filter for a container, compiled or found.
 *
 * @param keep whether a compiled one may be written to the state directory, for the next time
 * @returns undefined for one that may make every system call
 */
export function confinement(request: Request, facts: HostFacts, at: string, keep: boolean): Filter | undefined {
	try {
		const profile = planSeccomp(request, facts);
		return profile && compileSeccomp(profile, at, keep);
	} catch (cause) {
		throw cause instanceof SpecError ? new Failure(`seccomp profile: ${cause.message}`, {cause}) : cause;
	}
}

/**
 * Of OCI's `linux.seccomp`.
 *
 * @throws Failure for what the compiler does not take, and for notifications, which nobody would get
 */
export function compileSeccomp(profile: Seccomp, at: string, keep: boolean): Filter {
	const {flags = [], ...rules} = profile;
	const actions = [rules.defaultAction, ...(rules.syscalls ?? []).map(({action}) => action)];
	if (rules.listenerPath !== undefined || actions.includes('SCMP_ACT_NOTIFY')) {
		throw new Failure('seccomp profile: SCMP_ACT_NOTIFY and listenerPath are not supported yet');
	}

	return {filter: filterOf(textOf(rules), at, keep), ...(flags.length > 0 && {flags})};
}

/** One way to write it, so that what was compiled is found. A profile of a user's may have 64-bit numbers. */
const textOf = (rules: Seccomp): string => {
	try {
		return JSON.stringify(rules);
	} catch {
		return encode(rules as never);
	}
};

/** @param file of `--security-opt seccomp=FILE` */
export function readProfile(file: string): SeccompRequest {
	const text = readText(file, '--security-opt seccomp:');
	try {
		return readSeccomp(text);
	} catch (cause) {
		throw cause instanceof SpecError
			? new Failure(`--security-opt seccomp: ${file}: ${cause.message}`, {cause})
			: cause;
	}
}
