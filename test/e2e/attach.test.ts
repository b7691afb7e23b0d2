/** Connecting to a container that runs: its streams, its terminal, its end. */
import {type Box, boxTest, refused, until} from '../helpers/box.js';
import {cli} from '../helpers/project.js';
import {Terminal} from '../helpers/terminal.js';
import {Transcript} from '../helpers/transcript.js';

const echo = 'echo READY; while read x; do [ "$x" = end ] && exit 9; echo "got $x"; done; exit 1';
const forever = 'echo READY; while :; do sleep 0.05; done';

/** On a terminal of its own, which is in raw mode by then: what is typed before would be taken as the shell takes it. */
async function attached(box: Box, ...args: string[]): Promise<Terminal> {
	const terminal = new Terminal(box, [cli, 'attach', ...args]);
	await until(async () => !(await terminal.state()).canonical, 'raw mode');
	return terminal;
}

boxTest('input goes in, output comes out apart, the exit code is the container’s', async (t, box) => {
	const script = 'echo READY; while read x; do echo "out $x"; echo "err $x" >&2; [ "$x" = end ] && exit 9; done';
	const id = await box.detached(t, ['-i'], script);
	const {code, stdout, stderr} = await box.cli(['attach', id], {stdin: 'pipe', input: 'a\nend\n'});
	t.deepEqual([code, stdout, stderr], [9, 'out a\nout end\n', 'err a\nerr end\n']);
	t.is(await box.line(t, 'wait', id), '9');
});

boxTest('the detach keys leave it running; others go through', async (t, box) => {
	const id = await box.detached(t, ['-it'], 'stty raw echo; echo READY; exec cat >/dev/null');
	const first = await attached(box, id);
	first.type('a\x10b\x10\x10');
	await first.screen.until(/a\^Pb\^P/);
	first.type('\x11');
	t.is((await first.end()).code, 0);
	t.regex(first.screen.text, /a\^Pb\^P$/, 'and nothing of the keys');
	const second = await attached(box, '--detach-keys', 'ctrl-x,y', id);
	second.type('c\x10\x11\x18z\x18y');
	t.is((await second.end()).code, 0);
	t.is((await box.inspect(t, id)).state.status, 'running');
	refused(t, await box.cli(['attach', '--detach-keys', 'ctrl-1', id]), /is not a key/);
});

boxTest('what is typed is heard, however much is written', async (t, box) => {
	const id = await box.detached(t, ['-it'], 'echo READY; exec yes');
	const terminal = new Terminal(box, [cli, 'attach', id]);
	await terminal.screen.until(/y\r\ny\r\n/);
	terminal.type('\x03');
	// PID 1 takes no SIGINT that it has no handler for; the keys are ours to hear.
	terminal.type('\x10\x11');
	t.is((await terminal.end()).code, 0);
});

boxTest('the window’s size goes along', async (t, box) => {
	const id = await box.detached(t, ['-it'], 'echo READY; while read x; do stty size; done');
	const terminal = new Terminal(box, [cli, 'attach', id], {rows: 31, columns: 101});
	terminal.type('\n');
	await terminal.screen.until(/31 101/);
	terminal.resize(40, 120);
	terminal.type('\n');
	await until(() => {
		terminal.type('\n');
		return /40 120/.test(terminal.screen.text);
	}, 'the new size');
	terminal.type('\x10\x11');
	t.is((await terminal.end()).code, 0);
});

boxTest('signals are passed on; --no-stdin takes no input', async (t, box) => {
	const script = `trap 'echo bye; exit 4' TERM; echo READY; while :; do read -t 1 x && echo "got $x"; echo tick; done`;
	const id = await box.detached(t, ['-i'], script);
	const client = box.start(['attach', '--no-stdin', id], {stdin: 'pipe', input: 'x\n'});
	const seen = new Transcript(client.stdout as never);
	// Who sees output is attached: before that the signal would end the client, not reach the container.
	await seen.until(/tick/);
	client.kill('SIGTERM');
	const {exitCode} = await client;
	t.is(exitCode, 4);
	t.regex(seen.text, /bye/);
	t.notRegex(seen.text, /got/);
});

boxTest('several at once see the same, and all its end', async (t, box) => {
	const id = await box.detached(t, ['-i'], echo);
	const clients = [1, 2, 3].map(() => box.start(['attach', id], {stdin: 'pipe'}));
	const seen = clients.map(client => new Transcript(client.stdout as never));
	// Whoever is attached sees the answer; so asked until all have.
	await until(() => {
		clients[0]?.stdin?.write('x\n');
		return seen.every(({text}) => text.includes('got x'));
	}, 'an answer for each');
	clients[1]?.stdin?.write('end\n');
	t.deepEqual(await Promise.all(clients.map(async client => (await client).exitCode)), [9, 9, 9]);
});

boxTest('start -ai: with the caller’s streams; start -a of one that runs', async (t, box) => {
	const id = await box.created(t, ['-i', '--name', 'c'], echo);
	const first = await box.cli(['start', '-ai', 'c'], {stdin: 'pipe', input: 'a\nend\n'});
	t.deepEqual([first.code, first.stdout], [9, 'READY\ngot a\n']);
	await box.line(t, 'start', 'c');
	await until(() => box.text(id, 'log').split('READY').length > 2, 'READY again');
	const second = await box.cli(['start', '-ai', 'c'], {stdin: 'pipe', input: 'b\nend\n'});
	t.deepEqual([second.code, second.stdout], [9, 'got b\n']);
	refused(t, await box.cli(['start', '-a', 'c', 'd']), /one CONTAINER only/);
});

boxTest('start -ai: on a terminal', async (t, box) => {
	await box.created(t, ['-it', '--name', 'c'], 'tty; read x; echo "<$x>"; exit 3');
	const terminal = new Terminal(box, [cli, 'start', '-ai', 'c']);
	await terminal.screen.until(/\/dev\/pts/);
	terminal.type('word\n');
	t.is((await terminal.end()).code, 3);
	t.regex(terminal.screen.text, /<word>/);
	const {echo: echoes, canonical} = await new Terminal(box, ['/bin/sh', '-c', 'sleep 0.1']).end();
	t.true(echoes && canonical);
});

boxTest('only to one that runs, and whose streams are not its caller’s', async (t, box) => {
	const id = await box.created(t, ['--name', 'c'], 'exit 0');
	refused(t, await box.cli(['attach', 'c']), /container 'c' is not running/);
	await box.line(t, 'start', id);
	await box.line(t, 'wait', id);
	refused(t, await box.cli(['attach', 'c']), /is not running/);
	const running = box.start([
		'run',
		'--rm',
		'--name',
		'fore',
		'--rootfs',
		box.rootfs,
		'sh',
		'-c',
		`trap 'exit 0' TERM; ${forever}`,
	]);
	await new Promise(resolve => running.stdout?.once('data', resolve));
	refused(t, await box.cli(['attach', 'fore']), /has its caller's streams/);
	running.kill('SIGTERM');
	await running;
});

boxTest('the end comes while one attaches: its exit code, or that it is not running', async (t, box) => {
	const id = await box.created(t, ['-i'], 'sleep 0.15; exit 5');
	for (let round = 0; round < 12; round++) {
		await box.line(t, 'start', id);
		const clients = await Promise.all(
			[0, 20, 40].map(async delay => {
				await new Promise(resolve => setTimeout(resolve, delay));
				return box.cli(['attach', '--no-stdin', id]);
			}),
		);
		for (const result of clients) {
			if (result.code !== 5) {
				refused(t, result, /is not running/);
			}
		}
		await box.line(t, 'wait', id);
	}
});
