import {accessSync, constants} from 'node:fs';
import type {HostFacts, IdRange} from '../spec/facts.js';
import {readText} from './read.js';

/** Where the helper looks for newuidmap(1) and newgidmap(1) (shim/idmap.c); they are setuid, so PATH is not asked. */
const PLACES = ['/usr/bin', '/bin', '/usr/sbin', '/usr/local/bin', '/run/wrappers/bin'];

/** subuid(5), subgid(5): ranges that the tools would grant; undefined unless there is one of each, and both tools. */
export function subordinateRanges(uid: number, gid: number): HostFacts['subordinate'] {
	const name = loginName(uid);
	const range = (file: string) => parseRanges(readText(file), [name, String(uid)]);
	const [uids, gids] = [range('/etc/subuid'), range('/etc/subgid')];
	return uids && gids && gid >= 0 && isInstalled('newuidmap') && isInstalled('newgidmap')
		? {uid: uids, gid: gids}
		: undefined;
}

/**
 * The largest range: the planner maps one.
 *
 * @param text lines `OWNER:START:COUNT`
 * @param owners the user's name and id; for groups it is the user too, not the group
 */
export function parseRanges(text: string, owners: readonly (string | undefined)[]): IdRange | undefined {
	return text
		.split('\n')
		.map(line => /^([^:]+):(\d{1,10}):(\d{1,10})\s*$/.exec(line))
		.filter(match => match && owners.includes(match[1]))
		.map(match => ({start: Number(match?.[2]), count: Number(match?.[3])}))
		.filter(range => range.count > 0 && range.start + range.count <= 2 ** 32 - 1)
		.sort((a, b) => b.count - a.count)[0];
}

function loginName(uid: number): string | undefined {
	const line = readText('/etc/passwd')
		.split('\n')
		.find(entry => entry.split(':')[2] === String(uid));
	return line?.split(':')[0];
}

function isInstalled(tool: string): boolean {
	return PLACES.some(place => {
		try {
			accessSync(`${place}/${tool}`, constants.X_OK);
			return true;
		} catch {
			return false;
		}
	});
}
