import type {HostFacts} from '../spec/facts.js';
import type {Seccomp, SeccompArgument, SeccompRule} from '../spec/seccomp.js';
import {boundingSet} from './capabilities.js';
import {withProfile} from './profile.js';
import type {Request} from './request.js';
import {allowed, opened, optional, personalities} from './seccompCalls.js';
import {flatSeccomp} from './seccompProfile.js';

const ENOSYS = 38;
const EPERM = 1;
const EAFNOSUPPORT = 97;

const ALLOW = 'SCMP_ACT_ALLOW';
const ERRNO = 'SCMP_ACT_ERRNO';
const MASKED = 'SCMP_CMP_MASKED_EQ';

/** Where the kernel takes an int it looks at 32 bits; so must we, or the others make it another value (CVE-2019-10063). */
const INT = 0xffffffff;

/** An argument that a call may not have. */
interface Exception {
	name: string;
	index: number;
	values: readonly number[];
	errno: number;
}

const exceptions: readonly Exception[] = [
	// TIOCSTI types into the terminal that a process has, TIOCLINUX into a console.
	{name: 'ioctl', index: 1, values: [0x5412, 0x541c], errno: EPERM},
	// VSOCK leads to the machine around a virtual one. The others are modules, loaded when first asked for, that have a
	// record of faults and no use in containers: ALG, RDS, TIPC, RXRPC, KCM.
	{name: 'socket', index: 0, values: [40, 38, 21, 30, 33, 41], errno: EAFNOSUPPORT},
];

/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. Of clone3(2), behind a pointer, none can be told. */
const newNamespaces: readonly number[] = [
	...[0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000],
];

const when = (name: string, index: number, value: number, valueTwo: number): SeccompRule => ({
	...{names: [name], action: ALLOW, args: [{index, value, valueTwo, op: MASKED}]},
});

const deny = (name: string, errnoRet: number, argument: SeccompArgument): SeccompRule => ({
	...{names: [name], action: ERRNO, errnoRet, args: [argument]},
});

/** Of several rules that match a call, our compiler has the strictest answer. */
const asExceptions = (usual: readonly string[], isAdmin: boolean): SeccompRule[] => [
	{names: [...usual], action: ALLOW},
	...exceptions.flatMap(({name, index, values, errno}) =>
		values.map(valueTwo => deny(name, errno, {index, value: INT, valueTwo, op: MASKED})),
	),
	...(isAdmin ? [] : newNamespaces.map(bit => deny('clone', EPERM, {index: 0, value: bit, valueTwo: bit, op: MASKED}))),
];

/** Patterns, mask and bits, that together match every 32-bit number but these. */
const allBut = (values: readonly number[], mask = 0, bits = 0, bit = 31): {mask: number; bits: number}[] => {
	if (values.length === 0) return [{mask, bits}];
	if (bit < 0) return [];
	const its = 2 ** bit;
	const [clear, set] = [
		values.filter(value => Math.floor(value / its) % 2 === 0),
		values.filter(value => Math.floor(value / its) % 2 === 1),
	];
	return [...allBut(clear, mask + its, bits, bit - 1), ...allBut(set, mask + its, bits + its, bit - 1)];
};

/**
 * The same for runtimes that hand the rules to libseccomp as they are: it forgets exceptions to a rule without
 * conditions. So it is said when the calls are allowed; all else gets the default answer.
 */
const asConditions = (usual: readonly string[], isAdmin: boolean): SeccompRule[] => {
	const conditional = [...exceptions.map(({name}) => name), ...(isAdmin ? [] : ['clone'])];
	return [
		{names: usual.filter(name => !conditional.includes(name)), action: ALLOW},
		...exceptions.flatMap(({name, index, values}) =>
			allBut(values).map(({mask, bits}) => when(name, index, mask, bits)),
		),
		...(isAdmin
			? []
			: [
					when(
						'clone',
						0,
						newNamespaces.reduce((sum, bit) => sum + bit),
						0,
					),
				]),
	];
};

/**
 * What a container may call: what is not named does not exist there (ENOSYS), which programs are prepared for, as older
 * kernels lack things, too.
 *
 * @param bounding the most that a process in it can have
 * @param how plain: in a form that other runtimes understand, too; strict: without what only few programs use
 */
export const defaultSeccomp = (bounding: readonly string[], {plain = false, strict = false} = {}): Seccomp => {
	const isAdmin = bounding.includes('CAP_SYS_ADMIN');
	const usual = strict ? allowed.filter(name => !optional.includes(name)) : allowed;
	return {
		defaultAction: ERRNO,
		defaultErrnoRet: ENOSYS,
		syscalls: [
			...(plain ? asConditions(usual, isAdmin) : asExceptions(usual, isAdmin)),
			...bounding.filter(name => name in opened).map(name => ({names: [...(opened[name] ?? [])], action: ALLOW})),
			...(strict ? [] : personalities).map(value => ({
				...{names: ['personality'], action: ALLOW, args: [{index: 0, value, op: 'SCMP_CMP_EQ'}]},
			})),
		],
	};
};

/**
 * Which system calls a container is to have; undefined: all. Who runs it compiles that (`mc-seccomp`), and tells
 * {@link plan} as the fact `seccomp` what came of it.
 *
 * @param plain in a form that other runtimes understand, too
 */
export const planSeccomp = (request: Request, facts: Partial<HostFacts> = {}, plain = false): Seccomp | undefined => {
	const {privileged = false, seccomp = privileged ? 'unconfined' : 'default', profile} = request;
	if (seccomp === 'unconfined') return undefined;
	const capabilities = boundingSet(withProfile(request), facts);
	const {arch = 'x64', kernel = ''} = facts;
	return seccomp === 'default'
		? defaultSeccomp(capabilities, {plain, strict: profile === 'strict'})
		: flatSeccomp(seccomp, {arch, kernel, capabilities});
};
