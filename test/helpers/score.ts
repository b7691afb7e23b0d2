/**
 * Tests that can be had in several sizes: a sample in every run of the suite, the whole in `npm run scoreboard`, which
 * sets MC_SCALE and collects what each has done in the file that MC_SCORE names.
 */
import fs from 'node:fs';

export type Scale = 'test' | 'gate' | 'release';

export const scale = (process.env.MC_SCALE ?? 'test') as Scale;

/** How often, by size. */
export const times = (sizes: Record<Scale, number>): number => sizes[scale];

/** Adds to a line of the scoreboard (scripts/scoreboard.mjs has them all); what fails stands in ava's report as well. */
export function score(line: string, tried: number, failed = 0): void {
	if (process.env.MC_SCORE) {
		fs.appendFileSync(process.env.MC_SCORE, `${JSON.stringify({line, tried, failed})}\n`);
	}
}

/** An even choice of so many of a list, first and last among them. */
export function sample<T>(list: readonly T[], count: number): T[] {
	if (list.length <= count) {
		return [...list];
	}

	return Array.from({length: count}, (_, i) => list[Math.round((i * (list.length - 1)) / (count - 1))] as T);
}

/** Does WORK for each of a list, so many at once; each lane has a number of its own. */
export async function inLanes<T>(
	lanes: number,
	list: readonly T[],
	work: (item: T, lane: number) => Promise<void>,
): Promise<void> {
	const rest = list.values();
	const walk = async (lane: number) => {
		for (const item of rest) {
			await work(item, lane);
		}
	};
	await Promise.all(Array.from({length: lanes}, (_, lane) => walk(lane)));
}
