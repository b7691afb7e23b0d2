/** Every grammar, and the planner behind them, on anything at all: a value, or one line that says what is wrong. */
import test, {type ExecutionContext} from 'ava';
import fc from 'fast-check';
import * as library from '../../src/index.js';
import {parseBoolean} from '../../src/parse/boolean.js';
import {plan} from '../../src/plan/plan.js';
import {Failure} from '../../src/spec/failure.js';
import {SpecError, validate} from '../../src/spec/validate.js';
import {facts, rootless, withRanges} from '../plan/base.js';

const RUNS = Number(process.env.MC_FUZZ_RUNS ?? 300);

/** The same inputs each time, unless other ones are asked for. */
fc.configureGlobal({seed: Number(process.env.MC_FUZZ_SEED ?? 1)});

type Parse = (text: string) => unknown;

const grammars: [string, Parse][] = Object.entries(library as unknown as Record<string, Parse>).filter(
	([name]) => /^parse[A-Z]/.test(name) && name !== 'parseWhole',
);

/** What grammars are made of, and what slips through them. */
const alphabet = [
	...[
		'/',
		'//',
		'.',
		'..',
		':',
		',',
		'=',
		'"',
		"'",
		'-',
		'+',
		'%',
		'@',
		'[',
		']',
		'\\',
		'\n',
		'\0',
		'\t',
		' ',
		'#',
		'*',
	],
	...['0', '1', '-1', '65535', '65536', '4294967295', '18446744073709551616', '1e400', 'NaN', '0x10', '010', 'k', 'g'],
	...[
		'ro',
		'rw',
		'type',
		'bind',
		'tmpfs',
		'source',
		'target',
		'size',
		'mode',
		'host',
		'none',
		'private',
		'all',
		'CAP_',
	],
	...['__proto__', 'constructor', 'toString', 'é', '\u{1f600}', '\ud800', '\u202e', '127.0.0.1', '::1', 'tcp', 'root'],
];

const text = fc.oneof(
	fc.array(fc.constantFrom(...alphabet), {maxLength: 12}).map(parts => parts.join('')),
	fc.string({unit: 'binary', maxLength: 40}),
	fc.array(fc.constantFrom(...alphabet), {minLength: 200, maxLength: 2000}).map(parts => parts.join('')),
);

/** A value, or a Failure of one line that no terminal obeys. */
function isSaid(t: ExecutionContext, what: string, act: () => unknown): unknown {
	try {
		return act();
	} catch (error) {
		if (!(error instanceof Failure || error instanceof SpecError)) {
			t.log(what);
			throw error;
		}

		// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
		if (!/^[^\u0000-\u001f\u007f-\u009f\u202e]+$/.test(error.message)) {
			throw new Error(`${what}: ${JSON.stringify(error.message)}`);
		}

		return undefined;
	}
}

anythingGoes('there are grammars', t => t.true(grammars.length > 20));

for (const [name, parse] of [...grammars, ['parseBoolean', parseBoolean] as const]) {
	anythingGoes(name, t => {
		fc.assert(
			fc.property(text, value => void isSaid(t, JSON.stringify(value), () => parse(value))),
			{numRuns: RUNS},
		);
		t.pass();
	});
}

function anythingGoes(title: string, body: (t: ExecutionContext) => void): void {
	test(`anything: ${title}`, body);
}

const anything = fc.oneof(
	text,
	fc.integer(),
	fc.double(),
	fc.boolean(),
	fc.constant(null),
	fc.array(text, {maxLength: 3}),
);

const request = fc.record(
	{
		rootfs: fc.oneof(fc.constant('/r'), text),
		args: fc.oneof(fc.constant(['sh']), fc.array(text, {maxLength: 3})),
		hostname: text,
		env: fc.array(fc.record({name: text, value: text}, {requiredKeys: ['name']}), {maxLength: 3}),
		workdir: text,
		user: fc.record({user: text, group: text}, {requiredKeys: ['user']}),
		mounts: fc.array(fc.record({type: fc.constantFrom('bind', 'tmpfs'), source: text, destination: text}), {
			maxLength: 3,
		}),
		overlay: fc.record({kind: fc.constantFrom('tmpfs', 'none', 'dir', 'disk'), path: text, size: fc.integer()}),
		capAdd: fc.array(text, {maxLength: 2}),
		sysctls: fc.dictionary(text, text, {maxKeys: 2}),
		mask: fc.array(text, {maxLength: 2}),
		unmask: fc.array(text, {maxLength: 2}),
		procOptions: fc.array(text, {maxLength: 2}),
		userns: fc.constantFrom({kind: 'host'}, {kind: 'private'}, {kind: 'keep-id'}),
		profile: fc.constantFrom('default', 'strict'),
		privileged: fc.boolean(),
		memory: fc.oneof(fc.integer(), fc.double()),
		cpus: fc.double(),
		labels: fc.dictionary(text, text, {maxKeys: 2}),
		timeout: fc.oneof(fc.integer(), fc.double()),
	},
	{requiredKeys: ['rootfs', 'args']},
);

const range = {start: 2 ** 30, count: 65536};

anythingGoes('plans: one that the helper takes, or a reason', t => {
	const callers = fc.constantFrom({...facts, range}, rootless, withRanges);
	fc.assert(
		fc.property(request, callers, (asked, caller) => {
			const what = JSON.stringify(asked);
			const spec = isSaid(t, what, () => plan(asked as never, caller as never));
			if (spec) validate(spec);
		}),
		{numRuns: RUNS * 3},
	);
	t.pass();
});

anythingGoes('requests of another shape are refused by the key', t => {
	const odd = fc.record({
		rootfs: fc.constant('/r'),
		args: fc.constant(['sh']),
		capAdd: anything,
		mounts: anything,
		env: anything,
	});
	fc.assert(
		fc.property(odd, asked => void isSaid(t, JSON.stringify(asked), () => plan(asked as never, facts))),
		{numRuns: RUNS},
	);
	t.pass();
});
