import fs from 'node:fs';
import type {DeviceFact, HostFacts} from '../spec/facts.js';
import {Failure} from '../spec/failure.js';
import {readInRoot} from './inroot.js';
import {callersLimits} from './limits.js';
import {subordinateRanges} from './subordinate.js';

/** What there is to look at for one container. */
export interface Question {
	id: string;
	/** Directories that make up the container's root file system, top first. */
	layers: readonly string[];
	overlayDir: string;
	/** Absolute paths of host devices. */
	devices: readonly string[];
}

/** Bytes of /etc/passwd and /etc/group; whatever an image has there, it is not read whole (CVE-2026-47262). */
const MOST_ACCOUNTS = 1 << 20;

export function gatherFacts({id, layers, overlayDir, devices}: Question): HostFacts {
	const euid = process.geteuid?.() ?? 0;
	const egid = process.getegid?.() ?? 0;
	const subordinate = euid === 0 ? undefined : subordinateRanges(euid, egid);
	const cpus = countCpus();
	return {
		id,
		cwd: process.cwd(),
		euid,
		egid,
		env: process.env,
		passwd: readInRoot(layers, 'etc/passwd', MOST_ACCOUNTS),
		group: readInRoot(layers, 'etc/group', MOST_ACCOUNTS),
		...(subordinate && {subordinate}),
		nofile: callersLimits(),
		overlayDir,
		devices: Object.fromEntries(devices.map(path => [path, deviceFact(path)])),
		hostname: read('/proc/sys/kernel/hostname').trim(),
		ipv6: fs.existsSync('/proc/sys/net/ipv6'),
		mqueue: fs.existsSync('/dev/mqueue'),
		...(cpus !== undefined && {cpus}),
		capabilities: euid === 0 ? ownCapabilities() : knownCapabilities(),
	};
}

/** 64 hex digits. Not through node:crypto, which takes as long to load as all of this to run. */
export function randomId(): string {
	const buffer = Buffer.allocUnsafe(32);
	const fd = fs.openSync('/dev/urandom', 'r');
	try {
		for (let length = 0; length < buffer.length; ) {
			length += fs.readSync(fd, buffer, length, buffer.length - length, null);
		}
	} finally {
		fs.closeSync(fd);
	}

	return buffer.toString('hex');
}

function deviceFact(path: string): DeviceFact {
	const stat = fs.statSync(path, {throwIfNoEntry: false});
	if (!stat?.isCharacterDevice() && !stat?.isBlockDevice()) {
		throw new Failure(`--device: ${path} ${stat ? 'is not a device' : 'does not exist'}`);
	}

	return {
		type: stat.isCharacterDevice() ? 'c' : 'b',
		// makedev(3), as the kernel packs it for stat(2).
		major: ((stat.rdev >>> 8) & 0xfff) | (Math.floor(stat.rdev / 2 ** 32) & ~0xfff),
		minor: (stat.rdev & 0xff) | ((stat.rdev >>> 12) & ~0xff),
		fileMode: stat.mode & 0o7777,
		uid: stat.uid,
		gid: stat.gid,
	};
}

/** `0-3` is four; undefined where there is no /sys. */
function countCpus(): number | undefined {
	const last = /(\d+)\s*$/.exec(read('/sys/devices/system/cpu/possible'))?.[1];
	return last === undefined ? undefined : Number(last) + 1;
}

/** What root can hand on: what it has itself and has not given up for its children. */
function ownCapabilities(): bigint {
	const status = read('/proc/self/status');
	const set = (name: string) => BigInt(`0x${new RegExp(`^${name}:\\t([0-9a-f]+)$`, 'm').exec(status)?.[1] ?? '0'}`);
	return set('CapBnd') & set('CapPrm');
}

function knownCapabilities(): bigint {
	return (1n << BigInt(Number(read('/proc/sys/kernel/cap_last_cap')) + 1)) - 1n;
}

function read(file: string): string {
	try {
		return fs.readFileSync(file, 'utf8');
	} catch {
		return '';
	}
}
