import fs from 'node:fs';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import type {Cgroup, Spec} from '../../src/spec/types.js';
import type {Box} from '../helpers/box.js';
import {helperTest} from '../helpers/helper-test.js';
import type {Needs} from '../helpers/needs.js';
import {type HelperResult, runHelper} from '../helpers/shim.js';
import {baseSpec} from '../helpers/spec.js';

const top = '/sys/fs/cgroup';

function isOurs(directory: string): boolean {
	try {
		fs.accessSync(path.join(directory, 'cgroup.procs'), fs.constants.W_OK);
		return true;
	} catch {
		return false;
	}
}

/** Where the caller may have groups with limits: for root at the top, for others where they were given a sub-tree. */
function delegated(): string {
	const own = /^0::(\/.*)$/m.exec(fs.readFileSync('/proc/self/cgroup', 'utf8'))?.[1] ?? '/';
	const names = own.split('/').slice(1);
	const found = [top, ...names.map((_, index) => path.join(top, ...names.slice(0, index + 1)))].find(isOurs);
	if (!found) {
		throw new Error(`none of the groups above ${own} was delegated to us`);
	}

	return found;
}

let groups = 0;

/** A control group of version 2 for a container of one test. */
export class Group {
	readonly parent = delegated();
	readonly path = path.join(this.parent, `mc-vm-${process.pid}-${groups++}`);

	constructor(
		readonly box: Box,
		readonly binary: string,
	) {}

	read(file: string): string {
		return fs.readFileSync(path.join(this.path, file), 'utf8');
	}

	write(file: string, value: string): void {
		fs.writeFileSync(path.join(this.path, file), value);
	}

	/** A container in the group, with these limits, that runs a line of shell. */
	spec(script: string, limits: Record<string, string> = {}, change: (spec: Spec) => void = () => {}): Spec {
		const spec = baseSpec(this.box.rootfs, ['/bin/sh', '-c', script]);
		const controllers = {path: path.join(this.parent, 'cgroup.subtree_control'), value: '+cpu +memory +pids'};
		const settings = Object.entries(limits).map(([file, value]) => ({path: path.join(this.path, file), value}));
		const cgroup: Cgroup = {create: [this.path], settings: [controllers, ...settings], join: [this.path]};
		spec.minicontainer.cgroup = cgroup;
		change(spec);
		return spec;
	}

	/** Does something while a container runs, which is then ended. */
	async within<T>(spec: Spec, act: (pid: number) => Promise<T>): Promise<T> {
		let pid = 0;
		let acted: Promise<T> | undefined;
		const {events} = await this.run(spec, event => {
			if (event.event === 'created') {
				pid = event.pid;
			} else if (event.event === 'started') {
				acted = act(pid).finally(() => process.kill(pid, 'SIGKILL'));
			}
		});
		if (!acted) {
			throw new Error(`it did not start: ${JSON.stringify(events)}`);
		}

		return acted;
	}

	run(spec: Spec, onEvent?: Parameters<typeof runHelper>[3]): Promise<HelperResult> {
		return runHelper(this.box, this.binary, spec, onEvent);
	}
}

/** A test with a group, which must be gone afterwards. */
export function groupTest(
	title: string,
	body: (t: ExecutionContext, group: Group) => Promise<unknown>,
	needs?: Needs,
): void {
	helperTest(
		title,
		async (t, box, binary) => {
			const group = new Group(box, binary);
			await body(t, group);
			t.false(fs.existsSync(group.path), 'the group is removed');
		},
		needs,
	);
}

/** The container's own group as it sees it: a cgroup namespace, and the file system mounted in it. */
export const seeing = (spec: Spec): void => {
	const options = ['nosuid', 'nodev', 'noexec'];
	spec.mounts.push({destination: '/sys/fs/cgroup', type: 'cgroup2', source: 'cgroup2', options});
};
