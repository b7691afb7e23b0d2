import {readEntry, readNumber, readTransfers} from '../host/gauge.js';
import {stateDirectory} from '../host/paths.js';
import {readText} from '../host/read.js';
import {readState} from '../host/state.js';
import {gauges} from './gauges.js';
import {all, findRunning, type Known} from './lookup.js';

/** What a container uses now, or has used so far; absent: no control group counts it. */
export interface Usage {
	id: string;
	name: string;
	/** Seconds that processors have worked for it so far. */
	cpu?: number;
	/** Bytes, without what could be dropped at once; `limit` is the machine's memory where there is no lower one. */
	memory?: {usage: number; limit: number};
	pids?: number;
	/** Bytes so far. */
	io?: {read: number; written: number};
}

/**
 * @param references containers; none: all that run
 * @throws Failure for one that does not run
 */
export function stats(root: string | undefined, references: readonly string[]): Usage[] {
	const at = stateDirectory(root);
	const containers: Known[] =
		references.length > 0
			? references.map(reference => findRunning(at, reference))
			: all(at).filter(({directory}) => readState(directory).status === 'running');
	return containers.map(usageOf);
}

function usageOf(container: Known): Usage {
	const {cpu, memory, pids, io} = gauges(container);
	return {
		id: container.id,
		name: container.name,
		...(cpu && {cpu: (cpu.key ? readEntry(cpu.file, cpu.key) : readNumber(cpu.file)) / cpu.perSecond}),
		...(memory && {
			memory: {
				usage: Math.max(0, readNumber(memory.usage) - readEntry(memory.stat, memory.cache)),
				limit: Math.min(readNumber(memory.limit), machineMemory()),
			},
		}),
		...(pids && {pids: readNumber(pids.current)}),
		...(io && {io: readTransfers(io)}),
	};
}

/** Bytes; /proc/meminfo has KiB. */
const machineMemory = (): number => Number(/^MemTotal:\s+(\d+)/m.exec(readText('/proc/meminfo'))?.[1] ?? 0) * 1024;
