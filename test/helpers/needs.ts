import fs from 'node:fs';
import test, {type ExecutionContext} from 'ava';
import {findCommand, hasRanges, isRoot} from './project.js';

/** What a test cannot do without. */
export interface Needs {
	/** `root`, a user without privileges, or one of those with or without subordinate ids; absent: anyone. */
	as?: 'root' | 'user' | 'ranges' | 'plain';
	commands?: readonly string[];
	/** The version of the control groups; 2 is what there is in the VM (test/vm). */
	cgroup?: 1 | 2;
	/** Milliseconds that it may take; for tests that have something large to make first. */
	patience?: number;
}

type Body = (t: ExecutionContext) => Promise<unknown> | unknown;

const cgroup = fs.existsSync('/sys/fs/cgroup/cgroup.controllers') ? 2 : 1;

const callers = {root: isRoot, user: !isRoot, ranges: hasRanges, plain: !isRoot && !hasRanges};

/**
 * Registers a test, one at a time within its file: each starts containers, and there are few processors.
 *
 * A missing tool is a visible skip, and a failure with MC_MUST_WORK=1. A test for another kind of caller is a visible
 * skip too, unless MC_ALL_USERS=1 says that the suite runs once for each kind: then it is left to its own run. So is one
 * for another version of control groups, which the VM or a machine has.
 */
export function testWith(needs: Needs, title: string, body: Body): void {
	const other = [
		needs.as && !callers[needs.as] && needs.as,
		needs.cgroup && needs.cgroup !== cgroup && `cgroup version ${needs.cgroup}`,
	].find(Boolean);
	if (other) {
		if (!process.env.MC_ALL_USERS) {
			test.serial.skip(`${title} (for ${other})`, body);
		}

		return;
	}

	const missing = (needs.commands ?? []).filter(name => !findCommand(name));
	if (missing.length === 0) {
		test.serial(title, body);
	} else if (process.env.MC_MUST_WORK) {
		test.serial(title, t => t.fail(`not installed: ${missing.join(', ')}`));
	} else {
		test.serial.skip(`${title} (not installed: ${missing.join(', ')})`, body);
	}
}
