import {stateDirectory} from '../host/paths.js';
import {type ProcessRow, processesLike, processRow} from '../host/process.js';
import {readText} from '../host/read.js';
import {gauges} from './gauges.js';
import {findRunning} from './lookup.js';

/** The processes of a container, with the host's numbers. */
export function top(root: string | undefined, reference: string): ProcessRow[] {
	const container = findRunning(stateDirectory(root), reference);
	const list = gauges(container).processes;
	const pids = list === undefined ? processesLike(container.state.pid) : readText(list).split('\n').filter(Boolean);
	return pids.map(Number).flatMap(pid => processRow(pid) ?? []);
}
