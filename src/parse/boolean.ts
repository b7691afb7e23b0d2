/** As Go's strconv.ParseBool, which docker's users know. */
const values: ReadonlyMap<string, boolean> = new Map([
	...['1', 't', 'T', 'true', 'True', 'TRUE'].map(text => [text, true] as const),
	...['0', 'f', 'F', 'false', 'False', 'FALSE'].map(text => [text, false] as const),
]);

/** @returns undefined for what is neither true nor false */
export const parseBoolean = (text: string): boolean | undefined => values.get(text);
