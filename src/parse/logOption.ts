import {Failure, quoted} from '../spec/failure.js';
import {parseSize} from './size.js';

/** Bytes; less could not hold one line with its time. */
const LEAST = 4096;
const MOST_FILES = 100;

/**
 * `max-size=10m`, `max-file=3`: docker's, of its json-file driver.
 *
 * @throws Failure
 */
export const parseLogOption = (text: string): {maxSize: number} | {files: number} => {
	const [name, value] = text.split(/=(.*)/s);
	if (name === 'max-size' && value !== undefined) {
		const maxSize = parseSize(value);
		if (maxSize >= LEAST) return {maxSize};
		throw new Failure(`${quoted(value)} is too little for a log: use at least ${LEAST} bytes`);
	}
	if (name === 'max-file' && value !== undefined && /^[1-9]\d{0,2}$/.test(value) && Number(value) <= MOST_FILES)
		return {files: Number(value)};
	throw new Failure(`${quoted(text)} is not a log option: use max-size=SIZE or max-file=1 to ${MOST_FILES}`);
};
