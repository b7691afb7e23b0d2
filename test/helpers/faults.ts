/** System calls of the helper's that fail, by strace(1), and how that must end. */
import fs from 'node:fs';
import {type Box, type Result, resultOf} from './box.js';
import {helper, payload} from './project.js';

export interface Fault {
	call: string;
	error: string;
	/** The how manieth of each process; absent: each time. */
	when?: number;
}

export const named = ({call, error, when}: Fault): string => `${call}${when ? ` ${when}` : ''}: ${error}`;

const injected = ({call, error, when}: Fault): string[] => [
	'-e',
	`inject=${call}:error=${error}${when ? `:when=${when}` : ''}`,
];

/** strace leaves each process as soon as it becomes another program: only the helper is hit, never the command. */
const watched = (file: string, faults: readonly Fault[]): string[] => [
	...['sealed', process.env.MC_INIT ?? helper, 'strace', '-f', '-qq', '-b', 'execve', '-o', file],
	...(faults.length > 0 ? faults.flatMap(injected) : []),
	'/proc/self/fd/9',
];

/** The helper with this command line, and with these faults. */
export async function runWatched(
	box: Box,
	args: readonly string[],
	faults: readonly Fault[],
	trace = '/dev/null',
): Promise<Result> {
	return resultOf(await box.spawn(payload('attempt'), [...watched(trace, faults), ...args], {timeout: 60_000}));
}

/** A script that is a helper with faults, to be used as MC_INIT. The tracer is the helper's child: the parent is still who started it. */
export function faultyHelper(box: Box, name: string, faults: readonly Fault[]): string {
	const [sealed, file, strace, ...rest] = watched('/dev/null', faults).map(word => `'${word}'`);
	const script = box.file(
		name,
		`#!/bin/sh\nexec '${payload('attempt')}' ${sealed} ${file} ${strace} -D ${rest.join(' ')} "$@"\n`,
	);
	fs.chmodSync(script, 0o755);
	return script;
}

/** Of a trace: each call, and how often the process that made it most often did so. */
export function callsIn(trace: string): Map<string, number> {
	const counts = new Map<string, number>();
	for (const [, pid, call] of trace.matchAll(/^(\d+)\s+(\w+)\(/gm)) {
		counts.set(`${pid} ${call}`, (counts.get(`${pid} ${call}`) ?? 0) + 1);
	}

	const most = new Map<string, number>();
	for (const [key, count] of counts) {
		const call = key.split(' ')[1] as string;
		most.set(call, Math.max(most.get(call) ?? 0, count));
	}

	return most;
}

/** What `probe` prints, without what no two containers have in common. */
export function posture(report: string): string {
	return report
		.replaceAll(/"\d+ \d+ \d+:\d+ /g, '"')
		.replaceAll(/:\[\d+\]/g, ':[]')
		.replaceAll(/\/proc\/self\/fd\/\d+/g, 'FD')
		.replaceAll(/("sessionKeyring": )\d+/g, '$1N')
		.replaceAll(/mc-lane\d+/g, 'LANE');
}

const oneLine = /^(mc-init|minicontainer): [^\n]+\n([^\n]+\n)?$/;

/** Confined as ever, or not started and one line that says why. Anything else is returned. */
export function flaw(result: Result, whole: string): string | undefined {
	if (result.code === 0 && posture(result.stdout) === whole && result.stderr === '') {
		return undefined;
	}

	const refused = [125, 126, 127].includes(result.code ?? -1) && result.stdout === '' && oneLine.test(result.stderr);
	return refused
		? undefined
		: `${result.code ?? result.signal}: ${result.stderr.slice(0, 300)} ${difference(result.stdout, whole)}`;
}

function difference(report: string, whole: string): string {
	const lines = new Set(whole.split('\n'));
	return posture(report)
		.split('\n')
		.filter(line => !lines.has(line))
		.join('\n')
		.slice(0, 500);
}
