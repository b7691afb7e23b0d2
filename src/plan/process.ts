import {checkEnv, type EnvEntry} from '../parse/env.js';
import {parsePath} from '../parse/path.js';
import {checkWhole, oomScoreAdj} from '../parse/whole.js';
import type {Process, User} from '../spec/types.js';
import {planCapabilities} from './capabilities.js';
import type {Wanted} from './defaults.js';
import {hasGroup, type IdMaps} from './idmaps.js';
import {planLabels} from './labels.js';
import {planRlimits} from './rlimits.js';
import type {Identity} from './user.js';

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Not `constructor`, which every object has. */
const ownValue = ({callersEnv}: Wanted, name: string): string | undefined =>
	Object.hasOwn(callersEnv, name) ? callersEnv[name] : undefined;

/** Of two entries with one name the later holds, in the place of the first; an entry without a value is left out. */
const planEnv = (wanted: Wanted, hostname: string | undefined, home: string): string[] => {
	const given = wanted.env.map(checkEnv).map(({name, value}) => ({name, value: value ?? ownValue(wanted, name)}));
	const own: EnvEntry[] = [
		{name: 'PATH', value: PATH},
		{name: 'HOSTNAME', value: hostname},
		{name: 'HOME', value: home},
		{name: 'TERM', value: wanted.tty ? 'xterm' : undefined},
	];
	const values = new Map<string, string>();
	for (const {name, value} of [...own, ...given]) if (value !== undefined) values.set(name, value);
	return [...values].map(([name, value]) => `${name}=${value}`);
};

/** Supplementary groups as far as the container has them. */
export const planIds = ({uid, gid, groups, added}: Identity, maps: IdMaps | undefined): User => {
	// The own group is among the supplementary ones too, as after a login: else a setgid program could drop it, and with
	// it what it forbids (CVE-2022-36109).
	const all = [gid, ...groups.filter(group => hasGroup(maps, group)), ...added];
	const additionalGids = maps?.setgroups === 'deny' ? [] : [...new Set(all)];
	return {uid, gid, umask: 0o022, ...(additionalGids.length > 0 && {additionalGids})};
};

export const planProcess = (wanted: Wanted, hostname: string | undefined, who: Identity, maps?: IdMaps): Process => ({
	terminal: wanted.tty,
	args: [...wanted.args],
	env: planEnv(wanted, hostname, who.home),
	cwd: parsePath(wanted.workdir),
	user: planIds(who, maps),
	capabilities: planCapabilities(wanted, who.uid),
	rlimits: planRlimits(wanted),
	noNewPrivileges: wanted.noNewPrivileges,
	...planLabels(wanted),
	...(wanted.oomScoreAdj !== undefined && {oomScoreAdj: checkWhole(oomScoreAdj, wanted.oomScoreAdj)}),
});
