/**
 * Columns as wide as their widest cell, three spaces apart, as docker sets them.
 *
 * @returns lines, each with a newline at its end
 */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
	const all = [header, ...rows];
	const widths = header.map((_, column) => Math.max(...all.map(row => (row[column] ?? '').length)));
	return all
		.map(row => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('   '))
		.map(line => `${line.trimEnd()}\n`)
		.join('');
}

const UNITS: readonly [name: string, seconds: number][] = [
	['year', 31_536_000],
	['month', 2_592_000],
	['week', 604_800],
	['day', 86_400],
	['hour', 3600],
	['minute', 60],
	['second', 1],
];

/** `2 hours`, of the time since then; '' for no time. */
export function since(time: string | undefined): string {
	const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(time ?? '')) / 1000));
	if (Number.isNaN(seconds)) {
		return '';
	}

	const [name, length] = UNITS.find(unit => seconds >= 2 * unit[1]) ?? ['second', 1];
	const count = Math.floor(seconds / length);
	return `${count} ${name}${count === 1 ? '' : 's'}`;
}

/** Harmless to a terminal, and on one line. */
export const plain = (text: string): string =>
	text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, character => `\\u{${character.codePointAt(0)?.toString(16)}}`);

const SCALE = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** `1.5MiB` */
export function bytes(count: number): string {
	const power = Math.min(SCALE.length - 1, count < 1 ? 0 : Math.floor(Math.log2(count) / 10));
	return `${Number((count / 1024 ** power).toPrecision(4))}${SCALE[power]}`;
}
