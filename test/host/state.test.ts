import fs from 'node:fs';
import test from 'ava';
import {self, startTime} from '../../src/host/owner.js';
import {beginStory, openStory, readState, type State} from '../../src/host/state.js';
import {scratch} from '../helpers/rootfs.js';

const TIME = '2026-01-02T03:04:05.678Z';
const line = (event: unknown) => `${JSON.stringify(event)}\n`;
const by = (owner: string) => line({event: 'starting', by: owner, time: TIME});
const replaced = (word: number, text: string) =>
	self()
		.split(' ')
		.map((old, index) => (index === word ? text : old))
		.join(' ');
const begun = by(self());
const dead = by(replaced(0, '4194305'));
const us = {pid: process.pid, startTime: Number(startTime(process.pid))};
const created = line({event: 'created', ...us});
const another = line({event: 'created', pid: process.pid, startTime: 1});
const started = line({event: 'started'});
const failed = {event: 'error', phase: 'child', step: 'exec', errno: 'ENOENT', message: 'exec: /x', exitCode: 127};

const cases: [title: string, status: string | undefined, exit: string | undefined, state: State][] = [
	['nothing', undefined, undefined, {status: 'created'}],
	['an empty story', '', undefined, {status: 'created'}],
	['a story that is not ours', 'null\n5\n[]\n"x"\n{}\n', undefined, {status: 'created'}],
	['a start by who is alive', begun, undefined, {status: 'starting'}],
	['a start by who is dead', dead, undefined, {status: 'dead'}],
	['a start before the last boot', by(replaced(2, 'x')), undefined, {status: 'dead'}],
	['made, not started', begun + created, undefined, {status: 'starting', ...us}],
	['running', begun + created + started, undefined, {status: 'running', ...us, started: TIME}],
	['running, its starter gone', dead + created + started, undefined, {status: 'running', ...us, started: TIME}],
	['a line cut short', begun + created + started.slice(0, 9), undefined, {status: 'starting', ...us}],
	['gone without a word', begun + another + started, undefined, {status: 'dead', started: TIME, exitCode: 137}],
	[
		'running before the last boot',
		by(replaced(2, 'x')) + created + started,
		undefined,
		{status: 'dead', started: TIME, exitCode: 137},
	],
	[
		'ended, only told',
		begun + created + started + line({event: 'exited', code: 3}),
		undefined,
		{status: 'exited', started: TIME, exitCode: 3},
	],
	[
		'ended, on record',
		begun + created + started,
		line({event: 'exited', signal: 9, oom: true, time: TIME}),
		{status: 'exited', started: TIME, finished: TIME, exitCode: 137, signal: 9, oom: true},
	],
	[
		'out of time',
		begun + created + started,
		line({event: 'exited', signal: 9, timeout: true}),
		{status: 'exited', started: TIME, exitCode: 137, signal: 9, timeout: true},
	],
	[
		'could not start',
		begun + created,
		line({...failed, time: TIME}),
		{
			...{status: 'exited', finished: TIME, exitCode: 127},
			error: {step: 'exec', errno: 'ENOENT', message: 'exec: /x'},
		},
	],
	['an end that is cut short', begun + created + started, '{"event":"exi', {status: 'running', ...us, started: TIME}],
];

for (const [title, status, exit, state] of cases) {
	test(title, t => {
		const directory = scratch('state');
		for (const [name, text] of [
			['status', status],
			['exit.json', exit],
		] as const) {
			if (text !== undefined) {
				fs.writeFileSync(`${directory}/${name}`, text);
			}
		}

		t.deepEqual(readState(directory), state);
	});
}

test('a story begins in one step, and ends the last', t => {
	const directory = scratch('state');
	fs.writeFileSync(`${directory}/status`, dead + another + started);
	fs.writeFileSync(`${directory}/exit.json`, line({event: 'exited', code: 1}));
	fs.writeFileSync(`${directory}/status.${process.pid}`, 'left by one that was killed');
	fs.closeSync(beginStory(directory));
	t.deepEqual(fs.readdirSync(directory), ['status']);
	t.is(readState(directory).status, 'starting');
});

test('a story that is open tells the end when its file is gone', t => {
	const directory = scratch('state');
	fs.writeFileSync(`${directory}/status`, begun + created + started);
	const story = openStory(directory);
	fs.appendFileSync(`${directory}/status`, line({event: 'exited', code: 8}));
	fs.rmSync(`${directory}/status`);
	t.is(story.exitCode(), 8);
	story.close();
	t.is(openStory(directory).exitCode(), 0);
});
