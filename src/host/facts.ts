import {existsSync, statSync} from 'node:fs';
import type {DeviceFact, HostFacts} from '../spec/facts.js';
import {Failure} from '../spec/failure.js';
import {cgroupFacts} from './cgroup.js';
import {readInRoot} from './inroot.js';
import {callersLimits} from './limits.js';
import {workingDirectory} from './paths.js';
import {readBytes, readIfThere, readSmall, readText} from './read.js';
import {subordinateRanges} from './subordinate.js';
import {topOf} from './top.js';

/** What there is to look at for one container. */
export interface Question {
	id: string;
	/** Directories that make up the container's root file system, top first. */
	layers: readonly string[];
	overlayDir: string;
	/** Absolute paths of host devices. */
	devices: readonly string[];
	/** Whether it may have control groups. */
	cgroups: boolean;
}

/** Bytes of /etc/passwd and /etc/group; whatever an image has there, it is not read whole (CVE-2026-47262). */
export const MOST_ACCOUNTS = 1 << 20;

export function gatherFacts({id, layers, overlayDir, devices, cgroups}: Question): HostFacts {
	const euid = process.geteuid?.() ?? 0;
	const egid = process.getegid?.() ?? 0;
	const subordinate = euid === 0 ? undefined : subordinateRanges(euid, egid);
	const cpus = processors();
	const top = euid === 0 ? undefined : topOf(layers.at(-1) ?? '/');
	const [passwd = '', group = ''] = readInRoot(layers, ['etc/passwd', 'etc/group'], MOST_ACCOUNTS);
	return {
		id,
		cwd: workingDirectory(),
		euid,
		egid,
		env: process.env,
		passwd,
		group,
		...(subordinate && {subordinate}),
		nofile: callersLimits(),
		overlayDir,
		...(top && {top}),
		devices: Object.fromEntries(devices.map(path => [path, deviceFact(path)])),
		hostname: readText('/proc/sys/kernel/hostname').trim(),
		...namesOfHost(),
		ipv6: existsSync('/proc/sys/net/ipv6'),
		mqueue: existsSync('/dev/mqueue'),
		...(cpus !== undefined && {cpus}),
		capabilities: euid === 0 ? ownCapabilities() : knownCapabilities(),
		...(cgroups && {cgroup: cgroupFacts(euid)}),
	};
}

/** Who knows names, and the names that the host knows itself. */
function namesOfHost() {
	const resolvConf = readSmall('/etc/resolv.conf');
	return {
		resolvConf,
		...(resolvConf.includes('127.0.0.53') && {resolvUpstream: readIfThere('/run/systemd/resolve/resolv.conf')}),
		hostsFile: readIfThere('/etc/hosts'),
	};
}

/** 64 hex digits. Not through node:crypto, which takes as long to load as all of this to run. */
export const randomId = () => readBytes('/dev/urandom', 32).toString('hex');

function deviceFact(path: string): DeviceFact {
	const stat = statSync(path, {throwIfNoEntry: false});
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
export function processors(): number | undefined {
	const last = /(\d+)\s*$/.exec(readText('/sys/devices/system/cpu/possible'))?.[1];
	return last === undefined ? undefined : Number(last) + 1;
}

/** What root can hand on: what it has itself and has not given up for its children. */
export function ownCapabilities(): bigint {
	const status = readText('/proc/self/status');
	const set = (name: string) => BigInt(`0x${new RegExp(`^${name}:\\t([0-9a-f]+)$`, 'm').exec(status)?.[1] ?? '0'}`);
	return set('CapBnd') & set('CapPrm');
}

function knownCapabilities(): bigint {
	return (1n << BigInt(Number(readText('/proc/sys/kernel/cap_last_cap')) + 1)) - 1n;
}
