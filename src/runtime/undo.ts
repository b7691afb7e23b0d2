import {Failure} from '../spec/failure.js';
import type {Complain} from './complain.js';

/** Steps back: whatever was done is undone in reverse order, whatever happens. */
export class Undo {
	readonly #steps: (() => void)[] = [];

	defer(step: () => void): void {
		this.#steps.push(step);
	}

	/** @returns what went wrong on the way back; each step is taken nevertheless */
	unwind(): unknown[] {
		const errors: unknown[] = [];
		for (let step = this.#steps.pop(); step; step = this.#steps.pop()) {
			try {
				step();
			} catch (error) {
				errors.push(error);
			}
		}

		return errors;
	}

	/** As {@link unwind}, and tells what went wrong. */
	rollBack(complain: Complain): void {
		for (const error of this.unwind()) {
			complain(error instanceof Failure ? error : new Failure(`cannot clean up: ${error}`, {cause: error}));
		}
	}
}
