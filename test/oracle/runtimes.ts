import fs from 'node:fs';
import path from 'node:path';
import type {Box, Result, Sight} from '../helpers/box.js';
import {resultOf} from '../helpers/box.js';
import type {Needs} from '../helpers/needs.js';
import {findCommand} from '../helpers/project.js';

/** Another runtime that takes the same file. */
export interface Runtime extends Needs {
	name: 'runc' | 'crun';
	run: (box: Box, bundle: string) => Promise<Result>;
}

const runtime = (name: string) => findCommand(name) ?? name;

export const runtimes: Runtime[] = [
	{
		name: 'runc',
		commands: ['runc'],
		run: async (box, bundle) =>
			resultOf(
				await box.spawn(runtime('runc'), [
					'--root',
					box.path('runc'),
					'run',
					'--bundle',
					bundle,
					path.basename(box.dir),
				]),
			),
	},
	{
		// Where both versions of cgroups are mounted, crun 1.8 gives up, even when told to leave them alone. So the newer
		// one is taken away from it, which only root can do without yet another user namespace.
		name: 'crun',
		commands: ['crun'],
		as: 'root',
		run: async (box, bundle) => {
			const script = 'while umount /sys/fs/cgroup/unified 2>/dev/null; do :; done; exec "$@"';
			const crun = [
				runtime('crun'),
				'--cgroup-manager=disabled',
				'--root',
				box.path('crun'),
				'run',
				'--bundle',
				bundle,
			];
			return resultOf(
				await box.spawn('unshare', ['--mount', 'sh', '-c', script, 'sh', ...crun, path.basename(box.dir)]),
			);
		},
	},
];

/** Puts the config.json into a directory of its own. */
export function bundleOf(box: Box, config: string): string {
	const directory = box.directory('bundle');
	fs.writeFileSync(path.join(directory, 'config.json'), config);
	return directory;
}

/** A sight as one flat map, without what differs from one run to the next: fact → value. */
export function facts(sight: Sight): Map<string, string> {
	const map = new Map<string, string>();
	const plain = [
		'args',
		'env',
		'cwd',
		'umask',
		'hostname',
		'domainname',
		'uid',
		'gid',
		'groups',
		'pid',
		'ppid',
		'sid',
		'pgid',
	];
	const privileges = [
		'CapInh',
		'CapPrm',
		'CapEff',
		'CapBnd',
		'CapAmb',
		'NoNewPrivs',
		'Seccomp',
		'securebits',
		'pdeathsig',
	];
	const rest = ['SigBlk', 'SigIgn', 'controllingTerminal', 'terminal', 'uidMap', 'gidMap', 'setgroups', 'oomScoreAdj'];
	for (const key of [...plain, ...privileges, ...rest]) {
		map.set(key, JSON.stringify(sight[key]));
	}

	map.set('descriptors', Object.keys(sight.fds).join());
	for (const [kind, link] of Object.entries<string>(sight.namespaces)) {
		map.set(`namespace ${kind}`, link === fs.readlinkSync(`/proc/self/ns/${kind}`) ? 'the caller’s' : 'its own');
	}

	for (const [name, limits] of Object.entries(sight.rlimits)) {
		map.set(`limit ${name}`, JSON.stringify(limits));
	}

	for (const [name, {mode, rdev, uid, gid}] of Object.entries<Record<string, unknown>>(sight.dev)) {
		map.set(`/dev/${name}`, `${mode} ${rdev} ${uid}:${gid}`);
	}

	for (const [point, mount] of mounts(sight.mountinfo)) {
		map.set(`mount ${point}`, mount);
	}

	return map;
}

/** Where → type, what of it, flags, propagation; in that order, and the last one where several lie over each other. */
function mounts(lines: readonly string[]): [string, string][] {
	return lines.map(line => {
		const [before, after] = line.split(' - ') as [string, string];
		const [, , , root, point, flags, ...propagation] = before.split(' ') as [
			string,
			string,
			string,
			string,
			string,
			string,
		];
		return [point, [after.split(' ')[0], root, flags, ...propagation].join(' ')];
	});
}

/** A difference that is there, and why. */
export interface Difference {
	runtime: 'runc' | 'crun' | 'any';
	fact: RegExp;
	/** Ours and theirs must look like this; absent: whatever they are. */
	ours?: RegExp;
	theirs?: RegExp;
	reason: string;
}

const maskedFile = /^mount \/proc\/(interrupts|keys|timer_list|kcore|latency_stats|sched_debug)$/;
const maskedDirectory = /^mount \/(proc\/(acpi|scsi|asound)|sys\/.+)$/;

export const differences: Difference[] = [
	{
		runtime: 'any',
		fact: /^mount \/$/,
		ours: /^overlay /,
		reason: 'an overlay, which OCI has no words for, keeps the image as it is',
	},
	{
		runtime: 'any',
		fact: /^pdeathsig$/,
		ours: /^9$/,
		theirs: /^0$/,
		reason: 'a container of ours dies with its supervisor',
	},
	{
		runtime: 'any',
		fact: /^\/dev\/console$/,
		ours: /^120777/,
		theirs: /^undefined$/,
		reason: 'a link to null where there is no terminal, for programs that log to it',
	},
	{
		runtime: 'crun',
		fact: /^\/dev\/core$/,
		ours: /^undefined$/,
		reason: 'crun adds it of its own accord; it leads to /proc/kcore',
	},
	{
		runtime: 'crun',
		fact: /^\/dev\/null$/,
		ours: / 0:0$/,
		reason: 'crun gives its stdin, here the container’s /dev/null, to the user',
	},
	{
		runtime: 'runc',
		fact: /^groups$/,
		ours: /^\[1000\]$/,
		theirs: /^\[0\]$/,
		reason: 'without privileges runc leaves the caller’s group where none is asked for',
	},
	{
		runtime: 'any',
		fact: maskedDirectory,
		ours: /^tmpfs \/ ro,nosuid,nodev,noexec/,
		theirs: /^tmpfs \/ ro,relatime/,
		reason: 'a mask that is also nosuid, nodev, noexec',
	},
	{
		runtime: 'crun',
		fact: maskedFile,
		ours: /^(dev)?tmpfs \/null rw,nosuid,noexec/,
		theirs: /^devtmpfs \/null ro,/,
		reason: 'crun masks with the host’s /dev/null, we with the container’s',
	},
	{
		runtime: 'crun',
		fact: /^mount \/proc\/(bus|fs|irq|mtrr|sys|asound|sysrq-trigger)$/,
		ours: /^proc \S+ ro,nosuid,nodev,noexec/,
		theirs: /^proc \S+ ro,/,
		reason: 'we keep the flags of the procfs that they are part of',
	},
	{
		runtime: 'runc',
		fact: /^mount \/dev\/(null|zero|full|random|urandom|tty)$/,
		ours: /nosuid,noexec/,
		theirs: / rw,relatime/,
		reason: 'runc drops the flags of a bind that is not read-only',
	},
	{
		runtime: 'runc',
		fact: maskedFile,
		ours: /nosuid,noexec/,
		theirs: /^devtmpfs \/null rw,relatime/,
		reason: 'as the /dev/null that it is a bind of',
	},
	{
		runtime: 'any',
		fact: /^mount \/etc\/(hosts|hostname|resolv\.conf)$/,
		ours: /^tmpfs \/\.contents/,
		theirs: /^undefined$/,
		reason: 'their callers make those files; we make them ourselves, outside of the root file system',
	},
];

export function isExplained(runtime: Runtime, fact: string, ours: string, theirs: string): boolean {
	return differences.some(
		difference =>
			(difference.runtime === 'any' || difference.runtime === runtime.name) &&
			difference.fact.test(fact) &&
			(difference.ours ?? /^/).test(ours) &&
			(difference.theirs ?? /^/).test(theirs),
	);
}
