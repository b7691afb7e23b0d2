import type {CgroupFacts} from '../spec/facts.js';
import type {OciResources} from '../spec/ociTypes.js';
import type {Int64} from '../spec/types.js';
import {v1} from './rowsV1.js';
import {v2} from './rowsV2.js';

/** A file of a group's, and what is written to it. */
export type File = readonly [name: string, value: string | number | bigint];

/**
 * One limit as one version of cgroups has it. Flags and OCI documents both come here as OCI's resources, so that what a
 * limit means is said once.
 */
export interface Row {
	what: string;
	/** What it is made of; the first of them must be said. */
	of: readonly ((resources: OciResources) => unknown)[];
	controller: string;
	files: (resources: OciResources, host: CgroupFacts) => readonly File[];
}

export const rowsOf = {1: v1, 2: v2} as const;

/** Docker and Go write 0, '' and empty lists for what they do not say. */
export const isSaid = (value: unknown): boolean =>
	value !== undefined &&
	value !== false &&
	value !== 0 &&
	value !== '' &&
	!(Array.isArray(value) && value.length === 0);

/** -1 takes a limit away, and needs no controller for it. */
export const isLimit = (value: unknown): boolean => isSaid(value) && value !== -1;

export const isAsked = ({of: [first]}: Row, resources: OciResources): boolean => isLimit(first?.(resources));

/** Whether any of what it is made of is said. */
export const isTouched = ({of}: Row, resources: OciResources): boolean => of.some(part => isSaid(part(resources)));

export const orMax = (value: Int64): Int64 | 'max' => (value <= 0 ? 'max' : value);
