/**
 * What `minicontainer-oci` (shim/oci) calls where something is to be planned: `VERB ID --NAME=VALUE … -- ARGUMENTS`. The
 * spec goes to descriptor 3; an error is one line on stderr, and exit code 1, as runc has it.
 */
import {Failure} from '../spec/failure.js';
import {SpecError} from '../spec/validate.js';
import {create} from './create.js';
import {exec} from './exec.js';
import {features} from './features.js';
import {readOptions} from './options.js';
import {specTemplate} from './template.js';
import {update} from './update.js';

const verbs: Readonly<Record<string, (options: ReturnType<typeof readOptions>) => void>> = {
	...{create, exec, update, features, spec: specTemplate},
};

function main(words: readonly string[]): void {
	const options = readOptions(words);
	const act = Object.hasOwn(verbs, options.verb) ? verbs[options.verb] : undefined;
	if (!act) {
		throw new Failure(`${options.verb}: nothing to plan`);
	}

	act(options);
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

try {
	main(process.argv.slice(2));
} catch (error) {
	process.stderr.write(`${explain(error)}\n`);
	process.exitCode = 1;
}
