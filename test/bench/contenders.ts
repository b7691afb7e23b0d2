import fs from 'node:fs';
import path from 'node:path';
import {cli, helper, isRoot} from '../helpers/project.js';

/** Someone in the race. */
export interface Contender {
	name: string;
	command: string[];
	/** Why it does not take part. */
	missing?: string;
}

/** What all contenders share. */
export interface World {
	work: string;
	rootfs: string;
	/** For mc-init. */
	spec: string;
	/** The same for runc and crun. */
	oci: string;
	find: (command: string) => string | undefined;
}

/** What `plan --oci` prints, so that all do the same work; an overlay, which OCI has no words for, only we have. */
function bundle({work, oci}: World, runtime: string): string {
	const directory = fs.mkdtempSync(path.join(work, path.basename(runtime)));
	fs.copyFileSync(oci, path.join(directory, 'config.json'));
	return directory;
}

/**
 * crun 1.8 gives up on a machine with both versions of cgroups, even when told to leave them alone. So root races in a
 * mount namespace that shows the old one only.
 */
export const withoutHybrid = isRoot
	? ['unshare', '--mount', 'sh', '-c', 'umount /sys/fs/cgroup/unified 2>/dev/null; exec "$@"', 'sh']
	: ['env'];

function contender(world: World, name: string, command: string, args: (file: string) => string[]): Contender {
	const file = world.find(command);
	return file ? {name, command: [file, ...args(file)]} : {name, command: [], missing: 'not installed'};
}

const runc = (world: World) =>
	contender(world, 'runc run', 'runc', file => [
		`--root=${world.work}/runc-state`,
		'run',
		'-b',
		bundle(world, file),
		'mc-bench',
	]);

const crun = (world: World) =>
	contender(world, 'crun --cgroup-manager=disabled run', 'crun', file => [
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

/** The flags that podman 4.3 needs where cgroup v1 is mounted and CAP_SYS_RESOURCE is missing. */
const podman = (world: World) =>
	contender(world, 'podman run --rootfs', 'podman', () => [
		...['--root', `${world.work}/podman`, '--runroot', `${world.work}/podman-run`, '--cgroup-manager', 'cgroupfs'],
		...['run', '--rm', '--network', 'none', '--ulimit', 'nofile=1024:1024', '--ulimit', 'nproc=1000:1000'],
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

const run = (world: World, ...flags: string[]) => [cli, 'run', '--rm', ...flags, '--rootfs', world.rootfs, '/bin/true'];

export function nodeContenders(world: World): Contender[] {
	return [
		{name: 'minicontainer run', command: run(world, '--cgroups', 'disabled')},
		{name: 'minicontainer run, with control groups', command: run(world)},
		{name: 'node -e 0', command: [process.execPath, '-e', '0']},
		runc(world),
		podman(world),
	];
}
