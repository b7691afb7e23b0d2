import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

/** The checkout. */
export const project = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
export const cli = path.join(project, 'dist/minicontainer.cjs');
export const helper = path.join(project, 'shim/mc-init');
export const sanitizedHelper = path.join(project, 'shim/mc-init-asan');

/** How much longer everything takes than on a usual machine, such as in a VM whose processor is emulated. */
export const slowness = Number(process.env.MC_SLOWNESS ?? 1);

export const isRoot = process.geteuid?.() === 0;

/** Does newuidmap(1) grant this user more than one id? */
export const hasRanges =
	!isRoot &&
	fs.existsSync('/usr/bin/newuidmap') &&
	owns('/etc/subuid', execFileSync('id', ['-un'], {encoding: 'utf8'}));

function owns(file: string, user: string): boolean {
	return (
		fs.existsSync(file) &&
		fs
			.readFileSync(file, 'utf8')
			.split('\n')
			.some(line => line.startsWith(`${user.trim()}:`))
	);
}

/** The path of one of the programs in fixtures/payload; built when it is missing. */
export function payload(name: 'probe' | 'attempt' | 'calls' | 'terminal' | 'timing' | 'net'): string {
	const file = path.join(project, 'fixtures/payload/build', name);
	if (!fs.existsSync(file)) {
		execFileSync('make', ['-s', '-C', path.join(project, 'fixtures/payload')], {stdio: 'pipe'});
	}

	return file;
}

/** Is this command installed? As a user's PATH may lack /usr/sbin, that is looked into as well. */
export function findCommand(name: string): string | undefined {
	return [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin']
		.map(directory => path.join(directory, name))
		.find(file => fs.existsSync(file));
}
