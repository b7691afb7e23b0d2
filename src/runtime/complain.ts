import type {Failure} from '../spec/failure.js';

/** Tells of what went wrong beside the result. */
export type Complain = (error: Failure) => void;
