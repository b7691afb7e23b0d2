/** Reading and turning what the kernel keeps of a container's control groups. */
import {writeFileSync} from 'node:fs';
import {readText} from './read.js';
import {failure} from './reason.js';

/** @returns a file's one number; Infinity for `max`, 0 where there is none */
export function readNumber(file: string): number {
	const text = readText(file).trim();
	return text === 'max' ? Number.POSITIVE_INFINITY : Number(text) || 0;
}

/** @returns the number after a name, of lines `NAME NUMBER`; 0 where there is none */
export const readEntry = (file: string, name: string): number =>
	Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(readText(file))?.[1] ?? 0);

/** Bytes read and written, `8:0 Read 5` of version 1, `8:0 rbytes=5` of version 2. */
export function readTransfers(file: string): {read: number; written: number} {
	const text = readText(file);
	const sum = (word: RegExp) => [...text.matchAll(word)].reduce((total, [, bytes]) => total + Number(bytes), 0);
	return {read: sum(/(?:^\S+ Read |\brbytes=)(\d+)/gm), written: sum(/(?:^\S+ Write |\bwbytes=)(\d+)/gm)};
}

/** A file of a group's that takes what is written to it. */
export function writeSetting(file: string, value: string): void {
	try {
		writeFileSync(file, value, {flag: 'r+'});
	} catch (cause) {
		throw failure(`cannot write ${value} to ${file}`, cause);
	}
}
