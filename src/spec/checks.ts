/** What the tables of fields.ts cannot say: the grammar of strings, and what must hold between the keys of one object. */
import {MOUNT_ATTRIBUTES, MOUNT_OPTIONS, sysctlNamespace} from './names.js';
import type {Verify} from './schema.js';
import type {Device, Files, HostProgram, Mount, Overlay, Rlimit} from './types.js';

type Complaint = (text: string) => string | undefined;

const ID = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/;
const SYSCTL_LETTERS = /^[a-z0-9_.-]+$/;
/** `key` or `key=value`, for fsconfig(2). */
const DATA = /^[A-Za-z0-9_.:-]+(=|$)/;
const PATH = 'must be an absolute path without . or .. or // or / at its end';

const isClean = (text: string): boolean =>
	text.startsWith('/') &&
	!text
		.slice(1)
		.split('/')
		.some(name => name === '' || name === '.' || name === '..');

export const path: Complaint = text => (text === '/' || isClean(text) ? undefined : PATH);

export const pathBelowRoot: Complaint = text => (text === '/' ? 'must not be /' : path(text));

export const part: Complaint = text =>
	pathBelowRoot(text) ?? (text.includes('/', 1) ? 'must be directly below /' : undefined);

export const absolute: Complaint = text => (text.startsWith('/') ? undefined : 'must be an absolute path');

export const deviceAccess: Complaint = text => (/^[rwm]+$/.test(text) ? undefined : 'must be some of r, w and m');

export const ociVersion: Complaint = text => (text.startsWith('1.') ? undefined : 'must start with 1.');

export const environment: Complaint = text => (text.indexOf('=') > 0 ? undefined : 'must be NAME=value');

/** sethostname(2) takes a newline; programs that print the name do not. */
export const line: Complaint = text => (text.includes('\n') ? 'must be one line' : undefined);

export const notEmpty: Complaint = text => (text === '' ? 'must not be empty' : undefined);

export const atMost =
	(bytes: number): Complaint =>
	text =>
		new TextEncoder().encode(text).length > bytes ? `longer than ${bytes} bytes` : undefined;

/** It becomes the name of a directory: no slash, and no leading dot or dash. */
export const id: Complaint = text =>
	ID.test(text) ? undefined : 'must be 1 to 128 of A-Z a-z 0-9 _ . - and start with a letter or digit';

/** A name becomes a path below /proc/sys: other spellings of it must not lead elsewhere (CVE-2022-0811). */
export const sysctlName: Complaint = text => {
	const hasEmptySegment = text.startsWith('.') || text.endsWith('.') || text.includes('..');
	if (!SYSCTL_LETTERS.test(text) || hasEmptySegment) return 'must be segments of a-z 0-9 _ - with dots between them';
	return sysctlNamespace(text) ? undefined : 'belongs to no namespace: it would change the host';
};

/** Four characters are three bytes; the last of them may be padding, whose bits are 0. */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$/;
const INSTRUCTION = 8;
const MAX_INSTRUCTIONS = 4096;

/** Whether it is a program that may be loaded, the kernel says; here only that it is as long as one can be. */
export const filter: Complaint = text => {
	const bytes = (text.length / 4) * 3 - (text.length - text.replace(/=+$/, '').length);
	const isProgram = BASE64.test(text) && bytes > 0 && bytes % INSTRUCTION === 0;
	return isProgram && bytes <= MAX_INSTRUCTIONS * INSTRUCTION
		? undefined
		: 'must be base64 of 1 to 4096 instructions of 8 bytes';
};

export const rootOption: Complaint = text =>
	MOUNT_ATTRIBUTES.includes(text) ? undefined : 'not an attribute of a mount';

export const verifyRlimit: Verify<Rlimit> = limit =>
	limit.soft > limit.hard ? {path: ['soft'], what: 'more than hard'} : undefined;

const isBindOption = (text: string) => text === 'bind' || text === 'rbind';
const isForBinds = (text: string) => isBindOption(text) || text === 'idmap' || text === 'ridmap';

const mountOption = (text: string, isBind: boolean): string | undefined => {
	if (isForBinds(text)) return isBind ? undefined : 'only for type bind';
	return MOUNT_OPTIONS.includes(text) || (!isBind && DATA.test(text)) ? undefined : 'unknown mount option';
};

export const verifyProgram: Verify<Pick<HostProgram, 'args'>> = ({args: [program = '']}) => {
	const what = pathBelowRoot(program);
	return what ? {path: ['args', 0], what} : undefined;
};

export const verifyMount: Verify<Mount> = mount => {
	const isBind = mount.type === 'bind';
	const wrongSource = isBind ? path(mount.source) : undefined;
	if (wrongSource) return {path: ['source'], what: wrongSource};
	const [uids, gids] = [mount.uidMappings?.length ?? 0, mount.gidMappings?.length ?? 0];
	if ((uids === 0) !== (gids === 0)) return {path: [uids > 0 ? 'gidMappings' : 'uidMappings'], what: 'missing'};
	if (uids > 0 && !isBind) return {path: ['uidMappings'], what: 'only for type bind'};
	for (const [index, option] of mount.options.entries()) {
		const what = mountOption(option, isBind);
		if (what) return {path: ['options', index], what};
	}
	// With or without submounts is a decision, and the planner's.
	return isBind && !mount.options.some(isBindOption) ? {path: ['options'], what: 'needs bind or rbind'} : undefined;
};

export const verifyDevice: Verify<Device> = device => {
	const isFifo = device.type === 'p';
	for (const key of ['major', 'minor'] as const) {
		if ((device[key] !== undefined) === isFifo) return {path: [key], what: isFifo ? 'not for a fifo' : 'missing'};
	}
	return undefined;
};

export const verifyOverlay: Verify<Overlay> = overlay => {
	const onDisk = overlay.upper !== undefined || overlay.work !== undefined;
	if (onDisk === (overlay.tmpfs !== undefined)) return {path: [], what: 'needs either upper and work, or tmpfs'};
	const lacking = (['upper', 'work'] as const).find(key => onDisk && overlay[key] === undefined);
	if (lacking) return {path: [lacking], what: 'missing'};
	const whole = onDisk || overlay.stacked || overlay.lower.length !== 1;
	if (!overlay.parts || !whole) return undefined;
	return {path: ['parts'], what: 'only with tmpfs, one lower layer and not stacked'};
};

export const verifyFiles: Verify<Files> = ({pack, unpack, diff}) =>
	[pack, unpack, diff].filter(kind => kind !== undefined).length === 1
		? undefined
		: {path: [], what: 'needs one of pack, unpack and diff'};
