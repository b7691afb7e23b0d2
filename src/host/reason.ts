import {Failure} from '../spec/failure.js';

/** In the kernel's words: child_process only gives the names. */
const SPAWN_ERRORS: Readonly<Record<string, string>> = {
	ENOENT: 'no such file, or its interpreter is missing',
	EACCES: 'permission denied',
	ENOEXEC: 'not a program for this machine',
	E2BIG: 'the environment is too large',
	EAGAIN: 'no more processes allowed',
};

/** Why a system call failed: of `ENOENT: no such file or directory, open '/x'` the middle. */
export function reason(cause: unknown): string {
	const message = cause instanceof Error ? cause.message : String(cause);
	const spawned = /^spawn .*(\bE[A-Z0-9]+)$/s.exec(message)?.[1];
	if (spawned) {
		return SPAWN_ERRORS[spawned] ?? spawned;
	}

	return /^[A-Z][A-Z0-9_]+: (.*?)(?:, [a-z_]+(?: '.*')?)?$/s.exec(message)?.[1] ?? message;
}

/** @param what what could not be done, e.g. `cannot read /a/b` */
export function failure(what: string, cause: unknown, hint?: string): Failure {
	return cause instanceof Failure ? cause : new Failure(`${what}: ${reason(cause)}`, {cause, hint});
}

/** `ENOENT` …, of an error of a system call. */
export function errnoOf(cause: unknown): string | undefined {
	return cause instanceof Error ? (cause as NodeJS.ErrnoException).code : undefined;
}
