import {doorOf} from '../host/door.js';
import {MOST_ACCOUNTS} from '../host/facts.js';
import {waitForForeground} from '../host/foreground.js';
import {readInRoot} from '../host/inroot.js';
import {stateDirectory} from '../host/paths.js';
import {findHelper, openNameless, runDetached, runHelper} from '../host/shim.js';
import {catchSignals} from '../host/signals.js';
import {type ExecRequest, planExec} from '../plan/exec.js';
import {encode} from '../spec/encode.js';
import {Failure} from '../spec/failure.js';
import type {Spec} from '../spec/types.js';
import type {Complain} from './complain.js';
import {exitCode} from './ending.js';
import {findRunning, type Running} from './lookup.js';
import {isPaused} from './pause.js';
import {readEnvFiles} from './prepare.js';
import {specOf} from './spec.js';
import {titleOf} from './title.js';

export interface ExecInvocation {
	root?: string | undefined;
	request: ExecRequest;
	envFiles: readonly string[];
	detach: boolean;
}

/**
 * Runs one more command in a running container.
 *
 * @returns the exit code: the command's own, or 128+n when signal n killed it; 0 for one in the background
 */
export async function exec(invocation: ExecInvocation, reference: string, complain: Complain): Promise<number> {
	const {request: asked, envFiles, detach} = invocation;
	const helper = findHelper();
	const container = findRunning(stateDirectory(invocation.root), reference);
	if (isPaused(container)) {
		throw new Failure(`container ${titleOf(container)} is paused`, {hint: 'unpause it first'});
	}

	const request = {...asked, env: [...readEnvFiles(envFiles), ...(asked.env ?? [])]};
	const own = specOf(container);
	const spec = planExec(own, request, factsOf(container, own));
	const {tty = false, interactive = false} = request;
	if (tty && interactive && !detach) {
		waitForForeground();
	}

	const running = catchSignals();
	const files = openNameless(container.directory, encode(spec));
	try {
		if (!detach) {
			return exitCode(await runHelper({helper, ...files, running, tty}), complain);
		}

		await runDetached({helper, ...files, running});
		return 0;
	} finally {
		files.close();
	}
}

/** The accounts are read in the container's own view, by a path that no link in it leads out of. */
function factsOf({state}: Running, {minicontainer: {init = false}}: Spec) {
	const {pid, startTime} = doorOf(state.pid, state.startTime, init);
	const [passwd = '', group = ''] = readInRoot([`/proc/${pid}/root`], ['etc/passwd', 'etc/group'], MOST_ACCOUNTS);
	return {pid, startTime, passwd, group, env: process.env};
}
