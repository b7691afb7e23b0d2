import {Failure, quoted} from '../spec/failure.js';

export interface Label {
	name: string;
	value: string;
}

/**
 * `NAME=VALUE`, or `NAME` for an empty value.
 *
 * @throws Failure
 */
export const parseLabel = (text: string): Label => {
	const equals = text.indexOf('=');
	const name = equals < 0 ? text : text.slice(0, equals);
	if (name.trim() === '' || text.includes('\0'))
		throw new Failure(`${quoted(text)} is not a label: use NAME=VALUE or NAME`);
	return {name, value: equals < 0 ? '' : text.slice(equals + 1)};
};
