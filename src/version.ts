import {readFileSync} from 'node:fs';

/** Read when asked for: package.json lies beside this directory, both in a checkout (src) and in a package (dist). */
export function version(): string {
	return JSON.parse(readFileSync(`${import.meta.dirname}/../package.json`, 'utf8')).version;
}
