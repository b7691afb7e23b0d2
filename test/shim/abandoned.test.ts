/** A supervisor does not outlive whom it is to die with, and ends when told to, whoever holds what it writes to. */
import {type ChildProcess, spawn} from 'node:child_process';
import fs from 'node:fs';
import type {Readable} from 'node:stream';
import type {Box} from '../helpers/box.js';
import {helperTest} from '../helpers/helper-test.js';
import {stringify} from '../helpers/shim.js';
import {baseSpec} from '../helpers/spec.js';

/** More than a pipe and the supervisor's own buffers hold. */
const FLOOD = 'head -c 4000000 /dev/zero';

const isThere = (pid: number) =>
	fs.existsSync(`/proc/${pid}/stat`) && !/\) [ZX] /.test(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'));

async function until(isSo: () => boolean): Promise<void> {
	while (!isSo()) {
		await new Promise(resolve => setTimeout(resolve, 10));
	}
}

/** Its output passes through the supervisor, into a pipe that is held open and never read. */
async function flood(box: Box, binary: string, script: string): Promise<{parent: ChildProcess; supervisor: number}> {
	const dir = box.directory('kept');
	const spec = baseSpec(box.rootfs, ['/bin/sh', '-c', script]);
	spec.minicontainer.supervise = {dir};
	const line = '"$0" run --die-with $$ --status-fd 3 "$1" & echo $! >&3; wait';
	const parent = spawn('sh', ['-c', line, binary, box.file('spec.json', stringify(spec))], {
		env: box.env,
		stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
	});
	let said = '';
	(parent.stdio[3] as Readable).setEncoding('utf8').on('data', chunk => (said += chunk));
	await until(() => said.includes('"started"'));
	return {parent, supervisor: Number(/^\d+$/m.exec(said)?.[0])};
}

helperTest('whoever it was to die with is killed, and nobody reads its output', async (t, box, binary) => {
	const {parent, supervisor} = await flood(box, binary, `${FLOOD}; sleep 1000`);
	parent.kill('SIGKILL');
	await until(() => !isThere(supervisor));
	t.false(isThere(supervisor));
	parent.stdout?.destroy();
});

helperTest('told to end after the command’s end, when nobody reads its output', async (t, box, binary) => {
	// What fits into the pipe is written, so that the command ends; what does not, the supervisor holds.
	const {parent, supervisor} = await flood(box, binary, `${FLOOD} & sleep 0.2; kill $!; exit 7`);
	const [child] = [fs.readFileSync(`/proc/${supervisor}/task/${supervisor}/children`, 'utf8').trim()];
	await until(() => child === '' || !isThere(Number(child)));
	// Again and again: one that comes before the supervisor has seen the end was for the command.
	await until(() => {
		const isGone = !isThere(supervisor);
		isGone || process.kill(supervisor, 'SIGTERM');
		return isGone;
	});
	t.false(isThere(supervisor));
	parent.stdout?.destroy();
});
