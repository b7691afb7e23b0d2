/** The helper as what it is for files: a filter, which reads or writes an archive. */
import type {ChildProcess, StdioOptions} from 'node:child_process';
import type {Readable} from 'node:stream';
import {failure} from './reason.js';
import {type Ending, endingOf, findHelper, openNameless, type RunFiles} from './shim.js';
import type {Kill} from './signals.js';
import {describe} from './spawn.js';

type Stream = 'ignore' | 'inherit' | 'pipe' | Readable;

interface Stage {
	child: ChildProcess;
	/** Rejects with a Failure when it does not say how it ended. */
	end: Promise<Ending>;
}

/**
 * Runs one helper after the other, what the first writes being what the second reads; the ends of the line are ours.
 *
 * @param directory where files may lie for a moment
 * @param specs of one helper or two
 * @param running called with the means to signal all of them
 * @returns how each ended
 */
export async function runPipeline(
	directory: string,
	specs: readonly string[],
	running: (kill: Kill) => void,
): Promise<Ending[]> {
	const [first, second] = specs;
	if (first === undefined || second === undefined) {
		const stage = start(directory, first ?? '', 'inherit', 'inherit');
		running(signal => stage.child.kill(signal));
		return [await stage.end];
	}

	const from = start(directory, first, 'ignore', 'pipe');
	const to = start(directory, second, from.child.stdout ?? 'ignore', 'ignore');
	// Theirs alone: who reads is to see the end, and who writes that nobody reads any more.
	from.child.stdout?.destroy();
	running(signal => {
		from.child.kill(signal);
		to.child.kill(signal);
	});
	return settle([from.end, to.end]);
}

/** @returns what a helper wrote, and how it ended */
export async function runForOutput(directory: string, spec: string): Promise<{output: Buffer; ending: Ending}> {
	const {child, end} = start(directory, spec, 'ignore', 'pipe');
	const chunks: Buffer[] = [];
	child.stdout?.on('data', chunk => chunks.push(chunk));
	const closed = new Promise(resolve => child.on('close', resolve));
	const ending = await end;
	await closed;
	return {output: Buffer.concat(chunks), ending};
}

/** All have ended when this does, also when one of them failed. */
async function settle(ends: readonly Promise<Ending>[]): Promise<Ending[]> {
	await Promise.allSettled(ends);
	return Promise.all(ends);
}

function start(directory: string, spec: string, stdin: Stream, stdout: Stream): Stage {
	const {spawn} = process.getBuiltinModule('node:child_process');
	const helper = findHelper();
	const files = openFiles(directory, spec);
	const args = ['run', '--spec-fd', '3', '--status-fd', '4', '--die-with', String(process.pid)];
	const stdio: StdioOptions = [stdin, stdout, 'inherit', files.specFd, files.statusFd];
	const child = spawn(helper, args, {stdio, detached: true});
	const end = new Promise<Ending>((resolve, reject) => {
		child.on('error', cause => reject(failure(`cannot execute ${helper}`, cause)));
		child.on('exit', (code, signal) => {
			try {
				resolve(endingOf(helper, describe(code, signal), files.statusFd));
			} catch (error) {
				reject(error);
			}
		});
	}).finally(files.close);
	return {child, end};
}

function openFiles(directory: string, spec: string): RunFiles {
	try {
		return openNameless(directory, spec);
	} catch (cause) {
		throw failure(`cannot use ${directory}`, cause, 'the container may just have been removed');
	}
}
