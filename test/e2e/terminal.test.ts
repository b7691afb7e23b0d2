import fs from 'node:fs';
import {type Box, boxTest} from '../helpers/box.js';
import {gone, kill} from '../helpers/leaks.js';
import {cli} from '../helpers/project.js';
import {Terminal} from '../helpers/terminal.js';

const cooked = {echo: true, canonical: true, signals: true};
const loop = 'while :; do sleep 0.05; done';

function shell(box: Box, script: string, flags: string[] = []): Terminal {
	return Terminal.run(box, [...flags, '/bin/sh', '-c', script]);
}

boxTest('-it: a terminal of the container’s own, of the same size', async (t, box) => {
	const terminal = Terminal.run(box, ['/bin/probe'], {rows: 33, columns: 111});
	t.like(await terminal.end(), {code: 0, ...cooked});
	const sight = JSON.parse(terminal.screen.text);
	t.deepEqual(sight.terminal, {rows: 33, columns: 111, foreground: true});
	t.like(sight, {controllingTerminal: 'yes', pid: 1, sid: 1});
	t.deepEqual(sight.fds, {0: sight.fds[0], 1: sight.fds[0], 2: sight.fds[0]});
	t.regex(sight.fds[0], /^\/dev\/(pts\/0|console)$/);
	t.true(sight.env.includes('TERM=xterm'));
	t.like(sight.dev.console, {uid: 0});
	t.regex(sight.dev.console.mode, /^206[02]0$/);
});

boxTest('-it: a shell to type at, raw outside while it runs, restored afterwards', async (t, box) => {
	const terminal = Terminal.run(box, ['/bin/sh']);
	await terminal.screen.until(/# /);
	t.like(await terminal.state(), {echo: false, canonical: false, signals: false});
	terminal.type('echo $((6 * 7)); tty\r');
	await terminal.screen.until(/\n42\r\n\/dev\//);
	terminal.type('exit 5\r');
	t.like(await terminal.end(), {code: 5, ...cooked});
});

boxTest('-it: the line discipline is the inner one’s: echo and erase', async (t, box) => {
	const terminal = shell(box, 'echo ready; read line; echo "<$line>"');
	await terminal.screen.until(/ready/);
	terminal.type('abx\x7fc\r');
	await terminal.end();
	t.regex(terminal.screen.text, /<abc>\r\n$/);
});

boxTest('-it: Ctrl-C reaches the command once, and the CLI not at all', async (t, box) => {
	const terminal = shell(box, `trap 'echo interrupted' INT; trap 'echo over; exit 4' QUIT; echo ready; ${loop}`);
	await terminal.screen.until(/ready/);
	terminal.type('\x03');
	await terminal.screen.until(/interrupted/);
	terminal.type('\x1c');
	t.like(await terminal.end(), {code: 4, ...cooked});
	t.is(terminal.screen.text.match(/interrupted/g)?.length, 1);
});

boxTest('-it: Ctrl-C without a trap, through --init', async (t, box) => {
	const terminal = shell(box, 'echo ready; sleep 1000', ['--init']);
	await terminal.screen.until(/ready/);
	terminal.type('\x03');
	t.like(await terminal.end(), {code: 130, ...cooked});
});

boxTest('-it: Ctrl-D is the end of input', async (t, box) => {
	const terminal = shell(box, 'echo ready; cat; echo over');
	await terminal.screen.until(/ready/);
	terminal.type('line\r\x04');
	t.like(await terminal.end(), {code: 0, ...cooked});
	t.regex(terminal.screen.text, /line\r\nline\r\nover\r\n$/);
});

boxTest('-it: Ctrl-Z stops a job of the container’s, not the CLI', async (t, box) => {
	const terminal = Terminal.run(box, ['/bin/sh', '-i']);
	await terminal.screen.until(/# /);
	terminal.type('sleep 1000\r');
	await terminal.screen.until(/sleep 1000\r\n/);
	// The shell may not have started it yet: a Ctrl-Z at the prompt does nothing, so type it until the job is stopped.
	for (let i = 0; i < 100 && !/Stopped/.test(terminal.screen.text); i++) {
		terminal.type('\x1a');
		await new Promise(resolve => setTimeout(resolve, 50));
	}

	t.regex(terminal.screen.text, /Stopped/);
	// It refuses to end once, while it still believes that there are jobs.
	terminal.type('kill -9 %1\rexit 0\rexit 0\r');
	t.like(await terminal.end(), {code: 0});
});

boxTest('-it: a resize outside is one inside, with SIGWINCH', async (t, box) => {
	const terminal = shell(box, `trap 'stty size; exit' WINCH; stty size; ${loop}`);
	await terminal.screen.until(/24 80/);
	terminal.resize(50, 132);
	t.like(await terminal.end(), {code: 0});
	t.regex(terminal.screen.text, /50 132/);
});

boxTest('-it: the terminal is restored after a command killed by a signal, a failure, a timeout', async (t, box) => {
	const before = [(flags: string[]) => shell(box, 'exit 7', flags).end()];
	const plain = await (before[0] as (flags: string[]) => ReturnType<Terminal['end']>)([]);
	const endings: [Terminal, number][] = [
		[shell(box, 'kill -KILL $$; sleep 100', ['--init']), 137],
		[shell(box, 'sleep 100', ['--timeout', '300ms']), 137],
		[Terminal.run(box, ['/bin/missing']), 127],
		[Terminal.run(box, ['-v', '/missing:/x', '/bin/true']), 125],
	];
	for (const [terminal, code] of endings) {
		const end = await terminal.end();
		t.like(end, {code, ...cooked}, terminal.screen.text);
		t.deepEqual(end.flags, plain.flags);
	}
});

for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT'] as const) {
	boxTest(`-it: ${signal} to the CLI reaches the command, and the terminal is restored`, async (t, box) => {
		const terminal = shell(box, `trap 'echo caught; exit 6' ${signal.slice(3)}; echo ready; ${loop}`);
		const pid = await terminal.pid();
		await terminal.screen.until(/ready/);
		kill(pid, signal);
		t.like(await terminal.end(), {code: 6, ...cooked});
		t.regex(terminal.screen.text, /caught/);
	});
}

boxTest('-it: when the CLI is killed with -9, the container dies and the terminal is restored', async (t, box) => {
	const terminal = shell(box, `trap '' HUP TERM INT; echo ready; ${loop}`, ['--pidfile', box.path('pid')]);
	const pid = await terminal.pid();
	await terminal.screen.until(/ready/);
	const inner = Number(fs.readFileSync(box.path('pid'), 'utf8'));
	kill(pid, 'SIGKILL');
	await gone(inner);
	t.like(await terminal.end(), {signal: 9});
	// What the killed CLI could not remove is swept by whoever runs next.
	t.is((await box.run(['true'])).code, 0);
});

const hangUps = [
	// The kernel keeps a signal that would end it from a PID 1 that has no handler.
	{what: 'by SIGHUP', script: 'echo ready; sleep 1000', flags: ['--init']},
	{what: 'by the end of its input', script: 'trap "" HUP; echo ready; cat; cat', flags: []},
];

for (const {what, script, flags} of hangUps) {
	boxTest(`-it: a terminal that is hung up ends the container ${what}`, async (t, box) => {
		const terminal = shell(box, script, [...flags, '--pidfile', box.path('pid')]);
		await terminal.screen.until(/ready/);
		const inner = Number(fs.readFileSync(box.path('pid'), 'utf8'));
		terminal.hangUp();
		await gone(inner);
		t.is((await box.run(['true'])).code, 0);
	});
}

boxTest('-i --init at a terminal that is not the container’s', async (t, box) => {
	const terminal = new Terminal(box, [
		'/usr/bin/env',
		cli,
		'run',
		'--rm',
		'-i',
		'--init',
		'--rootfs',
		box.rootfs,
		'echo',
		'there',
	]);
	await terminal.screen.until(/there/);
	t.like(await terminal.end(), {code: 0});
});

boxTest('-t without a terminal outside: the command has one all the same', async (t, box) => {
	const result = await box.sh(['-t'], 'tty; test -t 0 && test -t 1 && test -t 2 && echo all; exit 3');
	t.is(result.code, 3);
	t.regex(result.stdout, /^\/dev\/(pts\/0|console)\r\nall\r\n$/);
});

boxTest('-it without a terminal outside: a pipe goes in, and its end is the end of input', async (t, box) => {
	const result = await box.sh(['-it'], 'stty -echo; echo ready; cat', {stdin: 'pipe', input: 'line\n'});
	t.is(result.code, 0);
	t.regex(result.stdout, /ready\r\nline\r\n$/);
});

boxTest('-t only: nothing that is typed goes in, and the terminal outside stays as it is', async (t, box) => {
	const terminal = new Terminal(box, [
		'/usr/bin/env',
		cli,
		'run',
		'--rm',
		'-t',
		'--rootfs',
		box.rootfs,
		'/bin/sh',
		'-c',
		'echo ready; read -t 1 line; echo "<$line>"',
	]);
	await terminal.screen.until(/ready/);
	terminal.type('typed\r');
	const end = await terminal.end();
	t.like(end, cooked);
	t.regex(terminal.screen.text, /<>/);
});

boxTest('-i only, at a terminal: lines go in, the terminal stays cooked', async (t, box) => {
	const terminal = new Terminal(box, [
		'/usr/bin/env',
		cli,
		'run',
		'--rm',
		'-i',
		'--rootfs',
		box.rootfs,
		'/bin/sh',
		'-c',
		'echo ready; read line; echo "<$line>"; test -c /dev/tty && (: >/dev/tty) 2>/dev/null && echo controlling',
	]);
	await terminal.screen.until(/ready/);
	t.like(await terminal.state(), cooked);
	terminal.type('typed\r');
	await terminal.end();
	t.regex(terminal.screen.text, /<typed>/);
	t.notRegex(terminal.screen.text, /controlling/);
});

boxTest('at a terminal without -i and -t, Ctrl-C reaches the command once', async (t, box) => {
	const script = `trap 'echo interrupted; n=$((n + 1)); [ $n = 2 ] && exit 8' INT; echo ready; ${loop}`;
	const terminal = new Terminal(box, [
		'/usr/bin/env',
		cli,
		'run',
		'--rm',
		'--rootfs',
		box.rootfs,
		'/bin/sh',
		'-c',
		script,
	]);
	await terminal.screen.until(/ready/);
	terminal.type('\x03');
	await terminal.screen.until(/interrupted/);
	terminal.type('\x03');
	t.like(await terminal.end(), {code: 8, ...cooked});
	t.is(terminal.screen.text.match(/interrupted/g)?.length, 2);
});

boxTest('-it: a megabyte of output arrives whole', async (t, box) => {
	const terminal = shell(box, 'head -c 786432 /dev/zero | tr "\\0" x; echo END');
	t.like(await terminal.end(), {code: 0});
	t.is(terminal.screen.text.length, 786_432 + 'END\r\n'.length);
	t.true(terminal.screen.text.endsWith('xEND\r\n'));
});
