import fs from 'node:fs';
import type {ExecutionContext} from 'ava';
import type {ErrorEvent} from '../../src/spec/events.js';
import type {Spec} from '../../src/spec/types.js';
import {type Box, boxTest} from './box.js';
import type {Needs} from './needs.js';
import {helper, sanitizedHelper} from './project.js';
import {runHelper} from './shim.js';

type Body = (t: ExecutionContext, box: Box, binary: string) => Promise<unknown>;

/** The plain build and, where it was made, the one with AddressSanitizer and UBSan; or the one that MC_INIT names. */
const builds = process.env.MC_INIT
	? [{name: 'MC_INIT', binary: process.env.MC_INIT}]
	: [
			{name: 'plain', binary: helper},
			{name: 'asan', binary: sanitizedHelper},
		].filter(({binary}) => binary === helper || process.env.MC_MUST_WORK || fs.existsSync(binary));

/** A test for each build of the helper. */
export function helperTest(title: string, body: Body, needs?: Needs): void {
	for (const {name, binary} of builds) {
		boxTest(`${name}: ${title}`, (t, box) => body(t, box, binary), needs);
	}
}

/** The helper refuses or cannot do what this spec says: nothing runs, and one event tells why. */
export async function fails(
	t: ExecutionContext,
	box: Box,
	binary: string,
	spec: Spec,
	why: Partial<ErrorEvent>,
): Promise<ErrorEvent> {
	const {events, ...result} = await runHelper(box, binary, spec);
	t.deepEqual(result, {code: why.exitCode ?? 125, signal: null, stdout: '', stderr: ''});
	const last = events.at(-1) as ErrorEvent;
	t.like(last, {event: 'error', exitCode: 125, ...why});
	t.false(
		events.some(({event}) => event === 'started' || event === 'exited'),
		'nothing has run',
	);
	t.regex(last.message, /^[^\n]+$/, 'one line');
	return last;
}
