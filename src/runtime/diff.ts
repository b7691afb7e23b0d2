import {stateDirectory} from '../host/paths.js';
import {runForOutput} from '../host/pipeline.js';
import {failed} from '../host/shim.js';
import {planDiff} from '../plan/files.js';
import {encode} from '../spec/encode.js';
import {Failure} from '../spec/failure.js';
import {findWhole} from './lookup.js';
import {specOf} from './spec.js';
import {titleOf} from './title.js';

export interface Change {
	/** Added, changed or deleted. */
	kind: 'A' | 'C' | 'D';
	path: string;
}

/** What a container has changed in its root file system, sorted. */
export async function diff(root: string | undefined, reference: string): Promise<Change[]> {
	const container = findWhole(stateDirectory(root), reference);
	const {output, ending} = await runForOutput(container.directory, encode(plan()));
	if (ending.event === 'error') {
		throw failed(ending);
	}

	const lines = output.toString('utf8').split('\0').slice(0, -1);
	return lines
		.map(line => ({kind: line[0] as Change['kind'], path: line.slice(2)}))
		.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));

	function plan() {
		try {
			return planDiff(specOf(container));
		} catch (error) {
			throw error instanceof Failure
				? new Failure(`the changes of container ${titleOf(container)} cannot be shown: ${error.message}`, {
						cause: error,
					})
				: error;
		}
	}
}
