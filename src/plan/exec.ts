import {checkEnv, type EnvEntry} from '../parse/env.js';
import {parsePath} from '../parse/path.js';
import type {UserRequest} from '../parse/user.js';
import {Failure} from '../spec/failure.js';
import type {Capabilities, Process, Spec} from '../spec/types.js';
import {planEntry, type Target} from './entry.js';
import {checkIds, type IdMaps} from './idmaps.js';
import {planIds} from './process.js';
import {planUser} from './user.js';

export interface ExecRequest {
	args: readonly string[];
	env?: readonly EnvEntry[] | undefined;
	/** Absolute path in the container; default: the container's own. */
	workdir?: string | undefined;
	/** Default: the container's own. */
	user?: UserRequest | undefined;
	tty?: boolean | undefined;
	interactive?: boolean | undefined;
}

/** What there is to know of a running container. */
export interface ExecFacts extends Target {
	/** Contents of the files that the container has now. */
	passwd: string;
	group: string;
	/** The caller's environment; only what `-e NAME` asks for is taken from it. */
	env: Readonly<Record<string, string | undefined>>;
}

/**
 * What planEntry() makes of a user's request: capabilities and limits as the container's own command has them.
 *
 * @param container the spec that it was started with
 * @throws Failure with one line for the user
 */
export const planExec = (container: Spec, request: ExecRequest, facts: ExecFacts): Spec => {
	if (request.args.length === 0 || request.args[0] === '') throw new Failure('there is no command');
	const entry = planEntry(container, planProcess(container, request, facts), facts);
	return {...entry, minicontainer: {...entry.minicontainer, ...(!request.interactive && {stdin: 'null'})}};
};

/** Whose process it is, and where it is at home. */
const planWho = ({process: own, linux, minicontainer}: Spec, {user}: ExecRequest, {passwd, group}: ExecFacts) => {
	if (!user) return {user: own.user, home: undefined};
	const who = planUser({user, passwd, group, groupAdd: []});
	const {uidMappings: uid, gidMappings: gid} = linux;
	const maps: IdMaps | undefined = uid && gid && {uid, gid, setgroups: minicontainer.setgroups ?? 'allow'};
	if (maps) checkIds(maps, who);
	return {user: planIds(who, maps), home: who.home};
};

/** As at the container's start: only root has them at once. */
const planCapabilities = (container: Spec, uid: number): Capabilities => {
	const {bounding = []} = container.process.capabilities ?? {};
	const own = uid === 0 ? bounding : [];
	return {bounding, effective: [...own], permitted: [...own], inheritable: [], ambient: []};
};

const planProcess = (container: Spec, request: ExecRequest, facts: ExecFacts): Process => {
	const {consoleSize: _, ...own} = container.process;
	const {user, home} = planWho(container, request, facts);
	return {
		...own,
		terminal: request.tty ?? false,
		args: [...request.args],
		env: planEnv(own.env, request, facts, home),
		cwd: request.workdir === undefined ? own.cwd : parsePath(request.workdir),
		user,
		capabilities: planCapabilities(container, user.uid),
	};
};

/** The container's, then what the terminal and another user change, then what was asked for. */
const planEnv = (base: readonly string[], {env = [], tty}: ExecRequest, facts: ExecFacts, home?: string): string[] => {
	const values = new Map(base.map(line => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
	if (home !== undefined) values.set('HOME', home);
	if (tty && !values.has('TERM')) values.set('TERM', 'xterm');
	for (const {name, value} of env.map(checkEnv)) {
		const given = value ?? (Object.hasOwn(facts.env, name) ? facts.env[name] : undefined);
		if (given !== undefined) values.set(name, given);
	}
	return [...values].map(([name, value]) => `${name}=${value}`);
};
