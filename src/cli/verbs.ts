import {Failure, quoted} from '../spec/failure.js';
import {type AnyVerb, suggestion} from './base.js';

/** Only the verb that was asked for is loaded; the help loads them all. */
export const verbs: Readonly<Record<string, () => Promise<AnyVerb>>> = {
	run: async () => (await import('./commands/run.js')).run,
	create: async () => (await import('./commands/create.js')).create,
	start: async () => (await import('./commands/start.js')).start,
	restart: async () => (await import('./commands/restart.js')).restart,
	exec: async () => (await import('./commands/exec.js')).exec,
	attach: async () => (await import('./commands/attach.js')).attach,
	cp: async () => (await import('./commands/cp.js')).cp,
	plan: async () => (await import('./commands/plan.js')).plan,
	ps: async () => (await import('./commands/ps.js')).ps,
	inspect: async () => (await import('./commands/inspect.js')).inspect,
	logs: async () => (await import('./commands/logs.js')).logs,
	diff: async () => (await import('./commands/diff.js')).diff,
	top: async () => (await import('./commands/top.js')).top,
	stats: async () => (await import('./commands/stats.js')).stats,
	wait: async () => (await import('./commands/wait.js')).wait,
	stop: async () => (await import('./commands/stop.js')).stop,
	kill: async () => (await import('./commands/kill.js')).kill,
	rm: async () => (await import('./commands/rm.js')).rm,
	prune: async () => (await import('./commands/prune.js')).prune,
	pause: async () => (await import('./commands/pause.js')).pause,
	unpause: async () => (await import('./commands/unpause.js')).unpause,
	update: async () => (await import('./commands/update.js')).update,
	network: async () => (await import('./commands/network.js')).network,
	port: async () => (await import('./commands/port.js')).port,
	rename: async () => (await import('./commands/rename.js')).rename,
};

/** @throws Failure, with what was probably meant */
export async function loadVerb(name: string): Promise<AnyVerb> {
	const load = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
	if (load) {
		return load();
	}

	throw new Failure(`unknown command ${quoted(name)}${await suggestion(name, [...Object.keys(verbs), 'help'])}`, {
		hint: 'minicontainer --help shows all commands',
	});
}
