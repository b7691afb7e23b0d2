import type {ExecutionContext} from 'ava';
import type {Box} from './box.js';

/** A container `c` that has run this script, and then waits; it is removed afterwards. */
export async function withContainer(
	t: ExecutionContext,
	box: Box,
	flags: readonly string[],
	script: string,
	body: () => Promise<unknown>,
): Promise<void> {
	const rootfs = flags.includes('--rootfs') ? [] : ['--rootfs', box.rootfs];
	const command = ['/bin/busybox', 'sh', '-c', `${script}\necho ready; exec /bin/busybox sleep 1000`];
	const started = await box.cli(['run', '-d', '--name', 'c', ...rootfs, ...flags, ...command]);
	t.is(started.code, 0, started.stderr);
	try {
		for (let i = 0; i < 200 && !(await box.cli(['logs', 'c'])).stdout.includes('ready'); i++) {
			await new Promise(resolve => setTimeout(resolve, 10));
		}

		await body();
	} finally {
		await box.cli(['rm', '-f', 'c']);
	}
}

/** `cp` with these words works, and says nothing. */
export async function copies(t: ExecutionContext, box: Box, ...words: string[]): Promise<void> {
	t.deepEqual(await box.cli(['cp', ...words]), {code: 0, signal: undefined, stdout: '', stderr: ''}, words.join(' '));
}

/** What a line of shell says in the container. */
export const inside = async (box: Box, script: string): Promise<string> =>
	(await box.cli(['exec', 'c', '/bin/busybox', 'sh', '-c', script])).stdout;
