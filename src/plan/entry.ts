import type {NamespaceType, Process, Spec} from '../spec/types.js';

/** A container's first process, as the caller sees it. */
export interface Target {
	pid: number;
	/** Clock ticks since boot. */
	startTime: number;
}

/** namespaces(7), "The /proc/pid/ns/ directory". */
export const namespaceFiles: Readonly<Record<NamespaceType, string>> = {
	...{user: 'user', pid: 'pid', network: 'net', mount: 'mnt', ipc: 'ipc', uts: 'uts', cgroup: 'cgroup', time: 'time'},
};

/**
 * One more process in a container that runs: the same document, only that every namespace is one to enter, and there is
 * nothing to mount. It has what the container's own command has: control groups, system calls, keys out of reach.
 *
 * @param container the spec that it was started with
 */
export const planEntry = (container: Spec, process: Process, {pid, startTime}: Target): Spec => {
	const {ociVersion, linux, minicontainer} = container;
	const {id, version, setgroups, cgroup, seccomp} = minicontainer;
	return {
		ociVersion,
		process,
		mounts: [],
		linux: {namespaces: linux.namespaces.map(({type}) => ({type, path: `/proc/${pid}/ns/${namespaceFiles[type]}`}))},
		minicontainer: {
			...{version, id, target: {pid, startTime}},
			...(cgroup && {cgroup: {join: cgroup.join}}),
			newKeyring: true,
			...(setgroups && {setgroups}),
			...(seccomp && {seccomp}),
		},
	};
};
