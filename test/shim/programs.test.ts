/** The host's programs that the helper runs to connect a container, and to undo it. */
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import type {Box} from '../helpers/box.js';
import {until} from '../helpers/box.js';
import {fails, helperTest} from '../helpers/helper-test.js';
import {runHelper} from '../helpers/shim.js';
import {baseSpec} from '../helpers/spec.js';

const sh = (script: string) => ['/bin/sh', '-c', script];

/** Each says what it was on a line of the file `said`. */
function specOf(box: Box, args = ['/bin/true']) {
	const file = box.path('said');
	const say = (what: string) => sh(`echo ${what} $(/bin/cat) >>${file}`);
	const spec = baseSpec(box.rootfs, args);
	const said = () => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trimEnd().split('\n') : []);
	return {spec, say, said, file};
}

helperTest(
	'programs run in order, each with its input, before the command; then those that undo it',
	async (t, box, binary) => {
		const {spec, say, said} = specOf(box);
		spec.minicontainer.network = {
			attach: [
				{args: say('one'), input: 'a'},
				{args: say('two'), input: 'b'.repeat(200_000)},
			],
			detach: [{args: say('three'), input: 'c'}, {args: sh('exit 1')}, {args: say('four')}],
		};
		const {events, code} = await runHelper(box, binary, spec);
		t.is(code, 0);
		t.deepEqual(
			events.map(({event}) => event),
			['created', 'started', 'exited'],
		);
		t.deepEqual(said(), ['one a', `two ${'b'.repeat(200_000)}`, 'three c', 'four']);
	},
);

helperTest(
	'a program has the host’s files, no environment, and the namespace as descriptor 3',
	async (t, box, binary) => {
		const {spec, file} = specOf(box, ['/bin/readlink', '/proc/self/ns/net']);
		const look = (name: string) =>
			sh(`for f in 3 4 5 6 7 8 9; do /bin/readlink /proc/$$/fd/$f || echo none; done >>${file}.${name}
			/bin/readlink /proc/$$/ns/net >>${file}.${name}; /bin/tr '\\0' '\\n' </proc/$$/environ >>${file}.${name}; pwd >>${file}.${name}`);
		spec.minicontainer.network = {attach: [{args: look('outside')}, {args: look('inside'), inside: true}]};
		const {stdout, code} = await runHelper(box, binary, spec);
		t.is(code, 0);
		const [outside = [], inside = []] = ['outside', 'inside'].map(name =>
			fs.readFileSync(`${file}.${name}`, 'utf8').split('\n'),
		);
		const user = spec.linux.namespaces.some(({type}) => type === 'user');
		t.is(outside[0], stdout.trim());
		t.regex(outside[1] ?? '', user ? /^user:/ : /^none$/);
		t.deepEqual(outside.slice(2, 7), ['none', 'none', 'none', 'none', 'none']);
		t.deepEqual(outside.slice(7), [fs.readlinkSync('/proc/self/ns/net'), '/', '']);
		t.deepEqual(inside.slice(7), [stdout.trim(), '/', '']);
	},
);

helperTest(
	'one that fails ends the container, with its own words, and what there is of it is undone',
	async (t, box, binary) => {
		const {spec, say, said} = specOf(box);
		spec.minicontainer.network = {
			attach: [{args: say('one')}, {args: sh('echo no such thing >&2; echo more >&2; exit 3')}, {args: say('never')}],
			detach: [{args: say('undone')}],
		};
		const {message} = await fails(t, box, binary, spec, {phase: 'parent', step: 'attach'});
		t.is(message, 'attach: /bin/sh: no such thing');
		t.deepEqual(said(), ['one', 'undone']);
	},
);

helperTest('a program that is not there', async (t, box, binary) => {
	const {spec} = specOf(box);
	spec.minicontainer.network = {attach: [{args: ['/no/such/program']}]};
	const {message} = await fails(t, box, binary, spec, {phase: 'parent', step: 'attach'});
	t.is(message, 'attach: /no/such/program: No such file or directory');
});

helperTest('what may fail, what is tried else, and what goes on meanwhile', async (t, box, binary) => {
	const {spec, say, said} = specOf(box);
	const fifo = box.path('fifo');
	execFileSync('mkfifo', [fifo]);
	spec.minicontainer.network = {
		attach: [
			{args: sh('exit 1'), optional: true},
			{args: sh(`read x; echo $x >>${box.path('said')}; [ $x = second ]`), input: 'first\n', otherwise: 'second\n'},
			// It waits for the one after it, which would never come to run if it were waited for.
			{args: sh(`read x <${fifo}; echo meanwhile $x >>${box.path('said')}`), meanwhile: true},
			{args: sh(`echo hello >${fifo}`)},
		],
		detach: [{args: say('undone')}],
	};
	const {code} = await runHelper(box, binary, spec);
	t.is(code, 0);
	t.deepEqual(said(), ['first', 'second', 'meanwhile hello', 'undone']);
});

helperTest('one that goes on meanwhile and fails is a failure, too', async (t, box, binary) => {
	const {spec, say, said} = specOf(box);
	spec.minicontainer.network = {
		attach: [{args: sh('echo late >&2; exit 1'), meanwhile: true}, {args: say('one')}],
		detach: [{args: say('undone')}],
	};
	const {message} = await fails(t, box, binary, spec, {step: 'attach'});
	t.is(message, 'attach: /bin/sh: late');
	t.deepEqual(said(), ['one', 'undone']);
});

helperTest('a container that fails on its own says why, and what was attached is undone', async (t, box, binary) => {
	const {spec, say, said} = specOf(box, ['/bin/missing']);
	spec.minicontainer.network = {attach: [{args: say('one')}], detach: [{args: say('undone')}]};
	await fails(t, box, binary, spec, {step: 'exec', exitCode: 127});
	t.deepEqual(said(), ['one', 'undone']);
});

/** With a pid file the child waits for the supervisor, and its network namespace comes with it; without, it is made beside. */
for (const beside of [true, false]) {
	helperTest(
		`an interruption ends it all with 128+n (${beside ? 'made beside' : 'with the child'})`,
		async (t, box, binary) => {
			const {spec, say, said, file} = specOf(box);
			if (!beside) {
				spec.minicontainer.pidFile = box.path('pid');
			}

			spec.minicontainer.network = {
				attach: [{args: say('one')}, {args: sh(`echo $PPID >${file}.pid; exec /bin/sleep 1000`)}, {args: say('never')}],
				detach: [{args: say('undone')}],
			};
			const run = runHelper(box, binary, spec);
			await until(
				() => fs.existsSync(`${file}.pid`) && fs.readFileSync(`${file}.pid`, 'utf8').endsWith('\n'),
				'the program',
			);
			process.kill(Number(fs.readFileSync(`${file}.pid`, 'utf8')), 'SIGINT');
			const {code, events} = await run;
			t.is(code, 130, JSON.stringify(events));
			t.like(events.at(-1), {event: 'error', exitCode: 130});
			t.deepEqual(said(), ['one', 'undone']);
		},
	);
}

helperTest('explain shows them', async (t, box, binary) => {
	const {spec} = specOf(box);
	spec.minicontainer.network = {
		attach: [{args: ['/sbin/ip', '-batch', '-'], input: 'link set eth0 up\nroute add default\n', inside: true}],
		detach: [{args: ['/usr/sbin/nft', '-f', '-'], input: 'flush table inet t\n'}],
	};
	const text = execFileSync(binary, ['explain', box.file('spec.json', JSON.stringify(spec))], {encoding: 'utf8'});
	t.regex(
		text,
		/parent\/attach: .*\n.*\n {6}attach, inside: \/sbin\/ip -batch -\n {6} +\| link set eth0 up\n {6} +\| route add default\n/,
	);
	t.regex(text, / {6}at the end: \/usr\/sbin\/nft -f -\n {6} +\| flush table inet t\n/);
});
