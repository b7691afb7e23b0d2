import {writeConfig, writeWhole} from '../host/config.js';
import {processors} from '../host/facts.js';
import {readNumber, writeSetting} from '../host/gauge.js';
import {withLock} from '../host/lock.js';
import {stateDirectory} from '../host/paths.js';
import {readState} from '../host/state.js';
import type {Limits} from '../plan/request.js';
import {planUpdate} from '../plan/update.js';
import {encode} from '../spec/encode.js';
import type {Spec} from '../spec/types.js';
import {findWhole} from './lookup.js';
import {specOf} from './spec.js';
import {titleOf} from './title.js';

type Settings = ReturnType<typeof planUpdate>['settings'];

/** Changes the limits of a container: at once if it runs, and for its next start. */
export async function update(root: string | undefined, reference: string, change: Limits): Promise<void> {
	const at = stateDirectory(root);
	const container = findWhole(at, reference);
	await withLock(container.directory, titleOf(container), () => {
		const {config, directory, id} = findWhole(at, container.id);
		const {settings, limits} = planUpdate(change, {
			...{id, host: config.cgroup ?? {v1: {}}, current: config.limits as Limits, processors: processors() ?? 0},
		});
		if (readState(directory).status === 'running') {
			applySettings(settings);
		}

		writeWhole(`${directory}/spec.json`, encode(withSettings(specOf(container), settings)));
		writeConfig(at, {...config, limits: {...limits}});
	});
}

/** All of them, or those that were written before are as they were. */
export function applySettings(settings: Settings): void {
	const before: Settings = [];
	try {
		for (const {path, value} of settings) {
			const old = readNumber(path);
			writeSetting(path, value);
			before.unshift({path, value: Number.isFinite(old) ? String(old) : 'max'});
		}
	} catch (error) {
		for (const {path, value} of before) {
			writeSetting(path, value);
		}

		throw error;
	}
}

/** Each in the place that it had; new ones before the rules of devices, which have one file for many. */
export function withSettings(spec: Spec, changed: Settings): Spec {
	const {cgroup} = spec.minicontainer;
	if (!cgroup) {
		return spec;
	}

	const replaced = new Set(changed.map(({path}) => path));
	const settings = [...(cgroup.settings ?? []).filter(({path}) => !replaced.has(path)), ...changed];
	return {...spec, minicontainer: {...spec.minicontainer, cgroup: {...cgroup, settings}}};
}
