import {Failure, quoted} from '../spec/failure.js';
import {suggestion, type Verb} from './base.js';

/** Only the verb that was asked for is loaded; the help loads them all. */
export const verbs: Readonly<Record<string, () => Promise<Verb>>> = {
	run: async () => (await import('./commands/run.js')).run,
	plan: async () => (await import('./commands/plan.js')).plan,
};

/** @throws Failure, with what was probably meant */
export async function loadVerb(name: string): Promise<Verb> {
	const load = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
	if (load) {
		return load();
	}

	throw new Failure(`unknown command ${quoted(name)}${await suggestion(name, [...Object.keys(verbs), 'help'])}`, {
		hint: 'minicontainer --help shows all commands',
	});
}
