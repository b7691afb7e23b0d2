import {parseEnv} from '../../parse/env.js';
import {checkPath, parsePath} from '../../parse/path.js';
import {parseUser} from '../../parse/user.js';
import {type ExecInvocation, exec as execIn} from '../../runtime/exec.js';
import type {Verb} from '../base.js';
import {general} from '../general.js';
import {Misuse} from '../misuse.js';
import {flag, type General, list, section, single, toggle} from '../option.js';

interface Exec extends General {
	request: {-readonly [Key in keyof ExecInvocation['request']]: ExecInvocation['request'][Key]};
	envFiles: string[];
	detach: boolean;
}

export const exec: Verb<Exec> = {
	name: 'exec',
	group: 'Run containers',
	summary: 'Run one more command in a running container',
	details: `
It shares everything with the container's own command: files, processes, network, capabilities and limits. The exit code
is the command's, as with run.`,
	examples: [
		['A shell', 'exec -it web /bin/sh'],
		['As another user, somewhere else', 'exec -u nobody -w /tmp web /bin/id'],
	],
	operands: ['CONTAINER', 'COMMAND', 'ARG…'],
	sections: [
		section<Exec>(
			'Command',
			list('-e, --env NAME[=VALUE]', "set a variable; without =VALUE to the caller's value", ({request}, text) => {
				request.env = [...(request.env ?? []), parseEnv(text)];
			}),
			list('--env-file FILE', 'read variables from a file, one a line', (draft, text) => {
				draft.envFiles.push(checkPath(text));
			}),
			single('-w, --workdir DIR', "working directory; the container's by default", ({request}, text) => {
				request.workdir = parsePath(text);
			}),
			single('-u, --user USER[:GROUP]', "names or ids, looked up in the container's files", ({request}, text) => {
				request.user = parseUser(text);
			}),
		),
		section<Exec>(
			'Terminal',
			toggle('-i, --interactive', 'pass standard input on; without it, it is empty', ({request}, on) => {
				request.interactive = on;
			}),
			toggle('-t, --tty', 'give the command a terminal of its own', ({request}, on) => {
				request.tty = on;
			}),
			toggle('-d, --detach', 'run it in the background', flag('detach')),
		),
		general,
	],
	newDraft: () => ({request: {args: []}, envFiles: [], detach: false}),
	act({root, request, envFiles, detach}, [container, ...args], complain) {
		if (container === undefined || args.length === 0) {
			throw new Misuse(container === undefined ? 'CONTAINER is missing' : 'COMMAND is missing');
		}

		return execIn({root, request: {...request, args}, envFiles, detach}, container, complain);
	},
};
