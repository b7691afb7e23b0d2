/** What a container is, apart from its spec: kept from its making to its removal. */
import {closeSync, fsyncSync, openSync, renameSync, unlinkSync} from 'node:fs';
import type {CgroupFacts} from '../spec/facts.js';
import type {NetworkWish} from '../spec/networkFacts.js';
import {writeFromStart} from './files.js';
import {readSmall} from './read.js';
import {failure} from './reason.js';
import {containerDir} from './store.js';

export interface Config {
	id: string;
	/** '' for none. */
	name: string;
	/** ISO 8601, UTC. */
	created: string;
	command: readonly string[];
	rootfs: string;
	labels: Readonly<Record<string, string>>;
	tty: boolean;
	interactive: boolean;
	/** `--rm`: it goes when it has ended. */
	remove: boolean;
	/** A number. */
	stopSignal: number;
	/** Milliseconds from the stop signal to SIGKILL. */
	stopTimeout: number;
	/** In the request's words; what was changed since is in them. */
	limits: Readonly<Record<string, string | number | undefined>>;
	/** What it wants of bridged networks; absent: nothing. */
	network?: NetworkWish | undefined;
	/** The container whose network it has. */
	joins?: string | undefined;
	/** Where its control groups are; absent: it has none. */
	cgroup?: CgroupFacts | undefined;
}

const configFile = (at: string, id: string) => `${containerDir(at, id)}/config.json`;

/** Whole or not at all, and on the disk when this returns: what was acknowledged is not lost in a power cut. */
export function writeConfig(at: string, config: Config, durable = true): void {
	writeWhole(configFile(at, config.id), JSON.stringify(config), durable);
}

/** Replaces a file in one step (rename(2)). */
export function writeWhole(file: string, text: string, durable = true): void {
	const fresh = `${file}.${process.pid}`;
	try {
		const fd = openSync(fresh, 'w', 0o600);
		try {
			writeFromStart(fd, text);
			if (durable) {
				fsyncSync(fd);
			}
		} finally {
			closeSync(fd);
		}

		renameSync(fresh, file);
	} catch (cause) {
		try {
			unlinkSync(fresh);
		} catch {
			// It was not made, or cannot be removed for the reason that is told.
		}

		throw failure(`cannot write ${file}`, cause);
	}
}

const isText = (value: unknown): boolean => typeof value === 'string';

/** What everything else relies on. */
const isWhole = ({name, created, command, rootfs, labels, stopSignal, stopTimeout}: Config): boolean =>
	[name, created, rootfs].every(isText) &&
	Array.isArray(command) &&
	command.every(isText) &&
	Object.values(labels).every(isText) &&
	[stopSignal, stopTimeout].every(Number.isSafeInteger);

/** @returns undefined for a container that is gone or still in the making, and for a file that is not what we wrote */
export function readConfig(at: string, id: string): Config | undefined {
	try {
		const config: Config = JSON.parse(readSmall(configFile(at, id)));
		return config.id === id && isWhole(config) ? config : undefined;
	} catch {
		return undefined;
	}
}
