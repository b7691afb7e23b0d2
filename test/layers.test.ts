/** DESIGN.md's rules are executable: who imports whom, how long a file may be, which calls are banned. */
import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {project} from './helpers/project.js';
import {importsOf, loadedWith, rules, type Sources} from './rules/rules.js';

const read = (): Sources =>
	new Map(
		['src', 'shim', 'test', 'scripts'].flatMap(directory =>
			fs
				.readdirSync(path.join(project, directory), {recursive: true, encoding: 'utf8'})
				.map(name => `${directory}/${name}`)
				.filter(name => /\.(ts|mjs|c|h)$/.test(name))
				.map(name => [name, fs.readFileSync(path.join(project, name), 'utf8')] as const),
		),
	);

const broken = (sources: Sources): string[] => rules.flatMap(rule => rule(sources));

test('the sources keep the rules', t => {
	const sources = read();
	t.true(sources.has('src/plan/plan.ts') && sources.has('shim/main.c'));
	t.deepEqual(broken(sources), []);
});

test('planted violations are found', t => {
	const long = 'x\n'.repeat(41);
	const cases: [file: string, text: string, finding: RegExp][] = [
		['src/spec/a.ts', "import fs from 'node:fs';", /^src\/spec\/a\.ts: may not import node:fs$/],
		['src/parse/a.ts', "import {plan} from '../plan/plan.js';", /may not import plan\/plan$/],
		['src/parse/a.ts', "import {\n\tjoin,\n} from 'node:path/posix';", /may not import node:path\/posix$/],
		['src/plan/a.ts', "import 'node:fs';", /may not import node:fs$/],
		['src/plan/a.ts', "import path from 'node:path';", /may not import node:path$/],
		['src/plan/a.ts', "export * from '../host/facts.js';", /may not import host\/facts$/],
		['src/plan/a.ts', "const x = await import('execa');", /may not import execa$/],
		['src/plan/a.ts', "const fs = require('node:fs');", /may not import node:fs$/],
		['src/plan/a.ts', "import type {Store} from '../host/store.js';", /may not import host\/store$/],
		['src/plan/a.ts', 'const now = Date.now();', /Date/],
		['src/plan/a.ts', 'const id = Math.random();', /random/],
		['src/plan/a.ts', 'const cwd = process.cwd();', /process/],
		['src/parse/a.ts', 'const {env} = process;', /process/],
		['src/host/a.ts', "import {plan} from '../plan/plan.js';", /may not import plan\/plan$/],
		['src/runtime/a.ts', "import {run} from '../cli/cli.js';", /may not import cli\/cli$/],
		['src/runtime/a.ts', 'process.stdout.write(x);', /stdout/],
		['src/cli/a.ts', "import {store} from '../host/store.js';", /may not import host\/store$/],
		['src/cli/a.ts', "import {plan} from '../plan/plan.js';", /may not import plan\/plan$/],
		['src/elsewhere/a.ts', '', /in no layer/],
		['src/host/a.ts', 'process.exit(1);', /only the command line/],
		['src/host/a.ts', "spawn('x', {shell: true});", /shell/],
		['src/host/a.ts', 'execSync(`tar x`);', /shell/],
		['src/plan/a.ts', "import {x} from './nowhere.js';", /there is no src\/plan\/nowhere\.ts$/],
		['src/plan/a.ts', 'x\n'.repeat(301), /301 lines, more than 300$/],
		['shim/a.c', 'int f(void)\n{\n\treturn system("x");\n}\n', /system/],
		['shim/a.c', 'void f(char *s)\n{\n\tsprintf(s, "%d", 1);\n}\n', /sprintf/],
		['shim/a.h', 'strcpy(a, b);', /strcpy/],
		['shim/a.c', '#include <stdio.h>\n', /text\.h/],
		['shim/a.c', 'int f(void)\n{\n\treturn fork();\n}\n', /_Fork/],
		['shim/a.c', 'void f(void)\n{\n\tdie("%s and %5d", "a", 1);\n}\n', /no such conversion/],
		['shim/a.c', `static int f(int a,\n\t     int b)\n{\n${long}}\n`, /static int f\(int a,: 41 lines, more than 40$/],
		['src/main.ts', "import {x} from './cli/heavy.js';", /^src\/main\.ts: loads clipanion$/],
		['src/index.ts', "export {x} from './spec/heavy.js';", /^src\/index\.ts: loads execa$/],
	];
	const heavy: [string, string][] = [
		['src/cli/heavy.ts', "export {Cli as x} from 'clipanion';"],
		['src/spec/heavy.ts', "import {execa} from 'execa'; export const x = execa;"],
	];
	for (const [file, text, finding] of cases) {
		const known: [string, string][] = [...heavy, ['src/plan/plan.ts', ''], ['src/host/store.ts', '']];
		t.true(
			broken(new Map([...known, [file, text]])).some(line => finding.test(line)),
			`${file}: ${text.slice(0, 80)}`,
		);
	}
});

test('what keeps the rules is not found', t => {
	const sources = new Map([
		['src/plan/a.ts', "// process.exit, Date.now()\n/* import 'node:fs' */\nimport {join} from 'node:path/posix';\n"],
		['src/plan/b.ts', "import type {A} from './a.js';\nimport {update} from '../spec/c.js';\n"],
		['src/spec/c.ts', "import * as t from 'typanion';\nexport const update = t;\n"],
		['src/cli/d.ts', "export const help = async () => (await import('clipanion')).Cli;\nprocess.exit(0);\n"],
		['src/main.ts', "import {help} from './cli/d.js';\n"],
		[
			'shim/a.c',
			'/* no system(3), no strcpy() */\nint f(void)\n{\n\treturn text_format(s, n, "%s %04x %0*llo %.*s%%", "x");\n}\n',
		],
	]);
	t.deepEqual(broken(sources), []);
});

test('imports are read as the compiler reads them', t => {
	const text = [
		...["import a from 'a';", "import * as b from 'b';", "import 'c';", "export * from 'd';", "export {e} from 'e';"],
		...["import {\n\tf,\n\ttype F,\n} from 'f';", "import type {G} from 'g';", "const h = await import('h');"],
		...["// import 'not';", "const text = 'import';", "export const x = 'y';"],
	].join('\n');
	const found = importsOf(text).filter(({specifier}) => specifier !== 'y');
	t.deepEqual(
		found.map(({specifier}) => specifier),
		['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'],
	);
	t.deepEqual([...loadedWith(new Map([['x.ts', text]]), 'x.ts')].includes('g'), false);
	t.deepEqual([...loadedWith(new Map([['x.ts', text]]), 'x.ts')].includes('h'), false);
});
