/** The known word that was probably meant: at most a third of its letters differ. */
export function nearest(word: string, known: readonly string[]): string | undefined {
	const [best] = known
		.map(name => ({name, distance: distance(word, name)}))
		.filter(({name, distance}) => distance <= Math.max(1, Math.floor(name.length / 3)))
		.sort((a, b) => a.distance - b.distance);
	return best?.name;
}

/** Letters to insert, delete or replace (Levenshtein), row by row. */
function distance(a: string, b: string): number {
	let row = Array.from({length: b.length + 1}, (_, i) => i);
	for (const [i, letter] of [...a].entries()) {
		const next = [i + 1];
		for (let j = 0; j < b.length; j++) {
			const replaced = (row[j] ?? 0) + (letter === b[j] ? 0 : 1);
			next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
		}

		row = next;
	}

	return row[b.length] ?? 0;
}
