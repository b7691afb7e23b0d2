/**
 * What `minicontainer` executes: it loads the program with the code that V8 compiled when the program was built.
 *
 * V8 compiles each function when it is first called. In a program that lives for 40 ms this takes 8 of them, where bare
 * Node takes 22. What another version of V8 has compiled, or one with other flags, V8 refuses, and compiles anew: then
 * it is only slower. (Node's own module.enableCompileCache writes to the user's disk, and Node 20 lacks it.)
 */
import {Script} from 'node:vm';
import {readBytes} from './host/read.js';

/** More than any of the files has: what is not used of it is not there. */
const ROOM = 1 << 20;

/** The build's (scripts/build.mjs): the program of all verbs, and the verbs that have one of their own. */
declare const PROGRAM: string;
declare const ALONE: readonly string[];

/** The help is about all verbs. */
const wantsHelp = (words: readonly string[]) => words.some(word => word.startsWith('--help'));
const [, , verb = '', ...words] = process.argv;
export const program = ALONE.includes(verb) && !wantsHelp(words) ? verb : PROGRAM;
const file = `${import.meta.dirname}/${program}.cjs`;
const read = (path: string) => readBytes(path, Number.POSITIVE_INFINITY, ROOM);

/** Absent where the build has made none, which is no reason to fail. */
function compiledCode(): {cachedData?: Buffer} {
	try {
		return {cachedData: read(`${file}.code`)};
	} catch {
		return {};
	}
}

/**
 * A function of the whole program, as the build wraps it; scripts/compile.cjs takes the compiled code from here. Its
 * name is kept in that code, so it is none of the directory where it was built.
 */
export const script = new Script(read(file).toString('latin1'), {filename: 'minicontainer', ...compiledCode()});
script.runInThisContext()(require, import.meta.dirname);
