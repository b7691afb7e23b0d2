/** Starting the helper, and waiting for it. */
import {failure} from './reason.js';

export interface Child {
	/** @param signal a number */
	kill: (signal: number) => void;
	/** How it died, for people; rejects with a Failure if it was never started. */
	end: Promise<string>;
}

/** @param files descriptors that the child has as 3, 4 … */
type Start = (command: string, args: readonly string[], files: readonly number[]) => Child;

/**
 * Starts a program with our own streams and some files, as the leader of a session of its own. The two ways do the
 * same; the first is there for its speed alone.
 */
export const start: Start = (command, args, files) =>
	startDirectly(command, args, files) ?? startByModule(command, args, files);

export const describe = (code: number | null, signal: string | null | undefined) =>
	signal ? `by ${signal}` : `with exit code ${code}`;

export const startByModule: Start = (command, args, files) => {
	const {spawn} = process.getBuiltinModule('node:child_process');
	const child = spawn(command, args, {stdio: ['inherit', 'inherit', 'inherit', ...files], detached: true});
	const end = new Promise<string>((resolve, reject) => {
		child.on('error', cause => reject(failure(`cannot execute ${command}`, cause)));
		child.on('exit', (code, signal) => resolve(describe(code, signal)));
	});
	return {kill: signal => child.kill(signal), end};
};

/** What node:child_process itself is made of, in the releases of Node that this was tested with (20, 22 and 24). */
interface ProcessHandle {
	/** @returns 0, or a negative errno */
	spawn(options: {
		file: string;
		args: readonly string[];
		envPairs: readonly string[];
		detached: boolean;
		stdio: readonly {type: 'fd'; fd: number}[];
	}): number;
	kill(signal: number): number;
	close(): void;
	onexit: (code: number, signal: string) => void;
}

interface Inner {
	/** Whether warnings of this kind are kept back; with --pending-deprecation there would be one on stderr. */
	noDeprecation?: boolean;
	binding(name: 'process_wrap'): {Process: new () => ProcessHandle};
}

const TESTED = /^v2[0-4]\./;

/**
 * Without node:child_process: that loads the classes of TCP, UDP and pipes as well, none of which is wanted here, and
 * takes 3.6 ms for it, a sixth of the time of bare Node. process.binding() is deprecated (DEP0111, so far in the
 * documentation only), so nothing depends on it.
 *
 * @returns undefined where it cannot be had, or did not start the program: then the module tries, and tells why
 */
export function startDirectly(...[command, args, files]: Parameters<Start>): Child | undefined {
	try {
		const child = newHandle();
		const end = new Promise<string>(resolve => {
			child.onexit = (code, signal) => {
				child.close();
				resolve(describe(code, signal));
			};
		});
		const stdio = [0, 1, 2, ...files].map(fd => ({type: 'fd' as const, fd}));
		const envPairs = Object.entries(process.env).map(([name, value]) => `${name}=${value}`);
		const error = child.spawn({file: command, args: [command, ...args], envPairs, detached: true, stdio});
		return error ? undefined : {kill: signal => child.kill(signal), end};
	} catch {
		return undefined;
	}
}

function newHandle(): ProcessHandle {
	if (!TESTED.test(process.version)) {
		throw new Error(process.version);
	}

	const inner = process as unknown as Inner;
	const {noDeprecation = false} = inner;
	inner.noDeprecation = true;
	const {Process} = inner.binding('process_wrap');
	inner.noDeprecation = noDeprecation;
	return new Process();
}
