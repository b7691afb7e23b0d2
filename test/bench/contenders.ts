import fs from 'node:fs';
import path from 'node:path';
import {cli, helper, isRoot} from '../helpers/project.js';

/** Someone in the race. */
export interface Contender {
	name: string;
	command: string[];
	/** Why it does not take part. */
	missing?: string;
	/** Whose time is compared with its; otherwise the first one's. */
	against?: string;
	/** Runs in its turn, but is not shown. */
	hidden?: boolean;
}

/** What all contenders share. */
export interface World {
	work: string;
	rootfs: string;
	/** For mc-init. */
	spec: string;
	/** The same for runc and crun. */
	oci: string;
	/** Both once more, with the default system call filter. */
	filtered: {spec: string; oci: string};
	find: (command: string) => string | undefined;
}

/** What `plan --oci` prints, so that all do the same work; an overlay, which OCI has no words for, only we have. */
export function bundle({work, oci}: World, runtime: string): string {
	const directory = fs.mkdtempSync(path.join(work, path.basename(runtime)));
	fs.copyFileSync(oci, path.join(directory, 'config.json'));
	return directory;
}

/**
 * crun 1.8 gives up on a machine with both versions of cgroups, even when told to leave them alone. So root races in a
 * mount namespace that shows the old one only.
 */
export const withoutHybrid = isRoot
	? ['unshare', '--mount', 'sh', '-c', 'while umount /sys/fs/cgroup/unified 2>/dev/null; do :; done; exec "$@"', 'sh']
	: ['env'];

export function contender(world: World, name: string, command: string, args: (file: string) => string[]): Contender {
	const file = world.find(command);
	return file ? {name, command: [file, ...args(file)]} : {name, command: [], missing: 'not installed'};
}

const runc = (world: World, name = 'runc run') =>
	contender(world, name, 'runc', file => [
		`--root=${world.work}/runc-state`,
		'run',
		'-b',
		bundle(world, file),
		'mc-bench',
	]);

const crun = (world: World, name = 'crun --cgroup-manager=disabled run') =>
	contender(world, name, 'crun', file => [
		'--cgroup-manager=disabled',
		`--root=${world.work}/crun-state`,
		'run',
		'-b',
		bundle(world, file),
		'mc-bench',
	]);

const bwrap = (world: World) =>
	contender(world, 'bwrap', 'bwrap', () => [
		...['--unshare-all', '--bind', world.rootfs, '/', '--proc', '/proc', '--dev', '/dev', '--tmpfs', '/dev/shm'],
		...['--hostname', 'x', '--die-with-parent', '/bin/true'],
	]);

/** What podman 4.3 needs where CAP_SYS_RESOURCE is missing. */
export const podmanLimits: readonly string[] = ['--ulimit', 'nofile=1024:1024', '--ulimit', 'nproc=1000:1000'];

/** The flags that podman 4.3 needs where cgroup v1 is mounted. */
const podman = (world: World) =>
	contender(world, 'podman run --rootfs', 'podman', () => [
		...['--root', `${world.work}/podman`, '--runroot', `${world.work}/podman-run`, '--cgroup-manager', 'cgroupfs'],
		...['run', '--rm', '--network', 'none', ...podmanLimits],
		...['--rootfs', world.rootfs, '/bin/true'],
	]);

const unshare = (world: World) =>
	contender(world, 'unshare (namespaces and chroot only)', 'unshare', () => [
		...(isRoot ? [] : ['--map-root-user']),
		...['--mount', '--uts', '--ipc', '--pid', '--net', '--cgroup', '--fork', `--root=${world.rootfs}`, '/bin/true'],
	]);

export function helperContenders(world: World): Contender[] {
	return [
		{name: 'mc-init run', command: [helper, 'run', world.spec]},
		unshare(world),
		bwrap(world),
		crun(world),
		runc(world),
	];
}

const run = (world: World, ...flags: string[]) => [
	...[cli, 'run', '--rm', '--network', 'none', ...flags, '--rootfs', world.rootfs, '/bin/true'],
];

/** With the filter that a plain run has: ours is compiled once and kept, runc's and crun's each time. */
export function filterContenders(world: World): Contender[] {
	const filtered = {...world, ...world.filtered};
	return [
		{name: 'mc-init run', command: [helper, 'run', filtered.spec]},
		{name: 'mc-init run, without', command: [helper, 'run', world.spec]},
		crun(filtered),
		crun(world, 'crun --cgroup-manager=disabled run, without'),
		runc(filtered),
		runc(world, 'runc run, without'),
	];
}

export function nodeContenders(world: World): Contender[] {
	return [
		{name: 'minicontainer run', command: run(world, '--cgroups', 'disabled')},
		{name: 'minicontainer run, with control groups', command: run(world)},
		{
			name: 'minicontainer run, without a system call filter',
			command: run(world, '--cgroups', 'disabled', '--security-opt', 'seccomp=unconfined'),
		},
		{name: 'node -e 0', command: [process.execPath, '-e', '0']},
		runc(world),
		podman(world),
	];
}
