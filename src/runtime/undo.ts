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
}
