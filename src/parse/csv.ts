import {Failure, quoted} from '../spec/failure.js';

/** A field in quotes, in which `""` is a quote and commas and newlines are text; or one that has no quote at all. */
const field = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y;

/**
 * One record of RFC 4180, as Go's encoding/csv reads it: docker's `--mount` is one.
 *
 * @throws Failure
 */
export const parseCsv = (text: string): string[] => {
	const fields: string[] = [];
	for (let at = 0, more = true; more; ) {
		field.lastIndex = at;
		const match = field.exec(text);
		if (!match) throw new Failure(`${quoted(text.slice(at))}: a quote is missing; write "key=a,b" and "" for a quote`);
		fields.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
		at = field.lastIndex;
		more = match[3] === ',';
	}
	return fields;
};
