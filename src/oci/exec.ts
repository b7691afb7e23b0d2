import {MOST_ACCOUNTS, ownCapabilities} from '../host/facts.js';
import {readInRoot} from '../host/inroot.js';
import {planOciExec} from '../plan/fromOciExec.js';
import {Failure, quoted} from '../spec/failure.js';
import {CAPABILITIES} from '../spec/names.js';
import {type OciProcess, readOciProcess} from '../spec/oci.js';
import {readSpec} from '../spec/read.js';
import type {Spec} from '../spec/types.js';
import {hand, readDocument} from './create.js';
import {needed, type Options, whole} from './options.js';

/** `--user 1000:100`; names are the engines' to look up. */
function userOf(text: string): {uid: number; gid?: number} {
	const [, uid, gid] = /^(\d+)(?::(\d+))?$/.exec(text) ?? [];
	if (uid === undefined) {
		throw new Failure(`--user: ${quoted(text)} is not UID[:GID]`);
	}

	return {uid: Number(uid), ...(gid !== undefined && {gid: Number(gid)})};
}

/** Of a document unknown ones are passed over; one that is typed is a mistake. */
function withCapabilities(own: OciProcess['capabilities'] = {}, added: readonly string[]) {
	const wrong = added.find(name => !CAPABILITIES.some(known => known === name.toUpperCase()));
	if (wrong !== undefined) {
		throw new Failure(`--cap: ${quoted(wrong)} is no capability`);
	}

	return Object.fromEntries(
		(['bounding', 'effective', 'inheritable', 'permitted', 'ambient'] as const).map(set => {
			const takes = set === 'bounding' || set === 'effective' || set === 'permitted';
			return [set, [...(own[set] ?? []), ...(takes ? added : [])]];
		}),
	);
}

/** The container's own process, with what the command line changes: runc's rules. */
function changed({process: own}: Spec, {one, all, has, words}: Options): OciProcess {
	const {execCPUAffinity: _, consoleSize: __, oomScoreAdj: ___, ...base} = own;
	const user = one('user');
	const cwd = one('cwd');
	const apparmorProfile = one('apparmor') || base.apparmorProfile;
	const selinuxLabel = one('process-label') || base.selinuxLabel;
	const gids = all('additional-gids').map(gid => whole('additional-gids', gid));
	return {
		...base,
		args: [...words],
		terminal: has('tty'),
		// Another user is at home elsewhere.
		env: [...base.env.filter(variable => !(user && variable.startsWith('HOME='))), ...all('env')],
		cwd: cwd || base.cwd,
		user: {
			...base.user,
			...(user && userOf(user)),
			additionalGids: [...(base.user.additionalGids ?? []), ...gids],
		},
		capabilities: withCapabilities(base.capabilities, all('cap')),
		noNewPrivileges: has('no-new-privs') ? one('no-new-privs') !== 'false' : (base.noNewPrivileges ?? false),
		...(apparmorProfile && {apparmorProfile}),
		...(selinuxLabel && {selinuxLabel}),
	};
}

export function exec(options: Options): void {
	const container = readSpec(readDocument(needed(options, 'spec')));
	const pid = whole('pid', needed(options, 'pid'));
	const file = options.one('process');
	const asked = file === undefined ? changed(container, options) : readOciProcess(readDocument(file));
	const [passwd = ''] = readInRoot([`/proc/${pid}/root`], ['etc/passwd'], MOST_ACCOUNTS);
	const cgroup = options.one('cgroup');
	const spec = planOciExec(container, asked, {
		...{pid, passwd, startTime: whole('start-time', needed(options, 'start-time')), capabilities: ownCapabilities()},
		...(cgroup && {cgroup}),
	});
	hand(spec);
}
