import {cgroupFacts} from '../host/cgroup.js';
import {writeWhole} from '../host/config.js';
import {planOciUpdate} from '../plan/fromOciExec.js';
import {applySettings, withSettings} from '../runtime/update.js';
import {encode} from '../spec/encode.js';
import {Failure, quoted} from '../spec/failure.js';
import {type OciResources, readOciResources} from '../spec/oci.js';
import {readSpec} from '../spec/read.js';
import {readDocument} from './create.js';
import {needed, type Options, whole} from './options.js';

const units: Readonly<Record<string, number>> = {'': 1, b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40};

/** Bytes, with a unit, or -1 for no limit. */
function bytes(name: string, text: string): number {
	const [, digits, unit = ''] = /^(-?\d+)([bkmgt]?)i?b?$/i.exec(text.trim()) ?? [];
	if (digits === undefined) {
		throw new Failure(`--${name}: ${quoted(text)} is not a size`);
	}

	return Number(digits) * (units[unit.toLowerCase()] ?? 1);
}

/** runc's flags in OCI's words. */
function resourcesOf({one}: Options): OciResources {
	const number = (name: string) => some(one(name), text => whole(name, text));
	const size = (name: string) => some(one(name), text => bytes(name, text));
	return {
		memory: dense({
			limit: size('memory'),
			swap: size('memory-swap'),
			reservation: size('memory-reservation'),
		}),
		cpu: dense({
			shares: number('cpu-share'),
			quota: number('cpu-quota'),
			period: number('cpu-period'),
			burst: number('cpu-burst'),
			idle: number('cpu-idle'),
			realtimePeriod: number('cpu-rt-period'),
			realtimeRuntime: number('cpu-rt-runtime'),
			cpus: one('cpuset-cpus'),
			mems: one('cpuset-mems'),
		}),
		pids: dense({limit: number('pids-limit')}),
		blockIO: dense({weight: number('blkio-weight')}),
	};
}

const some = <T>(text: string | undefined, read: (text: string) => T): T | undefined =>
	text === undefined ? undefined : read(text);

type Dense<T> = {[K in keyof T]?: Exclude<T[K], undefined>};

const dense = <T extends object>(object: T): Dense<T> =>
	Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Dense<T>;

/** Writes the limits into the container's groups, and into its spec, where the next update finds them. */
export function update(options: Options): void {
	const file = needed(options, 'spec');
	const container = readSpec(readDocument(file));
	const document = options.one('resources');
	const resources = document === undefined ? resourcesOf(options) : readOciResources(readDocument(document));
	const settings = planOciUpdate(container, resources, cgroupFacts(process.geteuid?.() ?? 0, true));
	applySettings(settings);
	writeWhole(file, encode(withSettings(container, settings)));
}
