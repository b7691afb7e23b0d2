/** DESIGN.md's rules about the sources, as functions of the sources: path -> text, so that violations can be planted. */
import {posix} from 'node:path';

export type Sources = ReadonlyMap<string, string>;
/** One `FILE: what is wrong` each. */
export type Violations = string[];
export type Rule = (sources: Sources) => Violations;

interface Layer {
	/** Layers, files of layers without extension, packages and `node:` modules; a layer may always import itself. */
	may: readonly string[];
	/** What none of its files may say. */
	never?: readonly RegExp[];
}

/** Node's global, not a field of a spec: by what is asked of it, or taken as a whole. */
const processGlobal =
	/\bprocess\.(?:arch|argv|cwd|env|exit|get\w+|hrtime|nextTick|on|pid|platform|std\w+|umask|version\w*)\b|=\s*process\s*;/;

/** What makes a function depend on more than its arguments, or act. */
const impure = [
	processGlobal,
	/\bDate\b/,
	/\bMath\.random\b/,
	/\bglobalThis\b/,
	/\bfetch\(/,
	/\bset(Timeout|Interval)\b/,
];

/** DESIGN.md, "Layout". `plan/request` in cli: the type that flags are read into; `host/reason` is words only. */
export const layers: Readonly<Record<string, Layer>> = {
	spec: {may: ['typanion'], never: impure},
	parse: {may: ['spec'], never: impure},
	plan: {may: ['spec', 'parse', 'node:path/posix'], never: impure},
	image: {may: ['spec', 'parse', 'host/paths', 'node:']},
	host: {may: ['spec', 'execa', 'node:']},
	runtime: {
		may: ['plan', 'host', 'image', 'parse', 'spec', 'node:'],
		never: [/\bprocess\.stdout\b/, /\bprocess\.exit\b/],
	},
	cli: {
		may: ['runtime', 'plan/explain', 'plan/request', 'parse', 'spec', 'host/reason', 'version', 'clipanion', 'node:'],
	},
	oci: {may: ['runtime/seccomp', 'runtime/update', 'plan', 'host', 'spec', 'node:']},
	'index.ts': {may: ['plan', 'parse', 'spec'], never: impure},
	'main.ts': {may: ['cli']},
	'version.ts': {may: ['node:']},
	'launch.ts': {may: ['host/read', 'node:']},
};

/** Comments may name what code may not do. Strings stay: an import is one. */
export const withoutComments = (text: string): string =>
	text.replace(/\/\*[\s\S]*?\*\/|(^|[^:'"`\\])\/\/.*$/gm, (_, before: string | undefined) => before ?? '');

interface Import {
	specifier: string;
	/** Loaded only when reached: `await import()`. */
	dynamic: boolean;
	/** Gone after compilation. */
	typeOnly: boolean;
}

/** `import 'x'`, or what has a `from`: nothing with `=` or a parenthesis before it. */
const statement = /^\s*(?:import|export)\s+(?:(type\b)?[^'"`;=()]*?\bfrom\s*)?'([^']+)'/gm;
const dynamic = /\b(?:import|require)\s*\(\s*['"`]([^'"`]+)['"`]/g;

export const importsOf = (text: string): Import[] => {
	const code = withoutComments(text);
	return [
		...[...code.matchAll(statement)].map(match => ({
			...{specifier: match[2] ?? '', dynamic: false, typeOnly: match[1] !== undefined},
		})),
		...[...code.matchAll(dynamic)].map(match => ({specifier: match[1] ?? '', dynamic: true, typeOnly: false})),
	];
};

/** The path of a relative import; undefined for a package. */
const resolve = (from: string, specifier: string): string | undefined =>
	specifier.startsWith('.') ? posix.join(posix.dirname(from), specifier).replace(/\.js$/, '.ts') : undefined;

const isScript = (path: string): boolean => path.startsWith('src/') && path.endsWith('.ts');
const layerOf = (path: string): string => path.split('/')[1] ?? '';

const isAllowed = (layer: string, may: readonly string[], target: string): boolean =>
	target === layer ||
	target.startsWith(`${layer}/`) ||
	may.some(name => target === name || target.startsWith(name.endsWith(':') ? name : `${name}/`));

/** Each layer imports only what its row allows. */
export const importRules: Rule = sources =>
	[...sources]
		.filter(([path]) => isScript(path))
		.flatMap(([path, text]) => {
			const layer = layers[layerOf(path)];
			if (!layer) return [`${path}: in no layer of DESIGN.md`];
			return importsOf(text)
				.map(({specifier}) => resolve(path, specifier)?.replace(/^src\/|\.ts$/g, '') ?? specifier)
				.filter(target => !isAllowed(layerOf(path), layer.may, target))
				.map(target => `${path}: may not import ${target}`);
		});

/** What a layer's row forbids to say. */
export const impurityRules: Rule = sources =>
	[...sources]
		.filter(([path]) => isScript(path))
		.flatMap(([path, text]) =>
			(layers[layerOf(path)]?.never ?? [])
				.filter(pattern => pattern.test(withoutComments(text)))
				.map(pattern => `${path}: ${pattern.source} is not for this layer`),
		);

/** Start-up is precious: what these load before the first line runs, and packages that must not be among it. */
const entries: Readonly<Record<string, readonly string[]>> = {
	'src/main.ts': ['clipanion', 'execa', 'typanion'],
	'src/cli/commands/run.ts': ['clipanion', 'execa', 'typanion'],
	'src/index.ts': ['clipanion', 'execa'],
};

/** Every module that is loaded with ENTRY, packages too. */
export const loadedWith = (sources: Sources, entry: string): Set<string> => {
	const loaded = new Set<string>([entry]);
	for (const path of loaded) {
		for (const {specifier, dynamic: late, typeOnly} of importsOf(sources.get(path) ?? ''))
			if (!late && !typeOnly) loaded.add(resolve(path, specifier) ?? specifier);
	}
	return loaded;
};

export const loadRules: Rule = sources =>
	Object.entries(entries).flatMap(([entry, never]) => {
		const loaded = loadedWith(sources, entry);
		return never.filter(name => loaded.has(name)).map(name => `${entry}: loads ${name}`);
	});

interface Ban {
	in: RegExp;
	pattern: RegExp;
	why: string;
}

const bans: readonly Ban[] = [
	{in: /^(src|test|scripts)\/.*\.(ts|mjs)$/, pattern: /\bshell:\s*true\b/, why: 'a shell reads names as commands'},
	{in: /^src\/.*\.ts$/, pattern: /\bexec(Sync)?\s*\(\s*[`'"]/, why: 'a shell reads names as commands'},
	{in: /^src\/(?!main\.ts$|cli\/).*\.ts$/, pattern: /\bprocess\.exit\b/, why: 'only the command line ends the process'},
	{in: /^src\/.*\.ts$/, pattern: /\beval\s*\(|\bnew Function\b/, why: 'data is not code'},
	{in: /^shim\/.*\.[ch]$/, pattern: /\b(system|popen)\s*\(/, why: 'the helper runs no shell'},
	{in: /^shim\/.*\.[ch]$/, pattern: /\bv?sprintf\s*\(/, why: 'a length is always known'},
	{
		in: /^shim\/[^/]*\.[ch]$/,
		pattern: /[<"](stdio|stdlib|dirent|grp|pwd)\.h[>"]/,
		why: 'more code than all of the set-up: text.h, print.h, memory.h, walk.h, sys.h',
	},
	{
		in: /^shim\/[^/]*\.c$/,
		pattern: /\b(fork|clock_gettime|gmtime_r|getcwd|strstr|strsignal|setrlimit|setgroups|setresuid|setresgid)\s*\(/,
		why: 'brings along much of libc: sys.h, _Fork()',
	},
	{in: /^shim\/.*\.[ch]$/, pattern: /\b(strcpy|strcat|gets|alloca)\s*\(/, why: 'a length is always known'},
];

export const banRules: Rule = sources =>
	[...sources].flatMap(([path, text]) =>
		bans
			.filter(ban => ban.in.test(path) && path !== 'test/layers.test.ts' && ban.pattern.test(withoutComments(text)))
			.map(ban => `${path}: ${ban.pattern.source}: ${ban.why}`),
	);

/** The helper's own formatting (shim/text.h) has few conversions, and ends the process where it meets another. */
export const formatRules: Rule = sources =>
	[...sources]
		.filter(([path]) => /^shim\/[^/]*\.c$/.test(path))
		.flatMap(([path, text]) =>
			[...withoutComments(text).matchAll(/'(?:[^'\\\n]|\\.)'|"((?:[^"\\\n]|\\.)*)"/g)]
				.map(match => (match[1] ?? '').replace(/%(?:(?:0(?:\d+|\*))?(?:ll?|z)?[duxo]|(?:\.\*)?s|[c%])/g, ''))
				.filter(rest => rest.includes('%'))
				.map(rest => `${path}: ${rest}: text.c has no such conversion`),
		);

const LONGEST_FILE = 300;
const LONGEST_FUNCTION = 40;

export const lengthRules: Rule = sources =>
	[...sources]
		.filter(([path]) => !path.startsWith('test/'))
		.map(([path, text]) => ({path, lines: text.replace(/\n$/, '').split('\n').length}))
		.filter(({lines}) => lines > LONGEST_FILE)
		.map(({path, lines}) => `${path}: ${lines} lines, more than ${LONGEST_FILE}`);

/** Lines between the braces. A function of the helper starts with `{` and ends with `}` in the first column: .clang-format sees to that. */
export const functionRules: Rule = sources =>
	[...sources]
		.filter(([path]) => path.endsWith('.c'))
		.flatMap(([path, text]) =>
			[...text.matchAll(/^(\w[^\n]*\n(?:[^\n{}]+\n)*?)\{\n([\s\S]*?)^\}$/gm)]
				.map(match => ({head: match[1]?.split('\n')[0] ?? '', lines: (match[2] ?? '').split('\n').length - 1}))
				.filter(({lines}) => lines > LONGEST_FUNCTION)
				.map(({head, lines}) => `${path}: ${head}: ${lines} lines, more than ${LONGEST_FUNCTION}`),
		);

/** Relative imports that lead nowhere would pass all the others. */
export const brokenImports: Rule = sources =>
	[...sources]
		.filter(([path]) => isScript(path))
		.flatMap(([path, text]) =>
			importsOf(text)
				.map(({specifier}) => resolve(path, specifier))
				.filter(target => target !== undefined && !sources.has(target))
				.map(target => `${path}: there is no ${target}`),
		);

export const rules: readonly Rule[] = [
	...[importRules, impurityRules, loadRules, banRules, formatRules, lengthRules, functionRules, brokenImports],
];
