import {Failure, quoted} from '../spec/failure.js';
import type {Process} from '../spec/types.js';
import type {Wanted} from './defaults.js';

/** The parts of a label and what containers have where nothing is said (container-selinux's policy). */
const parts = [
	['user', 'system_u'],
	['role', 'system_r'],
	['type', 'container_t'],
	['level', 's0'],
] as const;

const labelOf = (options: readonly string[]): string => {
	const said = new Map(options.map(option => [option.split(':')[0], option.slice(option.indexOf(':') + 1)]));
	return parts.map(([name, usual]) => said.get(name) ?? usual).join(':');
};

const missing = (module: string): never => {
	throw new Failure(`this machine has no ${module}: it cannot confine the container`);
};

/**
 * What the kernel's security modules are to know the command as. `unconfined` and `disable` ask for what there is anyway.
 *
 * @throws Failure for a module that is not there
 */
export const planLabels = ({apparmor, label, modules}: Wanted): Pick<Process, 'apparmorProfile' | 'selinuxLabel'> => {
	const isProfile = apparmor !== undefined && apparmor !== 'unconfined';
	const isLabel = label.length > 0 && !label.includes('disable');
	if (isProfile && !modules.includes('apparmor')) missing('AppArmor');
	if (isLabel && !modules.includes('selinux')) missing('SELinux');
	if (label.includes('disable') && label.length > 1)
		throw new Failure(`${quoted(label.join(' '))}: label=disable leaves nothing to say of a label`);
	return {...(isProfile && {apparmorProfile: apparmor}), ...(isLabel && {selinuxLabel: labelOf(label)})};
};
