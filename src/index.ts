/**
 * The library: from a request to a spec, and from a spec to text, with no I/O done. Nothing here starts a process, and
 * neither execa nor clipanion is loaded.
 */
export {parseAddress} from './parse/address.js';
export {parseCapability} from './parse/capability.js';
export {parseCgroups} from './parse/cgroups.js';
export {parseCpus} from './parse/cpus.js';
export {parseCpuset} from './parse/cpuset.js';
export {parseDevice} from './parse/device.js';
export {parseDnsOption, parseDnsSearch, parseHostEntry} from './parse/dns.js';
export {parseDuration} from './parse/duration.js';
export {parseEnv, parseEnvFile} from './parse/env.js';
export {parseHostname} from './parse/hostname.js';
export {type Label, parseLabel} from './parse/label.js';
export {parseMemory, parseMemorySwap} from './parse/memory.js';
export {type BindMount, parseMount, type TmpfsMount} from './parse/mount.js';
export {parseName} from './parse/name.js';
export {type NetworkRequest, parseNetwork} from './parse/network.js';
export {parseOverlay} from './parse/overlay.js';
export {parsePath} from './parse/path.js';
export {type Profile, parseProfile} from './parse/profile.js';
export {parseSecurityOpt, type SecurityOption} from './parse/securityOpt.js';
export {parseSharing, type Sharing} from './parse/sharing.js';
export {parseSignal, signalName} from './parse/signal.js';
export {parseSize} from './parse/size.js';
export {parseSysctl, type Sysctl} from './parse/sysctl.js';
export {parseTmpfs} from './parse/tmpfs.js';
export {parseUlimit} from './parse/ulimit.js';
export {parseUser} from './parse/user.js';
export {parseUserns, type UsernsRequest} from './parse/userns.js';
export {parseVolume} from './parse/volume.js';
export {blkioWeight, cpuShares, oomScoreAdj, parseWhole, pidsLimit, type Range} from './parse/whole.js';
export {type Gauges, gaugesOf} from './plan/gauges.js';
export {type OciSpec, toOci} from './plan/oci.js';
export {plan} from './plan/plan.js';
export type * from './plan/request.js';
export {planSeccomp} from './plan/seccomp.js';
export {planUpdate, type Updated} from './plan/update.js';
export {encode} from './spec/encode.js';
export type * from './spec/events.js';
export type * from './spec/facts.js';
export {Failure, type FailureDetails} from './spec/failure.js';
export {readSpec} from './spec/read.js';
export type * from './spec/seccomp.js';
export {readSeccomp} from './spec/seccompRead.js';
export * from './spec/types.js';
export {SpecError, validate} from './spec/validate.js';
