import * as is from './checks.js';
import type {HostProgram, Network} from './programs.js';
import {closed, flag, list, optional, required, text} from './schema.js';

/** MOST_PROGRAMS of shim/spec.h */
const MAX_PROGRAMS = 32;

const anyText = text();
const programArgs = required(list(anyText, {min: 1}));

export const network = closed<Network>({
	attach: required(
		list(
			closed<HostProgram>(
				{
					args: programArgs,
					input: optional(anyText),
					inside: optional(flag()),
					optional: optional(flag()),
					meanwhile: optional(flag()),
					stays: optional(flag()),
					otherwise: optional(anyText),
				},
				is.verifyProgram,
			),
			{max: MAX_PROGRAMS},
		),
	),
	detach: optional(
		list(closed<Pick<HostProgram, 'args' | 'input'>>({args: programArgs, input: optional(anyText)}, is.verifyProgram), {
			max: MAX_PROGRAMS,
		}),
	),
});
