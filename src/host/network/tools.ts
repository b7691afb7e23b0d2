/** What a bridge needs of the machine. */
import {existsSync} from 'node:fs';
import {Failure} from '../../spec/failure.js';
import {isExecutable, readText} from '../read.js';

/** Not the caller's PATH: the helper runs them as root. */
const PLACES = ['/usr/sbin', '/sbin', '/usr/bin', '/bin', '/usr/local/sbin'];

export function findTool(name: string): string | undefined {
	return PLACES.map(place => `${place}/${name}`).find(isExecutable);
}

const WANTED = [
	{tool: 'ip', package: 'iproute2'},
	{tool: 'nft', package: 'nftables'},
	{tool: 'tee', package: 'coreutils'},
] as const;

/** Parts of the kernel, by the names of their modules. */
const PARTS = ['bridge', 'veth', 'nf_tables', 'nft_chain_nat'];

/** @returns what this machine lacks, and what to do about it; undefined where it lacks nothing, as far as can be told */
export function missingForBridge(): {message: string; hint: string} | undefined {
	const lacking = WANTED.filter(({tool}) => !findTool(tool));
	const [first] = lacking;
	if (first) {
		const names = lacking.map(({tool}) => tool).join(' and ');
		return {message: `a bridge needs ${names}`, hint: `apt install ${lacking.map(tool => tool.package).join(' ')}`};
	}

	const part = missingPart();
	return part === undefined
		? undefined
		: {message: `this kernel has no ${part}`, hint: 'install the modules of the kernel, or use --network none or host'};
}

/** A kernel without a list of modules is not asked: it has what it has. */
function missingPart(): string | undefined {
	const modules = `/lib/modules/${readText('/proc/sys/kernel/osrelease').trim()}`;
	if (!existsSync(`${modules}/modules.dep`)) {
		return undefined;
	}

	const known = readText(`${modules}/modules.dep`) + readText(`${modules}/modules.builtin`);
	return PARTS.find(part => !existsSync(`/sys/module/${part}`) && !known.includes(`/${part}.ko`));
}

/** @throws Failure where one of them is missing */
export function bridgeTools(): {ip: string; nft: string; tee: string} {
	const [ip = '', nft = '', tee = ''] = WANTED.map(({tool}) => findTool(tool));
	if (ip && nft && tee) {
		return {ip, nft, tee};
	}

	const {message = '', hint} = missingForBridge() ?? {};
	throw new Failure(message, {hint});
}
