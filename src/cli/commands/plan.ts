import {planOnly} from '../../runtime/plan.js';
import type {Verb} from '../base.js';
import {invocationOf} from '../invocation.js';
import {emptyDraft} from '../option.js';
import {planSections} from '../options.js';
import {print} from '../output.js';

export const plan: Verb = {
	name: 'plan',
	group: 'Run containers',
	summary: 'Print what run would do, as JSON, and touch nothing',
	details: `
The plan is a spec that \`mc-init run FILE\` takes as it is. It takes the same flags as run; only that the changes to the
root file system are kept in memory unless \`--overlay\` says otherwise, so that the file is complete in itself.`,
	examples: [
		['Look at a plan, then run it without Node', 'plan --rootfs ./rootfs /bin/id >spec.json; mc-init run spec.json'],
		['The same container with another runtime', 'plan --oci --rootfs ./rootfs /bin/id >bundle/config.json'],
	],
	operands: ['COMMAND', 'ARG…'],
	sections: planSections,
	newDraft: emptyDraft,
	async act(draft, rest) {
		print(await planOnly(invocationOf(draft, rest), draft.oci));
		return 0;
	},
};
