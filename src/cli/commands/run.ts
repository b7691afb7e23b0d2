import {run as runContainer} from '../../runtime/run.js';
import type {Verb} from '../base.js';
import {invocationOf} from '../invocation.js';
import {containerSections} from '../options.js';

export const run: Verb = {
	name: 'run',
	summary: 'Run a command in a container',
	details: `
The container ends when the command ends, and leaves nothing behind. Everything after COMMAND is the command's own.

The exit code is the command's; 128+n when signal n killed it; 125 when MiniContainer itself failed, 126 when the
command cannot be executed, 127 when it was not found.`,
	examples: [
		['A shell', 'run -it --rootfs ./rootfs /bin/sh'],
		['One command, with a host name and a variable', 'run --rootfs ./rootfs --hostname box -e FOO=bar /bin/env'],
		['A directory of the host, read-only', 'run --rootfs ./rootfs -v "$PWD:/src:ro" -w /src /bin/ls -l'],
		['A throw-away copy of this very machine', 'run -it --rootfs / --overlay tmpfs /bin/bash'],
	],
	sections: containerSections,
	act: (draft, rest, complain) => runContainer(invocationOf(draft, rest), complain),
};
