import {plain} from '../spec/failure.js';

/**
 * Columns as wide as their widest cell, three spaces apart, as docker sets them.
 *
 * @param rows text of whatever origin: no cell breaks its line or steers the terminal
 * @returns lines, each with a newline at its end
 */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
	const all = [header, ...rows.map(row => row.map(plain))];
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

const SCALE = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** `1.5MiB` */
export function bytes(count: number): string {
	const power = Math.min(SCALE.length - 1, count < 1 ? 0 : Math.floor(Math.log2(count) / 10));
	return `${Number((count / 1024 ** power).toPrecision(4))}${SCALE[power]}`;
}
