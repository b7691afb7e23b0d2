/** System calls by number, the compiler, and what a filter would answer. */
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type {Seccomp} from '../../src/spec/seccomp.js';
import {project} from './project.js';

export const compiler = path.join(project, 'shim/mc-seccomp');

const headers: Partial<Record<NodeJS.Architecture, string>> = {
	x64: '/usr/include/x86_64-linux-gnu/asm/unistd_64.h',
	arm64: '/usr/include/asm-generic/unistd.h',
};

/** Of this machine's kernel headers: name → number. */
export const numbers: ReadonlyMap<string, number> = new Map(
	[...fs.readFileSync(headers[process.arch] ?? '', 'utf8').matchAll(/^#define __NR_(\w+)\s+(\d+)$/gm)].map(
		([, name = '', number]) => [name, Number(number)],
	),
);

export const numberOf = (name: string): number => {
	const number = numbers.get(name);
	if (number === undefined) throw new Error(`no system call ${name}`);
	return number;
};

export interface Compiled {
	filter: Buffer;
	/** What the compiler complained of. */
	error: string;
}

export function compile(profile: Seccomp | string): Compiled {
	const input =
		typeof profile === 'string'
			? profile
			: JSON.stringify(profile, (_, value) => (typeof value === 'bigint' ? Number(value) : value));
	const {status, stdout, stderr} = spawnSync(compiler, [], {input});
	if ((status === 0) !== (stderr.length === 0)) throw new Error(`mc-seccomp: ${status} ${stderr}`);
	return {filter: stdout, error: stderr.toString().trim()};
}

export interface Call {
	number: number;
	/** AUDIT_ARCH_*; absent: this machine's. */
	arch?: number;
	args?: readonly (number | bigint)[];
}

const ARCHES: Partial<Record<NodeJS.Architecture, number>> = {x64: 0xc000003e, arm64: 0xc00000b7};

/** struct seccomp_data */
function dataOf({number, arch = ARCHES[process.arch] ?? 0, args = []}: Call): Buffer {
	const data = Buffer.alloc(64);
	data.writeUInt32LE(number >>> 0, 0);
	data.writeUInt32LE(arch, 4);
	for (const [index, value] of args.entries()) data.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value)), 16 + 8 * index);
	return data;
}

type Jump = (a: number, k: number) => boolean;

const jumps: Readonly<Record<number, Jump>> = {
	5: () => true,
	21: (a, k) => a === k,
	37: (a, k) => a > k,
	53: (a, k) => a >= k,
	69: (a, k) => (a & k) !== 0,
};

/** Runs a filter as the kernel would; seccomp(2)'s return value. */
export function answer(filter: Buffer, call: Call): number {
	const data = dataOf(call);
	let accumulator = 0;
	for (let pc = 0; pc < filter.length / 8; pc++) {
		const [code, jt, jf, k] = [
			filter.readUInt16LE(pc * 8),
			filter.readUInt8(pc * 8 + 2),
			filter.readUInt8(pc * 8 + 3),
			filter.readUInt32LE(pc * 8 + 4),
		];
		const jump = jumps[code];
		if (code === 0x06) return k;
		else if (code === 0x20) accumulator = data.readUInt32LE(k);
		else if (code === 0x54) accumulator = (accumulator & k) >>> 0;
		else if (code === 0x05) pc += k;
		else if (jump) pc += jump(accumulator, k) ? jt : jf;
		else throw new Error(`instruction ${pc} has code ${code}`);
	}

	throw new Error('the filter has no end');
}

export const ALLOW = 0x7fff0000;
export const KILL_PROCESS = 0x80000000;
export const errno = (number: number) => 0x50000 + number;
