/**
 * What `minicontainer` executes: it loads the program with the code that V8 compiled when the program was built.
 *
 * V8 compiles each function when it is first called. In a program that lives 40 ms this takes 6 of them, where bare Node
 * takes 22. What another version of V8 has compiled, or one with other flags, V8 refuses, and compiles anew: then it is
 * only slower. The build has made a function of the whole program, for no copy of it to be made here. (Node's own module.enableCompileCache writes to the user's disk, and Node 20 lacks it.)
 */
import {readFileSync} from 'node:fs';
import {Script} from 'node:vm';

const filename = `${import.meta.dirname}/main.cjs`;

/** Absent where the build has made none, which is no reason to fail. */
function compiledCode(): {cachedData?: Buffer} {
	try {
		return {cachedData: readFileSync(`${filename}.code`)};
	} catch {
		return {};
	}
}

/** scripts/compile.cjs takes the compiled code from here. */
export const script = new Script(readFileSync(filename, 'latin1'), {filename, ...compiledCode()});
script.runInThisContext()(require, import.meta.dirname);
