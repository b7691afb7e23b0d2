import {Failure, quoted} from '../spec/failure.js';
import {isName} from './name.js';
import {checkPath} from './path.js';

/** What `--network` says; all but the networks with names stand alone. */
export type NetworkRequest =
	/** A new network namespace with only loopback. */
	| {kind: 'none'}
	/** The host's own. */
	| {kind: 'host'}
	/** One that `network create` made, or `bridge`, the one that is always there. */
	| {kind: 'bridge'; name: string}
	/** User-mode networking, passt(1); OPTIONS are pasta's own. */
	| {kind: 'pasta'; options: string[]}
	| {kind: 'slirp4netns'}
	/** Another container's: its name or id. */
	| {kind: 'container'; container: string}
	/** A namespace by its path. */
	| {kind: 'ns'; path: string};

const NONE = 'use none, host, bridge, the name of a network, pasta, slirp4netns, container:NAME or ns:PATH';

/** By the word before the colon. */
const kinds: Readonly<Record<string, (rest: string | undefined) => NetworkRequest | undefined>> = {
	none: rest => (rest === undefined ? {kind: 'none'} : undefined),
	host: rest => (rest === undefined ? {kind: 'host'} : undefined),
	pasta: rest => ({kind: 'pasta', options: pastaOptions(rest ?? '')}),
	slirp4netns: rest => (rest === undefined ? {kind: 'slirp4netns'} : undefined),
	container: rest => (rest ? {kind: 'container', container: rest} : undefined),
	ns: rest => (rest?.startsWith('/') ? {kind: 'ns', path: checkPath(rest)} : undefined),
};

/** As podman: one option and its value are two items, `pasta:-t,8080`. */
const pastaOptions = (text: string): string[] => text.split(',').filter(option => option !== '');

/** @throws Failure */
export const parseNetwork = (text: string): NetworkRequest => {
	const colon = text.indexOf(':');
	const [word, rest] = colon < 0 ? [text, undefined] : [text.slice(0, colon), text.slice(colon + 1)];
	const read = Object.hasOwn(kinds, word) ? kinds[word] : undefined;
	const request = read ? read(rest) : undefined;
	if (request) return request;
	if (!read && rest === undefined && isName(text)) return {kind: 'bridge', name: text};
	throw new Failure(`${quoted(text)} is not a network: ${NONE}`);
};

/**
 * As it was said: what it means is read again by the planner.
 *
 * @throws Failure
 */
export const checkNetwork = (text: string): string => {
	parseNetwork(text);
	return text;
};
