/** OCI's `linux.seccomp` (config-linux.md), flat: for one machine and one set of capabilities. */
export interface Seccomp {
	/** The answer to calls that no rule names. */
	defaultAction: string;
	/** Of SCMP_ACT_ERRNO and SCMP_ACT_TRACE; default EPERM. */
	defaultErrnoRet?: number;
	/** `SCMP_ARCH_X86_64` …; absent: the machine's own. Calls of others kill. */
	architectures?: string[];
	flags?: string[];
	/** A UNIX socket, to whose listener the notifications of SCMP_ACT_NOTIFY go. */
	listenerPath?: string;
	listenerMetadata?: string;
	/** Of several that match the strictest answers, whatever their order. */
	syscalls?: SeccompRule[];
}

export interface SeccompRule {
	names: string[];
	/** `SCMP_ACT_ALLOW` … */
	action: string;
	errnoRet?: number;
	/** All must hold. */
	args?: SeccompArgument[];
}

export interface SeccompArgument {
	/** 0..5 */
	index: number;
	/** 64 bits; a mask for SCMP_CMP_MASKED_EQ. */
	value: number | bigint;
	/** What the masked argument must be. */
	valueTwo?: number | bigint;
	/** `SCMP_CMP_EQ` … */
	op: string;
}

/** Docker's format: one file for all machines and capabilities. */
export interface SeccompProfile extends Omit<Seccomp, 'syscalls'> {
	/** The name of `defaultErrnoRet`. */
	defaultErrno?: string;
	/** Those that are there when the machine is the first. */
	archMap?: {architecture: string; subArchitectures?: string[] | null}[] | null;
	syscalls?: SeccompProfileRule[] | null;
}

export interface SeccompProfileRule extends Omit<SeccompRule, 'names' | 'args'> {
	names?: string[];
	/** For one of them (an old form). */
	name?: string;
	args?: SeccompArgument[] | null;
	/** The name of `errnoRet`. */
	errno?: string;
	comment?: string;
	/** All of them must hold for the rule to be there … */
	includes?: SeccompConditions;
	/** … and none of these. */
	excludes?: SeccompConditions;
}

export interface SeccompConditions {
	/** Capabilities that the container has; all of them, and for `excludes` any. */
	caps?: string[] | null;
	/** `amd64`, `arm64`: Go's names. */
	arches?: string[] | null;
	/** `4.8` */
	minKernel?: string;
}
