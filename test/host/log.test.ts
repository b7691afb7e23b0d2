import fs from 'node:fs';
import test from 'ava';
import {LogReader, openLog} from '../../src/host/log.js';
import {scratch} from '../helpers/rootfs.js';

const T = '2026-01-02T03:04:05.123456789Z';
const read = (reader: LogReader) => [...reader.lines()].map(({stream, text}) => `${stream}:${text.toString('latin1')}`);

const cases: [title: string, text: string, lines: string[]][] = [
	['nothing', '', []],
	['whole lines', `${T} stdout F a\n${T} stderr F b\n`, ['stdout:a\n', 'stderr:b\n']],
	['one without its newline', `${T} stdout P a\n`, ['stdout:a']],
	['an empty one', `${T} stdout F \n`, ['stdout:\n']],
	['spaces', `${T} stdout F  a  b \n`, ['stdout: a  b \n']],
	['what is still being written', `${T} stdout F a\n${T} stdout F b`, ['stdout:a\n']],
	['what is not ours', `x\n\n${T} stdin F a\n${T} stdout\n${T} stdout F a\n`, ['stdout:a\n']],
	['bytes', `${T} stdout F \0\xff\x1b\n`, ['stdout:\0\xff\x1b\n']],
	['much', `${T} stdout F ${'x'.repeat(200_000)}\n`, [`stdout:${'x'.repeat(200_000)}\n`]],
];

for (const [title, text, lines] of cases) {
	test(`${title}`, t => {
		const file = `${scratch('log')}/log`;
		fs.writeFileSync(file, text, 'latin1');
		const reader = new LogReader(file);
		t.deepEqual(read(reader), lines);
		fs.appendFileSync(file, `\n${T} stdout F more\n`);
		t.is(read(reader).at(-1), 'stdout:more\n', 'and what comes after it');
		reader.close();
	});
}

test('the files, the oldest first; nothing else', t => {
	const directory = scratch('log');
	for (const name of ['log', 'log.1', 'log.2', 'log.10']) {
		fs.writeFileSync(`${directory}/${name}`, `${T} stdout F ${name}\n`);
	}

	fs.mkdirSync(`${directory}/log.3`);
	fs.symlinkSync('/etc/passwd', `${directory}/log.4`);
	fs.writeFileSync(`${directory}/log.x`, '');
	const readers = openLog(directory);
	t.deepEqual(
		readers.flatMap(read),
		['log.10', 'log.2', 'log.1', 'log'].map(name => `stdout:${name}\n`),
	);
	for (const reader of readers) {
		reader.close();
	}

	t.deepEqual(openLog(`${directory}/nowhere`), []);
});
