import type {CommandLine} from './argv.js';
import {type AnyVerb, fill, isOn, optionsOf, readFlags} from './base.js';
import {general} from './general.js';
import {Misuse} from './misuse.js';
import {type General, type Option, toggle} from './option.js';
import {complain, print, report} from './output.js';
import {loadVerb} from './verbs.js';

/** What may stand before the verb. */
const frontOptions: readonly Option<General>[] = [
	...general.options,
	toggle('-h, --help', 'show this help', () => {}),
	toggle('-v, --version', 'show the version', () => {}),
];

/** @returns the exit code; never throws */
export async function main(words: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<number> {
	const session = {debug: env.MC_DEBUG === '1'};
	try {
		return await dispatch(words, session);
	} catch (error) {
		return report(error, session.debug);
	}
}

interface Session {
	/** Whether errors tell where they come from. */
	debug: boolean;
}

async function dispatch(words: readonly string[], session: Session): Promise<number> {
	if (words.some(word => word.includes('\uFFFD'))) {
		(await import('./utf8.js')).checkUtf8(words);
	}

	const front = await readFlags(words, frontOptions);
	session.debug ||= isOn(front, '--debug');
	const [name, ...rest] = front.rest;
	if (isOn(front, '--version') || name === 'version') {
		print(`minicontainer ${(await import('../version.js')).version()}\n`);
		return 0;
	}

	if (isOn(front, '--help') || name === 'help') {
		return showHelp(name === 'help' ? rest[0] : name);
	}

	if (name === undefined) {
		complain(await (await import('./help.js')).overview());
		return 125;
	}

	return perform(await loadVerb(name), front, rest, session);
}

async function perform(
	verb: AnyVerb,
	front: CommandLine<Option<never>>,
	words: string[],
	session: Session,
): Promise<number> {
	try {
		const line = await readFlags(words, optionsOf(verb));
		session.debug ||= isOn(line, '--debug');
		if (isOn(line, '--help')) {
			return showHelp(verb.name);
		}

		const draft = fill(verb.newDraft(), [...front.flags, ...line.flags] as CommandLine<Option<unknown>>['flags']);
		return await verb.act(draft, line.rest, error => report(error, session.debug));
	} catch (error) {
		throw error instanceof Misuse ? error.of(verb.name) : error;
	}
}

async function showHelp(name: string | undefined): Promise<number> {
	const help = await import('./help.js');
	print(name === undefined ? await help.overview() : await help.details(await loadVerb(name)));
	return 0;
}
