import {Failure, quoted} from '../spec/failure.js';
import {parseBoolean} from './boolean.js';

export interface SecurityOption {
	noNewPrivileges: boolean;
}

/** What docker and podman have besides: a protection that is asked for and not given must stop the run. */
const unsupported = ['apparmor', 'label', 'mask', 'proc-opts', 'seccomp', 'systempaths', 'unmask'];

/**
 * `no-new-privileges`, with `=` or `:` and `true` or `false`.
 *
 * @throws Failure
 */
export const parseSecurityOpt = (text: string): SecurityOption => {
	const [, name = '', value = 'true'] = /^([^=:]+)(?:[=:](.*))?$/s.exec(text) ?? [];
	if (unsupported.includes(name)) throw new Failure(`${quoted(name)} is not supported yet`);
	const noNewPrivileges = name === 'no-new-privileges' ? parseBoolean(value) : undefined;
	if (noNewPrivileges === undefined)
		throw new Failure(`${quoted(text)} is not a security option: use no-new-privileges[=true|false]`);
	return {noNewPrivileges};
};
