/** The peers at what needs more of a machine: OCI's verbs, one after another, and networks with published ports. */
import fs from 'node:fs';
import path from 'node:path';
import {cli, isRoot, project} from '../helpers/project.js';
import {bundle, type Contender, contender, podmanLimits, type World} from './contenders.js';

const verbs = ['create', 'start', 'state', 'kill', 'delete'] as const;

interface Runtime {
	name: string;
	/** With the flags that come before the verb. */
	command: string[];
	missing?: string;
}

function runtimes(world: World): Runtime[] {
	const root = (name: string) => `--root=${world.work}/${name}-lives`;
	const ours = [`${project}/dist/minicontainer-oci`, `${project}/shim/mc-oci`].find(file => fs.existsSync(file));
	const [runc, crun] = [world.find('runc'), world.find('crun')];
	return [
		{name: 'minicontainer-oci', command: [ours ?? '', root('mc')], ...(!ours && {missing: 'not built'})},
		{name: 'runc', command: [runc ?? '', root('runc')], ...(!runc && {missing: 'not installed'})},
		{
			name: 'crun',
			command: [crun ?? '', '--cgroup-manager=disabled', root('crun')],
			...(!crun && {missing: 'not installed'}),
		},
	];
}

/** Of a container that would sleep for ever. Each round goes through all verbs of one runtime, then through the next's. */
export function lifeContenders(world: World): Contender[] {
	return runtimes(world).flatMap(({name, command, missing}) => {
		const directory = missing ? '' : sleeping(world, name);
		const words = {
			create: ['create', '-b', directory, 'mc-bench-life'],
			start: ['start', 'mc-bench-life'],
			state: ['state', 'mc-bench-life'],
			kill: ['kill', 'mc-bench-life', 'KILL'],
			delete: ['delete', 'mc-bench-life'],
		};
		const steps: Contender[] = verbs.map(verb => ({
			...{name: `${name} ${verb}`, command: [...command, ...words[verb]], against: `minicontainer-oci ${verb}`},
			...(missing && {missing}),
		}));
		// What was killed may take a moment to be dead, and only the dead can be deleted.
		const pause = {name: `${name} (pause)`, command: ['sleep', '0.1'], hidden: true, ...(missing && {missing})};
		return [...steps.slice(0, -1), pause, ...steps.slice(-1)];
	});
}

function sleeping(world: World, name: string): string {
	const directory = bundle(world, name);
	const file = path.join(directory, 'config.json');
	const config = JSON.parse(fs.readFileSync(file, 'utf8'));
	config.process.args = ['/bin/sleep', '10000'];
	fs.writeFileSync(file, JSON.stringify(config));
	return directory;
}

/** Milliseconds of a whole life, of those that took part. */
export const lifeOf = (times: ReadonlyMap<string, {min: number}>, name: string): number | undefined =>
	times.has(`${name} delete`)
		? verbs.reduce((sum, verb) => sum + (times.get(`${name} ${verb}`)?.min ?? 0), 0)
		: undefined;

const socket = ({work}: World) => `unix://${work}/docker.sock`;

export function networkContenders(world: World): Contender[] {
	const contenders: Contender[] = [
		{
			name: 'minicontainer run --network bridge -p',
			command: [
				...['env', `MINICONTAINER_ROOT=${world.work}/network`, cli, 'run', '--rm', '--network', 'bridge'],
				...['-p', '18080:80', '--rootfs', world.rootfs, '/bin/true'],
			],
		},
		contender(world, 'podman run --network podman -p (netavark)', 'podman', () => [
			...['--root', `${world.work}/podman`, '--runroot', `${world.work}/podman-run`],
			...['--cgroup-manager', 'cgroupfs', 'run', '--rm', '--network', 'podman', '-p', '18081:80', ...podmanLimits],
			...['--rootfs', world.rootfs, '/bin/true'],
		]),
		{
			...contender(world, 'docker run -p (its daemon runs already)', 'dockerd', () => []),
			command: ['docker', '-H', socket(world), 'run', '--rm', '-p', '18082:80', 'mc-bench', '/bin/true'],
		},
	];
	return isRoot ? contenders : contenders.map(each => ({...each, missing: 'needs root'}));
}

/**
 * A network namespace that has nothing but what those in the race make there; and, where one of them is docker, a daemon
 * for it, on a socket of its own, which ends with the race.
 */
export const inNetwork = (world: World): string[] => [
	...['unshare', '--net', '--mount', 'sh', '-c'],
	`work=$1 socket=$2 rootfs=$3; shift 3
	ip link set lo up
	while umount /sys/fs/cgroup/unified 2>/dev/null; do :; done
	case "$*" in *"$socket"*)
		dockerd --host "$socket" --data-root "$work/docker" --exec-root "$work/docker-exec" --pidfile "$work/docker.pid" \\
			--exec-opt native.cgroupdriver=cgroupfs >"$work/docker.log" 2>&1 &
		daemon=$!
		for i in $(seq 300); do docker -H "$socket" info >/dev/null 2>&1 && break; sleep 0.1; done
		docker -H "$socket" image inspect mc-bench >/dev/null 2>&1 ||
			tar -C "$rootfs" -c . | docker -H "$socket" import - mc-bench >/dev/null
	esac
	"$@"; code=$?
	[ -z "$daemon" ] || { kill "$daemon"; wait "$daemon"; }
	exit $code`,
	...['sh', world.work, socket(world), world.rootfs],
];
