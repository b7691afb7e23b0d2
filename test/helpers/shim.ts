import {spawn} from 'node:child_process';
import type {Readable, Writable} from 'node:stream';
import type {Event} from '../../src/spec/events.js';
import type {Box} from './box.js';

/** The end of a run of the helper alone. */
export interface HelperResult {
	code: number | null;
	signal: string | null;
	stdout: string;
	stderr: string;
	events: Event[];
}

/**
 * `mc-init run --spec-fd 3 --status-fd 4`, as the CLI calls it. `onEvent` sees each event as it comes, and may act on
 * the helper.
 */
export async function runHelper(
	box: Box,
	binary: string,
	spec: unknown,
	onEvent: (event: Event, helper: {pid: number; kill: (signal: NodeJS.Signals) => void}) => void = () => {},
): Promise<HelperResult> {
	const child = spawn(binary, ['run', '--spec-fd', '3', '--status-fd', '4'], {
		cwd: box.dir,
		env: box.env,
		stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
	});
	const text = {stdout: '', stderr: '', events: ''};
	let told = 0;
	const tell = () => {
		for (const line of text.events.split('\n').slice(0, -1).slice(told)) {
			told++;
			onEvent(JSON.parse(line), {pid: child.pid ?? 0, kill: signal => child.kill(signal)});
		}
	};
	collect(child.stdout as Readable, chunk => (text.stdout += chunk));
	collect(child.stderr as Readable, chunk => (text.stderr += chunk));
	collect(child.stdio[4] as Readable, chunk => {
		text.events += chunk;
		tell();
	});
	const input = child.stdio[3] as Writable;
	// A helper that dies early breaks the pipe; its status tells.
	input.on('error', () => {});
	input.end(typeof spec === 'string' ? spec : stringify(spec));
	const [code, signal] = await new Promise<[number | null, string | null]>((resolve, reject) => {
		child.on('error', reject);
		child.on('close', (...end) => resolve(end));
	});
	return {code, signal, stdout: text.stdout, stderr: text.stderr, events: events(text.events)};
}

export function events(text: string): Event[] {
	return text
		.split('\n')
		.filter(line => line)
		.map(line => JSON.parse(line));
}

function collect(stream: Readable, add: (chunk: string) => void): void {
	stream.setEncoding('utf8');
	stream.on('data', add);
}

/** JSON with whole 64-bit numbers. */
export function stringify(value: unknown): string {
	const marked = JSON.stringify(value, (_key, item) => (typeof item === 'bigint' ? `bigint:${item}` : item));
	return marked.replaceAll(/"bigint:(\d+)"/g, '$1');
}
