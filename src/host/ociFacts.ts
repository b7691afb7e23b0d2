/** What planning an engine's document needs to know of the machine; facts.ts for plan/fromOci.ts. */
import {join, resolve} from 'node:path';
import type {CgroupFacts} from '../spec/facts.js';
import type {OciConfig} from '../spec/ociTypes.js';
import {cgroupFacts} from './cgroup.js';
import {MOST_ACCOUNTS, ownCapabilities} from './facts.js';
import {readInRoot} from './inroot.js';
import {readText} from './read.js';

/** OciFacts of plan/fromOci.ts, which this layer does not know. */
export interface OciMachine {
	euid: number;
	passwd: string;
	capabilities: bigint;
	setgroupsDenied: boolean;
	keptGroups?: number[];
	inUserNamespace: boolean;
	cgroup: CgroupFacts;
}

/** @param bundle absolute */
export function gatherOciFacts(config: OciConfig, bundle: string, place = ''): OciMachine {
	const euid = process.geteuid?.() ?? 0;
	const root = resolve(bundle, config.root?.path ?? '');
	const [passwd = ''] = readInRoot([root], ['etc/passwd'], MOST_ACCOUNTS);
	return {
		euid,
		passwd,
		capabilities: ownCapabilities(),
		setgroupsDenied: readText('/proc/self/setgroups').trim() === 'deny',
		...(keepsGroups(config) && {keptGroups: process.getgroups?.() ?? []}),
		// Rootless engines call us as root of theirs.
		inUserNamespace: readText('/proc/self/uid_map').split(/\s+/).join(' ').trim() !== '0 0 4294967295',
		cgroup: withFilled(cgroupFacts(euid, true), place),
	};
}

/** crun's annotation, which podman's `--group-add keep-groups` writes. */
const keepsGroups = ({annotations = {}}: OciConfig): boolean => annotations['run.oci.keep_original_groups'] === '1';

/** Groups above ours that engines have made: their processors are theirs to say, and ours are among them. */
function withFilled(facts: CgroupFacts, place: string): CgroupFacts {
	const base = facts.v1.cpuset;
	if (!base || !facts.cpuset) {
		return facts;
	}

	const names = place.split('/');
	const directories = names.map((_, index) => join(base, ...names.slice(0, index + 1)));
	const filled = directories.filter(directory => read(directory, 'cpus') !== '' && read(directory, 'mems') !== '');
	const nearest = filled.at(-1);
	return {
		...facts,
		cpuset: nearest ? {cpus: read(nearest, 'cpus'), mems: read(nearest, 'mems'), filled} : {...facts.cpuset, filled},
	};
}

function read(directory: string, name: string): string {
	return readText(`${directory}/cpuset.${name}`).trim();
}
