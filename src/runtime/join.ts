/** Networks of others: another container's, or a namespace by its path. */
import {type Config, writeWhole} from '../host/config.js';
import {containerDir} from '../host/store.js';
import {type NetworkRequest, parseNetwork} from '../parse/network.js';
import {cleanPath} from '../parse/path.js';
import {encode} from '../spec/encode.js';
import type {JoinedFacts} from '../spec/facts.js';
import {findRunning, findWhole} from './lookup.js';
import {specOf} from './spec.js';

/** @throws Failure when the container does not run */
export function joinedFacts(at: string, request: NetworkRequest): JoinedFacts | undefined {
	if (request.kind === 'ns') {
		return {network: cleanPath(request.path)};
	}

	return request.kind === 'container' ? containersNetwork(at, request.container) : undefined;
}

function containersNetwork(at: string, reference: string): JoinedFacts {
	const container = findRunning(at, reference);
	const {id, state} = container;
	const {pid, startTime} = state;
	const {hostname, minicontainer} = specOf(container);
	return {
		...{id, network: `/proc/${pid}/ns/net`, target: {pid, startTime}},
		...(hostname !== undefined && {hostname}),
		contents: minicontainer.contents ?? [],
	};
}

/** Before a start: the other one may have been started anew. */
export function renewJoin(at: string, {id}: Config, other: string): void {
	const facts = joinedFacts(at, parseNetwork(`container:${other}`));
	const spec = specOf(findWhole(at, id));
	const namespace = spec.linux.namespaces.find(({type}) => type === 'network');
	if (!facts?.target || !namespace) {
		return;
	}

	namespace.path = facts.network;
	spec.minicontainer.target = facts.target;
	writeWhole(`${containerDir(at, id)}/spec.json`, encode(spec), false);
}
