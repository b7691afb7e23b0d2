/** The part of the wire that connects a container's network: programs of the host, run by the helper (shim/programs.h). */

/** At most 32 programs each. */
export interface Network {
	/** Before the command; one that fails ends the container. */
	attach: HostProgram[];
	/** At the end, and after whatever part of `attach` there was: all of them, whatever each comes to. */
	detach?: Pick<HostProgram, 'args' | 'input'>[];
}

/**
 * Run by the helper, with the host's files, an empty environment, and the container's network namespace as descriptor 3
 * (where it has a new user namespace, that as 4): `ip link set X netns /proc/self/fd/3`.
 */
export interface HostProgram {
	/** An absolute path and its arguments; `PID` stands for the container's first process, as the host sees it. */
	args: string[];
	/** Its standard input; absent: empty. */
	input?: string;
	/** It runs in the container's network namespace. */
	inside?: boolean;
	/** That it fails is no failure. */
	optional?: boolean;
	/** The next one does not wait for it; what is to come after all of them does. */
	meanwhile?: boolean;
	/** It stays until the container ends, and is killed then; ready when it has written to the pipe at its descriptor 0. */
	stays?: boolean;
	/** If it fails: it is run once more, with this as its input. */
	otherwise?: string;
}
