/** Compiled filters: what a run needs of a profile, made once and kept. */
import {closeSync, constants, fstatSync, openSync, renameSync, statSync, unlinkSync, writeSync} from 'node:fs';
import {normalize} from 'node:path';
import {Failure} from '../spec/failure.js';
import {absolute, makePrivate} from './paths.js';
import {readDescriptor, readText} from './read.js';

/** With a filter of 4096 instructions and the longest profile. */
const LONGEST_ENTRY = 2 ** 21;

/**
 * The filter of a profile, as base64.
 *
 * @param profile JSON, on one line
 * @param at where containers are kept
 * @param keep whether a compiled one may be written there, for the next time
 * @throws Failure with the compiler's words
 */
export function filterOf(profile: string, at: string, keep: boolean): string {
	const compiler = findCompiler();
	const head = `${identityOf(compiler)}\n${profile}\n`;
	const directory = `${at}/seccomp`;
	const file = `${directory}/${digest(head, NAME_STEP)}`;
	const kept = readEntry(file, head);
	if (kept) {
		return kept;
	}

	const filter = compile(compiler, profile);
	if (keep) {
		writeEntry(directory, file, `${digest(filter)}\n${head}${filter}`);
	}

	return filter;
}

/** What profiles ask about the machine. */
export const kernelFacts = () => ({arch: process.arch, kernel: readText('/proc/sys/kernel/osrelease').trim()});

/** Those that are at work, as far as they can confine a process. */
export const securityModules = (): string[] => [
	...(readText('/sys/module/apparmor/parameters/enabled').startsWith('Y') ? ['apparmor'] : []),
	...(readText('/sys/fs/selinux/enforce') === '' ? [] : ['selinux']),
];

/** MC_SECCOMP names another one, for tests; see findHelper(). */
function findCompiler(): string {
	const here = import.meta.dirname;
	const named = process.env.MC_SECCOMP;
	const places = named
		? [absolute(named)]
		: [`${here}/../shim/mc-seccomp`, `${here}/mc-seccomp-${process.arch}`, `${here}/../../shim/mc-seccomp`];
	const found = places.find(place => statSync(place, {throwIfNoEntry: false})?.isFile());
	if (!found) {
		throw new Failure(named ? `MC_SECCOMP: ${named} not found` : 'mc-seccomp not found: run npm run build');
	}

	return normalize(found);
}

/** Another version, of it or of the library in it, is another file. To ask it would take longer than to compile. */
function identityOf(compiler: string): string {
	const {size, mtimeMs, ino} = statSync(compiler);
	return `mc-seccomp ${size} ${mtimeMs} ${ino}`;
}

/** A name needs no more to tell profiles apart: what is found by it is compared as a whole. */
const NAME_STEP = 8;

/**
 * 64 bits: tells damage, and profiles apart; whoever could forge one could write the whole entry.
 *
 * @param step every how many words one is looked at
 */
function digest(text: string, step = 1): string {
	const bytes = Buffer.alloc(Math.ceil(Buffer.byteLength(text) / 4) * 4);
	bytes.write(text);
	const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
	let a = 0x811c9dc5;
	let b = words.length;
	for (let i = 0; i < words.length; i += step) {
		const word = words[i] as number;
		a = Math.imul(a ^ word, 0x01000193);
		b = Math.imul(b ^ (a >>> 15), 0x85ebca6b) + word;
	}

	return [a, b].map(half => (half >>> 0).toString(16).padStart(8, '0')).join('');
}

/**
 * An entry is the digest of the filter, who compiled it, of what, and the filter: a line each.
 *
 * @returns undefined for one that is not there, not ours alone, damaged or another profile's: it is made anew
 */
function readEntry(file: string, head: string): string | undefined {
	const text = readOwn(file);
	const [sum] = text.split('\n', 1);
	const rest = text.slice((sum?.length ?? 0) + 1);
	const filter = rest.slice(head.length);
	return rest.startsWith(head) && digest(filter) === sum ? filter : undefined;
}

/** '' unless it is a plain file of the caller's own that nobody else may write or read. */
function readOwn(file: string): string {
	try {
		const fd = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
		try {
			const stat = fstatSync(fd);
			return stat.isFile() && isOwn(stat) ? readDescriptor(fd, LONGEST_ENTRY, stat.size + 1).toString() : '';
		} finally {
			closeSync(fd);
		}
	} catch {
		return '';
	}
}

const isOwn = ({uid, mode}: {uid: number; mode: number}) => uid === process.geteuid?.() && (mode & 0o077) === 0;

function compile(compiler: string, profile: string): string {
	const {spawnSync} = process.getBuiltinModule('node:child_process');
	const {status, stdout, stderr, error} = spawnSync(compiler, [], {input: profile, env: {}, timeout: 60_000});
	if (status !== 0) {
		const why = stderr?.toString().trim() || error?.message || 'it was killed';
		throw new Failure(`seccomp profile: ${why.replace(/^mc-seccomp: profile: /, '')}`);
	}

	return stdout.toString('base64');
}

/** Whole or not at all. That it could not be kept only costs time: a full disk is the run's own to complain of. */
function writeEntry(directory: string, file: string, entry: string): void {
	const fresh = `${file}.${process.pid}`;
	try {
		makePrivate(directory);
		unlinkIfThere(fresh);
		const fd = openSync(fresh, 'wx', 0o600);
		try {
			writeSync(fd, entry);
		} finally {
			closeSync(fd);
		}

		renameSync(fresh, file);
	} catch {
		unlinkIfThere(fresh);
	}
}

function unlinkIfThere(file: string): void {
	try {
		unlinkSync(file);
	} catch {
		// It is not there, or not ours to remove: then what is written next fails, and says so.
	}
}
