import {writeConfig} from '../host/config.js';
import {withLock} from '../host/lock.js';
import {stateDirectory} from '../host/paths.js';
import {releaseName, reserve} from '../host/store.js';
import {Failure} from '../spec/failure.js';
import {findWhole} from './lookup.js';
import {titleOf} from './title.js';

/** @throws Failure when another container has the name */
export async function rename(root: string | undefined, reference: string, name: string): Promise<void> {
	const at = stateDirectory(root);
	const {id, directory, config} = findWhole(at, reference);
	await withLock(directory, titleOf(config), () => {
		const {name: old} = findWhole(at, id);
		if (old === name) {
			throw new Failure(`container ${titleOf(config)} has that name already`);
		}

		reserve(at, {id, name});
		try {
			writeConfig(at, {...config, name});
		} catch (error) {
			releaseName(at, {id, name});
			throw error;
		}

		releaseName(at, {id, name: old});
	});
	if (config.network) {
		await (await import('./names.js')).tellNames(at);
	}
}
