import type {Request} from '../plan/request.js';

/** What one command line asks for: the request, and what only matters outside of the container. */
export interface Invocation {
	/** Without variables of env-files, which are read first. */
	request: Request;
	/** In order; variables of later ones, and those of the request, win. */
	envFiles: readonly string[];
	/** '' for none. */
	name: string;
	cidFile?: string | undefined;
	/** Where state is kept; default: MINICONTAINER_ROOT, else the system's or the user's directories. */
	root?: string | undefined;
}
