import {Failure, quoted} from '../spec/failure.js';
import {parseBoolean} from './boolean.js';
import {parsePath} from './path.js';

/** What one option says; the rest stays as it is. */
export interface SecurityOption {
	noNewPrivileges?: boolean;
	/** Ours, none, or a file with a profile. */
	seccomp?: 'default' | 'unconfined' | {file: string};
	apparmor?: string;
	label?: string[];
	mask?: string[];
	unmask?: string[];
	procOptions?: string[];
}

const bad = (text: string): never => {
	throw new Failure(`${quoted(text)} is not a security option`, {
		hint: 'use no-new-privileges, seccomp=, apparmor=, label=, mask=, unmask=, systempaths=unconfined or proc-opts=; see the README',
	});
};

/** A part of a SELinux label: of a level colons and commas are parts. */
const LABEL = /^(disable|(user|role|type):[\w.-]+|level:[\w.:,-]+)$/;

/** Absolute, with colons between them. */
const paths = (value: string | undefined, text: string): string[] =>
	value ? value.split(':').map(path => (parsePath(path) === '/' ? bad(text) : parsePath(path))) : bad(text);

/** @param value undefined where the option is a name only */
type Read = (value: string | undefined, text: string) => SecurityOption;

const options: Readonly<Record<string, Read>> = {
	'no-new-privileges': (value = 'true', text) => ({noNewPrivileges: parseBoolean(value) ?? bad(text)}),
	apparmor: (value, text) => (value && /^[^\s:]+(:\/\/[^\s:]+)*$/.test(value) ? {apparmor: value} : bad(text)),
	label: (value, text) => (value && LABEL.test(value) ? {label: [value]} : bad(text)),
	// Podman's.
	mask: (value, text) => ({mask: paths(value, text)}),
	unmask: (value, text) => ({unmask: value?.toUpperCase() === 'ALL' ? ['ALL'] : paths(value, text)}),
	// Docker's for the same.
	systempaths: (value, text) => (value === 'unconfined' ? {unmask: ['ALL']} : bad(text)),
	'proc-opts': (value, text) => ({procOptions: value ? value.split(',') : bad(text)}),
	seccomp: (value, text) => {
		if (!value) return bad(text);
		return {seccomp: value === 'default' || value === 'unconfined' ? value : {file: value}};
	},
};

/**
 * The value of `--security-opt`: a name, `=` or `:`, and what it is to be.
 *
 * @throws Failure
 */
export const parseSecurityOpt = (text: string): SecurityOption => {
	const [, name = '', value] = /^([^=:]+)(?:[=:](.*))?$/s.exec(text) ?? [];
	if (/\0/.test(text) || !Object.hasOwn(options, name)) return bad(text);
	return options[name]?.(value, text) ?? bad(text);
};
