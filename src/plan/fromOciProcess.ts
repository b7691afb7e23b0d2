import {numbersIn} from '../parse/cpuset.js';
import {cleanPath} from '../parse/path.js';
import type {Scheduler} from '../spec/engineTypes.js';
import {Failure, quoted} from '../spec/failure.js';
import {CAPABILITIES} from '../spec/names.js';
import type {OciProcess} from '../spec/ociTypes.js';
import type {Capabilities, CapabilitySet, Process, User} from '../spec/types.js';
import type {OciFacts} from './fromOci.js';
import {planUser} from './user.js';

/** What of the container's the process depends on. */
export interface OciProcessPlace {
	facts: Pick<OciFacts, 'passwd' | 'capabilities' | 'setgroupsDenied' | 'keptGroups'>;
	inUserNamespace: boolean;
}

const SETS = ['bounding', 'effective', 'inheritable', 'permitted'] as const;

/**
 * Of what is asked for the known ones that the caller has: engines list all capabilities that their own version knows
 * (`--privileged`), and runc and crun pass over the others too. What is not listed is not given.
 */
const planCapabilities = ({capabilities = {}}: OciProcess, {facts, inUserNamespace}: OciProcessPlace): Capabilities => {
	const {capabilities: mask = ~0n} = facts;
	const isThere = (name: string) => inUserNamespace || (mask >> BigInt(CAPABILITIES.indexOf(name))) & 1n;
	const known = CAPABILITIES.filter(isThere);
	const asked = (set: CapabilitySet) => capabilities[set]?.map(name => name.toUpperCase()) ?? [];
	const sets = SETS.map(set => [set, known.filter(name => asked(set).includes(name))] as const);
	// The kernel lets none be ambient that is not both; `runc spec` asks for some all the same.
	const isBoth = (name: string) => asked('permitted').includes(name) && asked('inheritable').includes(name);
	return {...Object.fromEntries(sets), ambient: known.filter(name => asked('ambient').includes(name) && isBoth(name))};
};

const planIds = ({user = {}}: OciProcess, {facts}: OciProcessPlace): User => {
	const {uid = 0, gid = 0, umask} = user;
	const additionalGids = facts.keptGroups ?? user.additionalGids ?? [];
	return {
		uid,
		gid,
		...(umask !== undefined && {umask}),
		...(!facts.setgroupsDenied && additionalGids.length > 0 && {additionalGids}),
	};
};

/** As runc and crun do, for engines leave it out: HOME out of the container's /etc/passwd. */
const planEnv = ({env = [], user: {uid = 0} = {}}: OciProcess, {facts}: OciProcessPlace): string[] => {
	if (env.some(variable => variable.startsWith('HOME='))) return [...env];
	const {home} = planUser({user: {user: String(uid)}, passwd: facts.passwd, group: '', groupAdd: []});
	return [...env, `HOME=${home}`];
};

const planCwd = ({cwd}: OciProcess): string => {
	if (!cwd.startsWith('/')) throw new Failure(`/process/cwd: ${quoted(cwd)} is not an absolute path`);
	return cleanPath(cwd);
};

const planLabels = ({
	apparmorProfile,
	selinuxLabel,
}: OciProcess): Pick<Process, 'apparmorProfile' | 'selinuxLabel'> => ({
	// AppArmor's own word for no profile.
	...(apparmorProfile && apparmorProfile !== 'unconfined' && {apparmorProfile}),
	...(selinuxLabel && {selinuxLabel}),
});

/** What the kernel would only call invalid (sched(7), "Deadline scheduling"), in crun's words. */
const checkDeadline = ({policy, runtime, deadline, period = 0}: Scheduler): void => {
	if (policy !== 'SCHED_DEADLINE') return;
	const wrong = (text: string) => new Failure(`sched_setattr: \`SCHED_DEADLINE\` ${text}`);
	if (runtime === undefined) throw wrong('requires `runtime`');
	if (deadline === undefined) throw wrong('requires `deadline`');
	if (runtime === 0) throw wrong('runtime must be greater than 0');
	if (runtime < 1024 || runtime >= 2n ** 63n) throw wrong(`runtime ${runtime} must be between 1024 and 2^63-1`);
	if (runtime > deadline) throw wrong(`runtime ${runtime} must be <= deadline ${deadline}`);
	if (period !== 0 && deadline > period) throw wrong(`deadline ${deadline} must be <= period ${period}`);
};

const planScheduling = ({
	scheduler,
	ioPriority,
	execCPUAffinity: {initial, final} = {},
}: OciProcess): Pick<Process, 'scheduler' | 'ioPriority' | 'execCPUAffinity'> => ({
	...(scheduler?.policy && {scheduler}),
	...(ioPriority && {ioPriority: {class: ioPriority.class, priority: ioPriority.priority ?? 0}}),
	...((initial || final) && {
		execCPUAffinity: {...(initial && {initial: numbersIn(initial)}), ...(final && {final: numbersIn(final)})},
	}),
});

/** One process of a document, the container's own or one that enters it. */
export const planOciProcess = (asked: OciProcess, place: OciProcessPlace): Process => {
	const {args = [], consoleSize, rlimits, oomScoreAdj, scheduler} = asked;
	if (scheduler) checkDeadline(scheduler);
	if (args.length === 0 || args[0] === '') throw new Failure('/process/args: must not be empty');
	return {
		terminal: asked.terminal ?? false,
		// 0 by 0 is how Go writes that nothing is said.
		...(asked.terminal && consoleSize && consoleSize.height > 0 && {consoleSize}),
		args,
		env: planEnv(asked, place),
		cwd: planCwd(asked),
		user: planIds(asked, place),
		capabilities: planCapabilities(asked, place),
		...(rlimits && {rlimits}),
		noNewPrivileges: asked.noNewPrivileges ?? false,
		...(oomScoreAdj !== undefined && {oomScoreAdj}),
		...planLabels(asked),
		...planScheduling(asked),
	};
};
