import {stateDirectory} from '../host/paths.js';
import {readNetworkOf} from '../host/programs.js';
import type {PublishedPort} from '../spec/networkFacts.js';
import {findRunning} from './lookup.js';

/** Which ports of a running container's are published, and where. */
export function port(root: string | undefined, reference: string): readonly PublishedPort[] {
	return readNetworkOf(findRunning(stateDirectory(root), reference).directory)?.ports ?? [];
}
