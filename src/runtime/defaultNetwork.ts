import type {Request} from '../plan/request.js';

/** The network of who names none: what MINICONTAINER_NETWORK says. */
export function defaultNetwork({profile}: Request, env: NodeJS.ProcessEnv = process.env): string {
	if (profile === 'strict') {
		return 'none';
	}

	return env.MINICONTAINER_NETWORK || 'none';
}
