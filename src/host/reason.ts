import {Failure} from '../spec/failure.js';

/** Why a system call failed, in the kernel's words: of `ENOENT: no such file or directory, open '/x'` the middle. */
export function reason(cause: unknown): string {
	const message = cause instanceof Error ? cause.message : String(cause);
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
