/** Programs of the host that undo a container's network, where its helper was killed before it could run them. */
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import type {BridgeFacts} from '../spec/networkFacts.js';
import type {HostProgram} from '../spec/programs.js';
import type {Spec} from '../spec/types.js';
import {writeWhole} from './config.js';
import {removeFile} from './files.js';
import {readState} from './state.js';

type Detaching = Pick<HostProgram, 'args' | 'input'>;

/** As the helper runs them: what each comes to does not matter. */
export function runPrograms(programs: readonly Detaching[]): void {
	const {spawnSync} = process.getBuiltinModule('node:child_process');
	for (const {args, input = ''} of programs) {
		spawnSync(args[0] ?? '', args.slice(1), {
			input,
			env: {},
			cwd: '/',
			stdio: ['pipe', 'ignore', 'ignore'],
			timeout: 30_000,
		});
	}
}

/** By then somebody else may have the same port: that is not to be taken away. */
const mark = (directory: string): string => `${directory}/detached`;

/**
 * Nothing to do for one whose helper has told of its end, or that has been looked after.
 *
 * @param directory the container's, with its spec
 */
export function detachDead(directory: string): void {
	const programs = readDetach(`${directory}/spec.json`);
	const isOver = ['created', 'exited'].includes(readState(directory).status);
	if (programs.length > 0 && !isOver && !existsSync(mark(directory))) {
		runPrograms(programs);
		writeFileSync(mark(directory), '');
	}
}

const file = (directory: string): string => `${directory}/network.json`;

/** Where a container is on its networks, from its making or last start on. */
export function writeNetworkOf(directory: string, facts: BridgeFacts | undefined): void {
	if (facts) {
		const {networks, ports} = facts;
		removeFile(mark(directory));
		writeWhole(file(directory), JSON.stringify({networks, ports}), false);
	}
}

/** @returns undefined for one that is on none */
export function readNetworkOf(directory: string): Pick<BridgeFacts, 'networks' | 'ports'> | undefined {
	try {
		return JSON.parse(readFileSync(file(directory), 'utf8'));
	} catch {
		return undefined;
	}
}

function readDetach(specFile: string): readonly Detaching[] {
	try {
		const {minicontainer}: Spec = JSON.parse(readFileSync(specFile, 'utf8'));
		return minicontainer.network?.detach ?? [];
	} catch {
		return [];
	}
}
