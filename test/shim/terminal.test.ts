import type {Box} from '../helpers/box.js';
import {fails, helperTest} from '../helpers/helper-test.js';
import {kill} from '../helpers/leaks.js';
import {runHelper, stringify} from '../helpers/shim.js';
import {baseSpec} from '../helpers/spec.js';
import {Terminal} from '../helpers/terminal.js';

function terminalSpec(box: Box, script: string) {
	const spec = baseSpec(box.rootfs, ['/bin/sh', '-c', script]);
	spec.process.terminal = true;
	delete spec.minicontainer.stdin;
	return spec;
}

function open(box: Box, helper: string, script: string): Terminal {
	return new Terminal(box, [helper, 'run', box.file('spec.json', stringify(terminalSpec(box, script)))]);
}

helperTest('a terminal of the container’s own: size, raw mode outside, restored at the end', async (t, box, helper) => {
	const terminal = open(
		box,
		helper,
		'tty; stty size; test -t 0 && test -t 1 && test -t 2 && echo all; read line; echo "<$line>"',
	);
	const before = {echo: true, canonical: true, signals: true};
	await terminal.screen.until(/all/);
	t.regex(terminal.screen.text, /\/dev\/(console|pts\/0)\r\n24 80\r\nall/);
	t.like(await terminal.state(), {echo: false, canonical: false, signals: false}, 'raw while it runs');
	terminal.type('hello\r');
	const end = await terminal.end();
	t.like(end, {code: 0, ...before});
	t.regex(terminal.screen.text, /hello\r\n<hello>\r\n$/);
});

helperTest('a size that the spec says is not that of the terminal outside', async (t, box, helper) => {
	const spec = terminalSpec(box, 'echo ready; read line; stty size');
	spec.process.consoleSize = {height: 10, width: 20};
	const terminal = new Terminal(box, [helper, 'run', box.file('spec.json', stringify(spec))]);
	await terminal.screen.until(/ready/);
	terminal.type('\r');
	await terminal.end();
	t.regex(terminal.screen.text, /10 20\r\n$/);
});

helperTest('a resize outside is a resize inside', async (t, box, helper) => {
	const terminal = open(box, helper, 'trap "stty size; exit" WINCH; echo ready; while :; do sleep 0.05; done');
	await terminal.screen.until(/ready/);
	terminal.resize(50, 132);
	t.like(await terminal.end(), {code: 0, rows: 50, columns: 132});
	t.regex(terminal.screen.text, /50 132/);
});

helperTest('Ctrl-C reaches the command, not the helper', async (t, box, helper) => {
	const terminal = open(box, helper, 'trap "echo interrupted; exit 5" INT; echo ready; while :; do sleep 0.05; done');
	await terminal.screen.until(/ready/);
	terminal.type('\x03');
	t.like(await terminal.end(), {code: 5, echo: true, canonical: true});
	t.regex(terminal.screen.text, /interrupted/);
});

helperTest('Ctrl-D is the end of the input', async (t, box, helper) => {
	const terminal = open(box, helper, 'echo ready; cat; echo over');
	await terminal.screen.until(/ready/);
	terminal.type('\x04');
	t.like(await terminal.end(), {code: 0});
	t.regex(terminal.screen.text, /over\r\n$/);
});

helperTest('the terminal is restored when the helper is told to end, or the container dies', async (t, box, helper) => {
	const terminal = open(box, helper, 'trap "exit 3" TERM; echo ready; while :; do sleep 0.05; done');
	const pid = await terminal.pid();
	await terminal.screen.until(/ready/);
	kill(pid, 'SIGTERM');
	t.like(await terminal.end(), {code: 3, echo: true, canonical: true, signals: true});
});

helperTest('a terminal inside, none outside: output comes through a pipe', async (t, box, helper) => {
	const spec = terminalSpec(box, 'test -t 1 && echo terminal; stty size');
	spec.process.consoleSize = {height: 40, width: 100};
	const result = await runHelper(box, helper, spec);
	t.deepEqual([result.code, result.stdout], [0, 'terminal\r\n40 100\r\n']);
});

helperTest('a terminal without devpts fails', async (t, box, helper) => {
	const spec = terminalSpec(box, 'true');
	spec.mounts = spec.mounts.filter(mount => mount.destination !== '/dev/pts');
	await fails(t, box, helper, spec, {phase: 'child', step: 'console'});
});
