import type {Request} from '../plan/request.js';

/** What one command line asks for: the request, and what only matters outside of the container. */
export interface Invocation {
	/** Without variables of env-files, which are read first. */
	request: Request;
	/** In order; variables of later ones, and those of the request, win. */
	envFiles: readonly string[];
	/** A profile in place of what the request says; '' for none. */
	seccompFile: string;
	/** '' for none. */
	name: string;
	cidFile?: string | undefined;
	/** Where state is kept; default: MINICONTAINER_ROOT, else the system's or the user's directory. */
	root?: string | undefined;
	/** `--rm`: nothing is kept when it ends. */
	remove: boolean;
	/** In the background. */
	detach: boolean;
	/** A number. */
	stopSignal: number;
	/** Milliseconds. */
	stopTimeout: number;
	log: LogLimits;
}

export interface LogLimits {
	/** Bytes of one file. */
	maxSize: number;
	/** Of which the oldest are dropped. */
	files: number;
}
