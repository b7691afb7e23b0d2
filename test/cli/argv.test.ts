import test from 'ava';
import {type Flag, readArgv} from '../../src/cli/argv.js';

const flags: Flag[] = [
	{spelling: '-e, --env NAME[=VALUE]', kind: 'list'},
	{spelling: '-i, --interactive', kind: 'boolean'},
	{spelling: '-t, --tty', kind: 'boolean'},
	{spelling: '-v, --volume HOST:CONTAINER[:ro]', kind: 'list'},
	{spelling: '-h, --hostname NAME', kind: 'string'},
	{spelling: '--network, --net none|host', kind: 'string'},
];

/** Flags as `name=value`, then what is left. */
const read = (...words: string[]) => {
	const line = readArgv(words, flags);
	return [...line.flags.map(({flag, value}) => `${/--(\w+)/.exec(flag.spelling)?.[1]}=${value}`), '|', ...line.rest];
};

const rows: [words: string[], found: string[]][] = [
	[[], ['|']],
	[['sh'], ['|', 'sh']],
	[
		['-i', '-t', 'sh'],
		['interactive=true', 'tty=true', '|', 'sh'],
	],
	[
		['-it', 'sh'],
		['interactive=true', 'tty=true', '|', 'sh'],
	],
	[
		['-ite', 'A=1', 'sh'],
		['interactive=true', 'tty=true', 'env=A=1', '|', 'sh'],
	],
	[
		['-iteA=1', 'sh'],
		['interactive=true', 'tty=true', 'env=A=1', '|', 'sh'],
	],
	[
		['-eA=1', 'sh'],
		['env=A=1', '|', 'sh'],
	],
	[
		['-e=A=1', 'sh'],
		['env=A=1', '|', 'sh'],
	],
	[
		['-e', 'A=1', 'sh'],
		['env=A=1', '|', 'sh'],
	],
	[
		['--env=A=1', 'sh'],
		['env=A=1', '|', 'sh'],
	],
	[
		['--env', 'A=1', 'sh'],
		['env=A=1', '|', 'sh'],
	],
	[
		['-v/a:/b', 'sh'],
		['volume=/a:/b', '|', 'sh'],
	],
	[
		['-itv/a:/b', 'sh'],
		['interactive=true', 'tty=true', 'volume=/a:/b', '|', 'sh'],
	],
	[
		['--tty=false', 'sh'],
		['tty=false', '|', 'sh'],
	],
	[
		['-t=false', 'sh'],
		['tty=false', '|', 'sh'],
	],
	[
		['-it=false', 'sh'],
		['interactive=true', 'tty=false', '|', 'sh'],
	],
	// A boolean takes no word: what follows is the command.
	[
		['--tty', 'false'],
		['tty=true', '|', 'false'],
	],
	[
		['-h', 'box', 'sh'],
		['hostname=box', '|', 'sh'],
	],
	[
		['--net', 'host', 'sh'],
		['network=host', '|', 'sh'],
	],
	[
		['--env', '', 'sh'],
		['env=', '|', 'sh'],
	],
	[
		['--env=', 'sh'],
		['env=', '|', 'sh'],
	],
	[
		['-e', '--tty', 'sh'],
		['env=--tty', '|', 'sh'],
	],
	[
		['-e', '--', 'sh'],
		['env=--', '|', 'sh'],
	],
	[
		['-e', 'A', '-e', 'B', 'sh'],
		['env=A', 'env=B', '|', 'sh'],
	],
	[
		['--', '-t', 'sh'],
		['|', '-t', 'sh'],
	],
	[
		['-i', '--', '--', 'sh'],
		['interactive=true', '|', '--', 'sh'],
	],
	[
		['-', '-t'],
		['|', '-', '-t'],
	],
	[
		['', '-t'],
		['|', '', '-t'],
	],
	[
		['sh', '-t', '--help', '--', '-e', '--bogus'],
		['|', 'sh', '-t', '--help', '--', '-e', '--bogus'],
	],
	[
		['-e', 'A=1\n2', 'sh'],
		['env=A=1\n2', '|', 'sh'],
	],
	[
		['--env=A=1\n2', 'sh'],
		['env=A=1\n2', '|', 'sh'],
	],
];

for (const [words, found] of rows) {
	test(`reads ${JSON.stringify(words)}`, t => {
		t.deepEqual(read(...words), found);
	});
}

const refused: [words: string[], message: string][] = [
	[['--bogus', 'sh'], 'unknown flag --bogus'],
	[['--bogus=1', 'sh'], 'unknown flag --bogus'],
	[['-x', 'sh'], 'unknown flag -x'],
	[['-ix', 'sh'], 'unknown flag -x'],
	[['--=x'], 'unknown flag --'],
	[['---env', 'x'], 'unknown flag ---env'],
	[['--constructor'], 'unknown flag --constructor'],
	[['-NAME'], 'unknown flag -N'],
	[['--env,'], 'unknown flag --env,'],
	[['--env NAME'], 'unknown flag --env NAME'],
	[['-e'], '-e needs a value'],
	[['-ite'], '-e needs a value'],
	[['--env'], '--env needs a value'],
	[['--hostname'], '--hostname needs a value'],
];

for (const [words, message] of refused) {
	test(`refuses ${JSON.stringify(words)}`, t => {
		t.throws(() => read(...words), {message});
	});
}
