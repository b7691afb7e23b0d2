import {accessSync, constants, readdirSync} from 'node:fs';

/** The container has its own, or they are nobody's to hand on: terminals, shared memory, what leads to descriptors. */
const OWN = new Set([
	...['pts', 'shm', 'mqueue', 'hugepages', 'fd', 'stdin', 'stdout', 'stderr', 'console', 'ptmx', 'core', 'log'],
	...['null', 'zero', 'full', 'random', 'urandom', 'tty'],
]);

/**
 * Every device node of the host's that the caller may use, for `--privileged`; links are what they lead to under another
 * name, and left out.
 */
export const allDevices = (): string[] =>
	readdirSync('/dev', {withFileTypes: true})
		.filter(({name}) => !OWN.has(name))
		.flatMap(entry =>
			entry.isDirectory() ? nodesIn(`/dev/${entry.name}`) : isNode(entry) ? [`/dev/${entry.name}`] : [],
		)
		.filter(isUsable);

interface Entry {
	name: string;
	isBlockDevice(): boolean;
	isCharacterDevice(): boolean;
}

const isNode = (entry: Entry): boolean => entry.isBlockDevice() || entry.isCharacterDevice();

function nodesIn(directory: string): string[] {
	try {
		return readdirSync(directory, {withFileTypes: true, recursive: true})
			.filter(isNode)
			.map(({parentPath, name}) => `${parentPath}/${name}`);
	} catch {
		// Closed to this user, and so is what is in it.
		return [];
	}
}

/** Root may use all; a node that another may not open would be of no use to him inside either. */
function isUsable(path: string): boolean {
	if (process.geteuid?.() === 0) {
		return true;
	}

	return [constants.R_OK, constants.W_OK].some(mode => {
		try {
			accessSync(path, mode);
			return true;
		} catch {
			return false;
		}
	});
}
