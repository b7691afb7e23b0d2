import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {errnoOf, failure} from '../host/reason.js';
import {Failure} from '../spec/failure.js';
import type {Options} from './options.js';

const capabilities = ['CAP_AUDIT_WRITE', 'CAP_KILL', 'CAP_NET_BIND_SERVICE'];

/** What runc's own begins with, so that scripts which change it find what they look for. */
const template = {
	ociVersion: '1.2.0',
	process: {
		terminal: true,
		user: {uid: 0, gid: 0},
		args: ['sh'],
		env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'TERM=xterm'],
		cwd: '/',
		capabilities: {bounding: capabilities, effective: capabilities, permitted: capabilities},
		rlimits: [{type: 'RLIMIT_NOFILE', hard: 1024, soft: 1024}],
		noNewPrivileges: true,
	},
	root: {path: 'rootfs', readonly: true},
	hostname: 'minicontainer',
	mounts: [
		{destination: '/proc', type: 'proc', source: 'proc'},
		{
			destination: '/dev',
			type: 'tmpfs',
			source: 'tmpfs',
			options: ['nosuid', 'strictatime', 'mode=755', 'size=65536k'],
		},
		{
			destination: '/dev/pts',
			type: 'devpts',
			source: 'devpts',
			options: ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620', 'gid=5'],
		},
		{
			destination: '/dev/shm',
			type: 'tmpfs',
			source: 'shm',
			options: ['nosuid', 'noexec', 'nodev', 'mode=1777', 'size=65536k'],
		},
		{destination: '/dev/mqueue', type: 'mqueue', source: 'mqueue', options: ['nosuid', 'noexec', 'nodev']},
		{destination: '/sys', type: 'sysfs', source: 'sysfs', options: ['nosuid', 'noexec', 'nodev', 'ro']},
		{
			destination: '/sys/fs/cgroup',
			type: 'cgroup',
			source: 'cgroup',
			options: ['nosuid', 'noexec', 'nodev', 'relatime', 'ro'],
		},
	],
	linux: {
		resources: {devices: [{allow: false, access: 'rwm'}]},
		namespaces: ['pid', 'network', 'ipc', 'uts', 'mount'].map(type => ({type})),
		maskedPaths: [
			...['acpi', 'asound', 'kcore', 'keys', 'latency_stats', 'timer_list', 'timer_stats', 'sched_debug', 'scsi'].map(
				name => `/proc/${name}`,
			),
			'/sys/firmware',
		],
		readonlyPaths: ['bus', 'fs', 'irq', 'sys', 'sysrq-trigger'].map(name => `/proc/${name}`),
	},
};

/** The caller's own id is root's: no groups of a terminal's, no network of its own, and the host's /sys. */
function rootless(): typeof template {
	const {resources: _, namespaces, ...linux} = template.linux;
	const map = (id: number) => [{containerID: 0, hostID: id, size: 1}];
	const mounts = template.mounts.map(mount => {
		if (mount.destination === '/sys')
			return {...mount, type: 'none', source: '/sys', options: ['rbind', ...(mount.options ?? [])]};
		return {...mount, ...(mount.options && {options: mount.options.filter(option => option !== 'gid=5')})};
	});
	const own = {
		...linux,
		namespaces: [...namespaces.filter(({type}) => type !== 'network'), {type: 'user'}],
		uidMappings: map(process.geteuid?.() ?? 0),
		gidMappings: map(process.getegid?.() ?? 0),
	};
	return {...template, mounts, linux: own as unknown as typeof template.linux};
}

/** `spec`: a config.json to begin with. */
export function specTemplate({one, has}: Options): void {
	const file = join(one('bundle') ?? '.', 'config.json');
	const text = `${JSON.stringify(has('rootless') ? rootless() : template, undefined, '\t')}\n`;
	try {
		writeFileSync(file, text, {flag: 'wx', mode: 0o666});
	} catch (cause) {
		throw errnoOf(cause) === 'EEXIST'
			? new Failure(`File ${file} exists. Remove it first`)
			: failure(`cannot write ${file}`, cause);
	}
}
