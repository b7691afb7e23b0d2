import {parseName} from '../parse/name.js';
import {isWithin, parsePath} from '../parse/path.js';
import {readTmpfsOption} from '../parse/tmpfs.js';
import {Failure, quoted} from '../spec/failure.js';
import type {Wanted} from './defaults.js';
import {defaultDevicePaths, ownDevicePaths} from './devices.js';
import {checkLimits} from './limits.js';

const destinations = ({mounts}: Wanted): string[] => mounts.map(({destination}) => parsePath(destination));

/**
 * Why a mount cannot be there. Over /proc it would take the place of what confinement is written to and read from
 * (CVE-2019-16884); in /dev and /dev/pts, where the helper makes device nodes and the terminal after the mounts, those
 * would be made in the mounted directory.
 */
const reserved: readonly {isIn: (path: string) => boolean; why: string}[] = [
	{isIn: path => path === '/', why: 'the root file system is what --rootfs says'},
	{isIn: path => isWithin(path, '/proc'), why: 'nothing may hide /proc or a part of it'},
	{isIn: path => path === '/dev', why: "the container's /dev is its own; use --device"},
	{isIn: path => isWithin(path, '/dev/pts'), why: "the container's terminals are its own"},
	{isIn: path => [...ownDevicePaths].some(own => isWithin(path, own)), why: "the container's devices are its own"},
];

/** One line on what is wrong, or nothing; or a grammar throws its own. */
type Check = (wanted: Wanted) => string | undefined;

const badId: Check = ({id}) => {
	parseName(id);
	return undefined;
};

const noCommand: Check = ({args}) => (args.length === 0 || args[0] === '' ? 'there is no command' : undefined);

const nulInArguments: Check = ({args}) => {
	const bad = args.find(text => text.includes('\0'));
	return bad === undefined ? undefined : `argument ${quoted(bad)} has a NUL character`;
};

/** A program may say what no flag can: 1.5 bytes, or none of a mount's options. */
const wholeNumbers: Check = ({overlay, mounts, shmSize, timeout}) => {
	const sizes = mounts.map(mount => (mount.type === 'tmpfs' ? (mount.size ?? 0) : 0));
	const overlaySize = overlay.kind === 'tmpfs' ? (overlay.size ?? 0) : 0;
	const bad = [...sizes, overlaySize, shmSize, timeout].find(value => !Number.isSafeInteger(value) || value < 0);
	return bad === undefined ? undefined : `${bad} is neither a size nor a time: it must be a whole number, 0 or more`;
};

const knownOptions: Check = ({mounts}) => {
	for (const mount of mounts) if (mount.type === 'tmpfs') mount.options?.forEach(readTmpfsOption);
	return undefined;
};

const hostnameOfHost: Check = ({hostname, uts}) =>
	hostname !== undefined && uts === 'host' ? "a host name cannot be set in the host's uts namespace" : undefined;

const reservedMount: Check = wanted => {
	for (const path of destinations(wanted)) {
		const rule = reserved.find(({isIn}) => isIn(path));
		if (rule) return `a mount cannot be at ${quoted(path)}: ${rule.why}`;
	}
	return undefined;
};

const twiceMounted: Check = wanted => {
	const all = destinations(wanted);
	const again = all.find((path, index) => all.indexOf(path) !== index);
	return again === undefined ? undefined : `two mounts at ${quoted(again)}`;
};

/** What is in /dev and is no device node. */
const otherDevPaths = [
	...['/dev/pts', '/dev/shm', '/dev/mqueue'],
	...[...ownDevicePaths].filter(path => !defaultDevicePaths.has(path)),
];

/** A node in a volume would be made in the host's directory, and in any file system but /dev it would not work. */
const devicePlace: Check = wanted => {
	const taken = [...otherDevPaths, ...destinations(wanted)];
	for (const {destination} of wanted.devices) {
		const path = parsePath(destination);
		if (path === '/dev' || !isWithin(path, '/dev') || taken.some(mount => isWithin(path, mount)))
			return `a device cannot be at ${quoted(path)}: it must be in /dev itself, and at a path of its own`;
	}
	return undefined;
};

const PROC_OPTION = /^(hidepid=(0|1|2|4|off|noaccess|invisible|ptraceable)|gid=\d{1,10}|ro)$/;

const badProcOptions: Check = ({procOptions, mapped, pid}) => {
	const bad = procOptions.find(option => !PROC_OPTION.test(option));
	if (bad !== undefined) return `${quoted(bad)} is not an option of /proc: use hidepid=, gid= or ro`;
	return procOptions.length > 0 && mapped && pid === 'host' ? "the host's /proc has the host's options" : undefined;
};

const badLimits: Check = ({limits, processors, hostCgroup}) => {
	checkLimits(limits, processors, hostCgroup);
	return undefined;
};

const checks: readonly Check[] = [
	badId,
	noCommand,
	nulInArguments,
	wholeNumbers,
	knownOptions,
	hostnameOfHost,
	reservedMount,
	twiceMounted,
	devicePlace,
	badProcOptions,
	badLimits,
];

/** @throws Failure when parts of the request do not go together */
export const checkRequest = (wanted: Wanted): void => {
	for (const check of checks) {
		const message = check(wanted);
		if (message) throw new Failure(message);
	}
};
