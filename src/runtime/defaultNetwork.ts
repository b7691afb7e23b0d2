import type {Request} from '../plan/request.js';

/** The network of who names none: what MINICONTAINER_NETWORK says. */
export function defaultNetwork(_request: Request, env: NodeJS.ProcessEnv = process.env): string {
	return env.MINICONTAINER_NETWORK || 'none';
}
