import {Failure, type FailureDetails} from '../spec/failure.js';

/** A command line that says something wrong; the message gets the verb in front. */
export class Misuse extends Failure {
	constructor(
		message: string,
		private readonly details: FailureDetails = {},
	) {
		super(message, details);
	}

	of(verb: string): Failure {
		return new Failure(`${verb}: ${this.message}`, {cause: this, ...this.details});
	}
}
