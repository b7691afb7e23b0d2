/** docs/classes.md names a test for each class of fault: it must be there, and not only be spoken of. */
import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {project} from '../helpers/project.js';

const rows = fs
	.readFileSync(path.join(project, 'docs/classes.md'), 'utf8')
	.split('\n')
	.map(line => /^\| (.+?) \| (.+?) \| `([\w/-]+)`: (.+?) \|$/.exec(line)?.slice(1) as string[] | undefined)
	.filter(row => row !== undefined);

test('each class of fault has a test', t => {
	t.true(rows.length > 30);
	for (const [name, published, file, title = ''] of rows) {
		const text = fs.readFileSync(path.join(project, `test/${file}.test.ts`), 'utf8');
		// The beginning of a title, in whatever quotes; or what is in the midst of one.
		const titles = text.split('\n').filter(line => /^\s*(boxTest\(|test\()?\s*['"`]/.test(line));
		t.true(
			titles.some(line => line.includes(title)),
			`${name} (${published}): ${file} has no test '${title}'`,
		);
	}
});
