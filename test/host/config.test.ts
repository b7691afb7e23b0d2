import fs from 'node:fs';
import test from 'ava';
import {type Config, readConfig, writeConfig, writeWhole} from '../../src/host/config.js';
import {containerDir} from '../../src/host/store.js';
import {scratch} from '../helpers/rootfs.js';

const config: Config = {
	...{id: 'a'.repeat(64), name: 'web', created: '2026-01-02T03:04:05.678Z', command: ['/bin/sh', '-c', 'é\n']},
	...{rootfs: '/r', labels: {a: 'b'}, tty: false, interactive: true, remove: false, stopSignal: 15},
	...{stopTimeout: 10_000, limits: {}},
};

function place(): {at: string; file: string} {
	const at = scratch('config');
	fs.mkdirSync(containerDir(at, config.id), {recursive: true});
	return {at, file: `${containerDir(at, config.id)}/config.json`};
}

test('what was written is read, and nothing else is there', t => {
	const {at, file} = place();
	writeConfig(at, config);
	writeConfig(at, {...config, name: 'other'}, false);
	t.deepEqual(readConfig(at, config.id), {...config, name: 'other'});
	t.deepEqual(fs.readdirSync(containerDir(at, config.id)), ['config.json']);
	t.is(fs.statSync(file).mode & 0o777, 0o600);
});

const damaged: [title: string, text: string][] = [
	['nothing', ''],
	['half of it', JSON.stringify(config).slice(0, 50)],
	...['null', '5', '"x"', '[]', '{}'].map((text): [string, string] => [text, text]),
	...Object.entries({
		...{id: 'b'.repeat(64), name: 5, created: null, command: 'sh', rootfs: undefined, labels: null},
		...{stopSignal: '15', stopTimeout: 1.5},
	}).map(([key, value]): [string, string] => [`another ${key}`, JSON.stringify({...config, [key]: value})]),
	['a command that is not of words', JSON.stringify({...config, command: [5]})],
	['labels that are no words', JSON.stringify({...config, labels: {a: {}}})],
];

for (const [title, text] of damaged) {
	test(`not a configuration: ${title}`, t => {
		const {at, file} = place();
		fs.writeFileSync(file, text);
		t.is(readConfig(at, config.id), undefined);
	});
}

test('what cannot be written leaves what there was', t => {
	const {at, file} = place();
	writeConfig(at, config);
	const error = t.throws(() => writeWhole(`${file}/x`, ''));
	t.regex(error?.message ?? '', /^cannot write .*: not a directory$/);
	t.deepEqual(readConfig(at, config.id), config);
});
