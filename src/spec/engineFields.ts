/** Tables of what only engines ask for; fields.ts has the others, and shim/spec_oci.c the same. */
import * as is from './checks.js';
import type * as wire from './engineTypes.js';
import {IO_CLASSES, MEMORY_FLAGS, MEMORY_MODES, POLICIES, SCHEDULE_FLAGS} from './names.js';
import {closed, int64, integer, list, optional, required, text, word} from './schema.js';

const MAX_INT64 = 2n ** 63n - 1n;
const MAX_UINT64 = 2n ** 64n - 1n;
/** CPU_SETSIZE */
const MAX_PROCESSORS = 1024;
const MAX_HOOKS = 1024;

const anyText = text();
const nanoseconds = int64(0, MAX_UINT64);
const processors = list(integer(0, MAX_PROCESSORS - 1), {min: 1, max: MAX_PROCESSORS});

export const scheduler = closed<wire.Scheduler>({
	policy: required(word(POLICIES, 'policy')),
	nice: optional(integer(-20, 19)),
	priority: optional(integer(0, 99)),
	flags: optional(list(word(SCHEDULE_FLAGS, 'flag'))),
	runtime: optional(nanoseconds),
	deadline: optional(nanoseconds),
	period: optional(nanoseconds),
});

export const ioPriority = closed<wire.IoPriority>({
	class: required(word(IO_CLASSES, 'class')),
	priority: required(integer(0, 7)),
});

export const affinity = closed<wire.Affinity>({initial: optional(processors), final: optional(processors)});

export const memoryPolicy = closed<wire.MemoryPolicy>({
	mode: required(word(MEMORY_MODES, 'mode')),
	nodes: optional(processors),
	flags: optional(list(word(MEMORY_FLAGS, 'flag'))),
});

const timeOffset = closed<wire.TimeOffset>({
	secs: optional(int64(-MAX_INT64, MAX_INT64)),
	nanosecs: optional(integer(0, 999_999_999)),
});

export const timeOffsets = closed<wire.TimeOffsets>({
	monotonic: optional(timeOffset),
	boottime: optional(timeOffset),
});

const stage = optional(
	list(
		closed<wire.Hook>({
			path: required(text(is.pathBelowRoot)),
			args: optional(list(anyText, {min: 1})),
			env: optional(list(anyText)),
			timeout: optional(integer(1, 2 ** 31 - 1)),
		}),
		{max: MAX_HOOKS},
	),
);

export const hooks = closed<wire.Hooks>({
	state: required(text(is.line)),
	prestart: stage,
	createRuntime: stage,
	createContainer: stage,
	startContainer: stage,
	poststart: stage,
	poststop: stage,
});
