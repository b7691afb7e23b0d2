import type {Spec} from '../spec/types.js';

/** A plain OCI `config.json`; rlimits may be bigint, which `encode` writes and JSON.stringify does not. */
export type OciSpec = Omit<Spec, 'minicontainer'>;

/**
 * What another OCI runtime can be told of a spec. Without the overlay the root file system is used as it is; without
 * `links` the runtime makes the usual ones itself.
 */
export const toOci = ({minicontainer: _, ...oci}: Spec): OciSpec => structuredClone(oci);
