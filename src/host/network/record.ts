/** What of the host was otherwise before the first network, so that it can be so again after the last. */
import {readFileSync} from 'node:fs';
import type {Gate} from '../../spec/networkFacts.js';
import {writeWhole} from '../config.js';
import {removeFile} from '../files.js';
import {bootId} from '../owner.js';
import {readLink} from '../read.js';
import {networksDir} from './places.js';

export interface Before {
	/** Names below /proc/sys/net of what was 0. */
	settings: readonly string[];
	gates: readonly Gate[];
}

const file = (at: string) => `${networksDir(at)}/.host`;
/** A boot, and a network namespace of it. */
const where = (): string => `${bootId()} ${readLink('/proc/self/ns/net')}`;

const NOTHING: Before = {settings: [], gates: []};

export function readBefore(at: string): Before | undefined {
	try {
		const {here, settings, gates} = JSON.parse(readFileSync(file(at), 'utf8'));
		return here === where() ? {...NOTHING, settings, gates} : undefined;
	} catch {
		return undefined;
	}
}

/** In addition to what others have said: they have changed it by now. */
export function rememberBefore(at: string, {settings, gates}: Before): void {
	const known = readBefore(at) ?? NOTHING;
	const all = {
		settings: [...new Set([...known.settings, ...settings])],
		gates: [...known.gates, ...gates.filter(gate => !known.gates.some(other => isSame(gate, other)))],
	};
	writeWhole(file(at), JSON.stringify({here: where(), ...all}), false);
}

const isSame = (one: Gate, other: Gate): boolean =>
	one.tool === other.tool && one.chain === other.chain && one.bridge === other.bridge;

/** What went with a bridge. */
export function forgetGates(at: string, bridge: string): void {
	const known = readBefore(at);
	if (known?.gates.some(gate => gate.bridge === bridge)) {
		const gates = known.gates.filter(gate => gate.bridge !== bridge);
		writeWhole(file(at), JSON.stringify({here: where(), ...known, gates}), false);
	}
}

export const forgetBefore = (at: string): void => removeFile(file(at));
