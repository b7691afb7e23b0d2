import {missingForBridge} from '../host/network/tools.js';
import {userNetwork} from '../host/userNetwork.js';
import type {Request} from '../plan/request.js';

/**
 * The network of who names none: what MINICONTAINER_NETWORK says; else, as root, a bridge, where this machine can have
 * one, and as a user what there is. Who names one gets that or an error; who does not, and has none, sees so in `plan`
 * and `inspect`.
 */
export function defaultNetwork(
	{network, profile}: Pick<Request, 'network' | 'profile'>,
	env: NodeJS.ProcessEnv = process.env,
): string {
	if (network !== undefined || profile === 'strict') {
		return 'none';
	}

	return env.MINICONTAINER_NETWORK || (process.geteuid?.() === 0 ? bridgeOrNone() : userNetwork());
}

const bridgeOrNone = () => (missingForBridge() ? 'none' : 'bridge');
