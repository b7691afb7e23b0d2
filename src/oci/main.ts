/**
 * What `minicontainer-oci` (shim/oci) calls where something is to be planned: `VERB ID --NAME=VALUE … -- ARGUMENTS`. The
 * spec goes to descriptor 3; an error is one line on stderr, and exit code 1, as runc has it.
 */
import {SpecError} from '../spec/error.js';
import {Failure} from '../spec/failure.js';
import {type Options, readOptions} from './options.js';

/** Loaded when they are called for: each call is a process of its own, and waited for. */
const verbs: Readonly<Record<string, () => Promise<(options: Options) => void>>> = {
	create: async () => (await import('./create.js')).create,
	exec: async () => (await import('./exec.js')).exec,
	update: async () => (await import('./update.js')).update,
	features: async () => (await import('./features.js')).features,
	spec: async () => (await import('./template.js')).specTemplate,
};

async function main(words: readonly string[]): Promise<void> {
	const options = readOptions(words);
	const load = Object.hasOwn(verbs, options.verb) ? verbs[options.verb] : undefined;
	if (!load) {
		throw new Failure(`${options.verb}: nothing to plan`);
	}

	(await load())(options);
}

function explain(error: unknown): string {
	if (error instanceof Failure) {
		return error.hint === undefined ? error.message : `${error.message} (${error.hint})`;
	}

	if (error instanceof SpecError) {
		return error.message;
	}

	return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

main(process.argv.slice(2)).catch(error => {
	process.stderr.write(`${explain(error)}\n`);
	process.exitCode = 1;
});
