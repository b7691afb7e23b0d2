/** The grammars whose values are numbers: size, duration, signal, ulimit. */
import test from 'ava';
import {parseBoolean} from '../../src/parse/boolean.js';
import {parseDuration} from '../../src/parse/duration.js';
import {parseSignal, signalName} from '../../src/parse/signal.js';
import {parseSize} from '../../src/parse/size.js';
import {parseUlimit, UNLIMITED} from '../../src/parse/ulimit.js';
import {table} from './table.js';

const notASize = /^'.*' is not a size: use a number with an optional b, k, m, g or t$/;

test(
	'sizes',
	table(
		parseSize,
		[
			['0', 0],
			['4096', 4096],
			['007', 7],
			['1b', 1],
			['1k', 1024],
			['1K', 1024],
			['1kb', 1024],
			['1KiB', 1024],
			['64m', 64 * 2 ** 20],
			['64MB', 64 * 2 ** 20],
			['1.5g', 1.5 * 2 ** 30],
			['0.5k', 512],
			['1.9b', 1],
			['2t', 2 * 2 ** 40],
			['9007199254740991', Number.MAX_SAFE_INTEGER],
		],
		[
			...['', ' ', '12q', '-1', '+1', 'NaN', 'Infinity', '1e400', '1e3', '0x10', '1.', '.5', '1..5'].map(
				text => [text, notASize] as const,
			),
			...['1 g', '1g ', '\n1', '1ib', 'k', '1,5g', '१', '1gg', '1m\n'].map(text => [text, notASize] as const),
			['9007199254740992', /too large/],
			['8192t', /too large/],
			['9'.repeat(400), /too large/],
		],
	),
);

test(
	'durations, in milliseconds',
	table(
		parseDuration,
		[
			['0', 0],
			['0s', 0],
			['10', 10_000],
			['1.5', 1500],
			['10s', 10_000],
			['500ms', 500],
			['1m30s', 90_000],
			['1.5h', 5_400_000],
			['1h0m0.5s', 3_600_500],
			['2m', 120_000],
			['0.1ms', 1],
			['1.5ms', 2],
		],
		[
			...['', '-1', '-1s', '1x', 's', '1s1m', '1m1m', '1 s', '1e3', 'NaN', '1d', '10us', '1h2', '.5s'].map(
				text => [text, /^'.*' is not a duration: use e\.g\. 10s, 1m30s, 1\.5h or 500ms$/] as const,
			),
			['9'.repeat(20), /too long/],
			['9'.repeat(400), /too long/],
		],
	),
);

test(
	'signals',
	table(
		parseSignal,
		[
			['TERM', 15],
			['SIGTERM', 15],
			['sigterm', 15],
			['Kill', 9],
			['9', 9],
			['64', 64],
			['1', 1],
			['IOT', 6],
			['RTMIN', 34],
			['SIGRTMIN+3', 37],
			['rtmax-1', 63],
			['RTMIN+30', 64],
		],
		[
			...['', '0', '65', '-9', '+9', '09', '9.0', 'SIG', 'SIGSIGTERM', 'BOGUS', 'TERM ', 'RTMIN+31', 'RTMAX-31'].map(
				text => [text, /^'.*' is not a signal: use a name such as TERM, or 1 to 64$/] as const,
			),
			...['RTMIN-1', 'RTMIN+', 'constructor', '__proto__', 'toString'].map(text => [text, /is not a signal/] as const),
		],
	),
);

test('names of signals', t => {
	t.deepEqual([1, 6, 15, 31, 32, 34, 35, 64].map(signalName), [
		...['SIGHUP', 'SIGABRT', 'SIGTERM', 'SIGSYS', '32', 'SIGRTMIN+0', 'SIGRTMIN+1', 'SIGRTMIN+30'],
	]);
	for (let signal = 34; signal <= 64; signal++) t.is(parseSignal(signalName(signal)), signal);
});

const notALimit = /is not a limit/;

test(
	'limits',
	table(
		parseUlimit,
		[
			['nofile=1024', {name: 'nofile', soft: 1024, hard: 1024}],
			['nofile=1024:2048', {name: 'nofile', soft: 1024, hard: 2048}],
			['core=0', {name: 'core', soft: 0, hard: 0}],
			['core=-1', {name: 'core', soft: UNLIMITED, hard: UNLIMITED}],
			['memlock=0:unlimited', {name: 'memlock', soft: 0, hard: UNLIMITED}],
			['stack=9007199254740993', {name: 'stack', soft: 9007199254740993n, hard: 9007199254740993n}],
			['cpu=18446744073709551615', {name: 'cpu', soft: UNLIMITED, hard: UNLIMITED}],
		],
		[
			['', notALimit],
			['nofile', notALimit],
			['nofile=', notALimit],
			['=1', notALimit],
			['nofile=1:', notALimit],
			['nofile=1:2:3', notALimit],
			['nofile=1k', notALimit],
			['nofile=-2', notALimit],
			['nofile=1.5', notALimit],
			['nofile=0x10', notALimit],
			['nofile= 1', notALimit],
			['nofile=18446744073709551616', notALimit],
			['nofile=2:1', /^limit nofile: 2 \(soft\) is above 1 \(hard\)$/],
			['nofile=-1:1', /above/],
			['NOFILE=1', /^'NOFILE' is not the name of a limit: use one of .*nofile/],
			['bogus=1', /not the name of a limit/],
		],
	),
);

test('booleans', t => {
	for (const text of ['1', 't', 'T', 'true', 'True', 'TRUE']) t.true(parseBoolean(text), text);
	for (const text of ['0', 'f', 'F', 'false', 'False', 'FALSE']) t.false(parseBoolean(text), text);
	for (const text of ['', 'yes', 'tRUE', ' true', '2']) t.is(parseBoolean(text), undefined, text);
});
