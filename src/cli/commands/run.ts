import {run as runContainer} from '../../runtime/run.js';
import type {Verb} from '../base.js';
import {invocationOf} from '../invocation.js';
import {emptyDraft} from '../option.js';
import {runSections} from '../options.js';
import {print} from '../output.js';

export const run: Verb = {
	name: 'run',
	group: 'Run containers',
	summary: 'Run a command in a container',
	details: `
The container ends when the command ends. It stays, with what it has changed and what it wrote, until \`rm\`; with
\`--rm\` it leaves nothing behind. Everything after COMMAND is the command's own.

The exit code is the command's; 128+n when signal n killed it; 125 when MiniContainer itself failed, 126 when the
command cannot be executed, 127 when it was not found.`,
	examples: [
		['A shell', 'run --rm -it --rootfs ./rootfs /bin/sh'],
		['One command, with a host name and a variable', 'run --rm --rootfs ./rootfs --hostname box -e FOO=bar /bin/env'],
		['A directory of the host, read-only', 'run --rm --rootfs ./rootfs -v "$PWD:/src:ro" -w /src /bin/ls -l'],
		['A service in the background', 'run -d --name web --rootfs ./rootfs /bin/httpd -f'],
		['A throw-away copy of this very machine', 'run --rm -it --rootfs / --overlay tmpfs /bin/bash'],
	],
	operands: ['COMMAND', 'ARG…'],
	sections: runSections,
	newDraft: emptyDraft,
	act: (draft, rest, complain) => runContainer(invocationOf(draft, rest), complain, id => print(`${id}\n`)),
};
