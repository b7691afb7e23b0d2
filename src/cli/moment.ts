import {parseDuration} from '../parse/duration.js';
import {Failure, quoted} from '../spec/failure.js';

/** A date, perhaps a time, perhaps a zone; without a zone it is the local one. */
const DATE = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?$/;
const SECONDS = /^\d{9,11}(\.\d{1,9})?$/;

/**
 * A point in time: RFC 3339, seconds since 1970, or how long ago (`10m`).
 *
 * @returns RFC 3339 in UTC, comparable as text with the times of a log
 * @throws Failure
 */
export function parseMoment(text: string): string {
	const isDuration = !DATE.test(text) && !SECONDS.test(text);
	const milliseconds = DATE.test(text)
		? Date.parse(/T/.test(text) ? text : `${text}T00:00`)
		: SECONDS.test(text)
			? Number(text) * 1000
			: Date.now() - parseDuration(text);
	if (Number.isNaN(milliseconds)) {
		throw new Failure(`${quoted(text)} is not a time`);
	}

	// A log's times have nine digits, and one of them says all of its own.
	const fraction = isDuration ? '' : (/\.(\d+)/.exec(text)?.[1] ?? '000');
	const whole = new Date(milliseconds).toISOString();
	return fraction ? `${whole.slice(0, 19)}.${fraction.padEnd(9, '0')}Z` : `${whole.slice(0, 23)}000000Z`;
}
