import {type Config, writeWhole} from '../host/config.js';
import {writeNetworkOf} from '../host/programs.js';
import {containerDir} from '../host/store.js';
import {planBridges} from '../plan/network/bridge.js';
import {encode} from '../spec/encode.js';
import type {NetworkWish} from '../spec/networkFacts.js';
import {findWhole} from './lookup.js';
import {connect} from './network.js';
import {specOf} from './spec.js';

/**
 * Before a container is started again: it has its addresses still, but its ports may be others' by now, and its bridge may
 * have to be made anew.
 *
 * @throws Failure when it cannot have what it had
 */
export async function renewNetwork(at: string, config: Config, wish: NetworkWish): Promise<void> {
	const directory = containerDir(at, config.id);
	const facts = await connect(at, config.id, wish, true);
	const spec = specOf(findWhole(at, config.id));
	spec.minicontainer.network = planBridges(facts);
	writeWhole(`${directory}/spec.json`, encode(spec), false);
	writeNetworkOf(directory, facts);
}
