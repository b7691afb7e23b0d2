import {missingForBridge} from '../host/network/tools.js';
import type {Request} from '../plan/request.js';

/**
 * The network of who names none: what MINICONTAINER_NETWORK says; else, as root, a bridge, where this machine can have
 * one. Who names one gets that or an error; who does not, and has none, sees so in `plan` and `inspect`.
 */
export function defaultNetwork(
	{network, profile}: Pick<Request, 'network' | 'profile'>,
	env: NodeJS.ProcessEnv = process.env,
): string {
	const chosen = env.MINICONTAINER_NETWORK;
	if (network !== undefined || profile === 'strict') {
		return 'none';
	}

	return chosen || (process.geteuid?.() === 0 && !missingForBridge() ? 'bridge' : 'none');
}
