import {Failure, quoted} from '../spec/failure.js';

/** Whether a container has control groups of its own. */
export type CgroupsMode = 'enabled' | 'disabled';

/**
 * Podman's flag; its `no-conmon` and `split` are about processes that we do not have.
 *
 * @throws Failure
 */
export const parseCgroups = (text: string): CgroupsMode => {
	if (text === 'enabled' || text === 'disabled') return text;
	throw new Failure(`${quoted(text)} is not supported: use enabled or disabled`);
};
