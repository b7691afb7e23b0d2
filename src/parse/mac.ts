import {Failure, quoted} from '../spec/failure.js';

/** @throws Failure; a group address is nobody's own */
export const parseMac = (text: string): string => {
	const isMac = /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(text);
	if (isMac && parseInt(text.slice(0, 2), 16) % 2 === 0 && !/^00(:00){5}$/.test(text)) return text.toLowerCase();
	throw new Failure(`${quoted(text)} is not the address of a link, such as 02:00:00:00:00:01`);
};
