/**
 * The help, as clipanion lays it out: each verb is declared to it from what the verb and the one table of flags say. It
 * parses nothing (argv.ts tells why), so it is loaded for the help alone.
 */
import tty from 'node:tty';
import {Cli, Command, type CommandClass, Option} from 'clipanion';
import {version} from '../version.js';
import {type AnyVerb, optionsOf} from './base.js';
import {verbs} from './verbs.js';

/** All commands, a line each. */
export async function overview(): Promise<string> {
	const cli = newCli();
	for (const load of Object.values(verbs)) {
		cli.register(declare(await load(), false));
	}

	// A verb's own -h may be something else: docker's is --hostname.
	return cli.usage().replace('`-h,--help`', '`--help`');
}

/** One command with its flags and examples. */
export function details(verb: AnyVerb): string {
	const declared = declare(verb, true);
	const cli = newCli();
	cli.register(declared);
	return cli.usage(declared, {detailed: true});
}

const newCli = () =>
	new Cli({
		binaryLabel: 'MiniContainer',
		binaryName: 'minicontainer',
		binaryVersion: version(),
		enableColors: tty.isatty(1) && !process.env.NO_COLOR,
	});

/** Options are fields of a clipanion command; these have no use but to be shown. */
function declare(verb: AnyVerb, shown: boolean): CommandClass {
	return class extends Command {
		static override paths = [[verb.name]];
		static override usage = Command.Usage({
			category: verb.group,
			description: verb.summary,
			details: verb.details,
			examples: verb.examples.map(([what, words]) => [what, `$0 ${words}`]),
		});

		constructor() {
			super();
			for (const operand of verb.operands) {
				const name = operand.replace('…', '');
				const definition = operand === name ? Option.String({name, required: true}) : Option.Rest({name});
				Object.assign(this, {[operand]: definition});
			}

			for (const {spelling, help, kind, required = false} of optionsOf(verb)) {
				// The spelling has the value's name in it, which clipanion would show as `#0`.
				const description = kind === 'list' ? `${help} (may be repeated)` : help;
				const definition = Option.Boolean(spelling.replace(', ', ','), {description, required, hidden: !shown});
				Object.assign(this, {[spelling]: definition});
			}
		}

		async execute(): Promise<void> {}
	};
}
