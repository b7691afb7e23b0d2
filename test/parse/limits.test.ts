/** The grammars of limits: memory, processors, whole numbers in a range. */
import test from 'ava';
import {parseCgroups} from '../../src/parse/cgroups.js';
import {parseCpus} from '../../src/parse/cpus.js';
import {isSubset, parseCpuset} from '../../src/parse/cpuset.js';
import {parseMemory, parseMemorySwap} from '../../src/parse/memory.js';
import {blkioWeight, cpuShares, oomScoreAdj, parseWhole, pidsLimit} from '../../src/parse/whole.js';
import {table} from './table.js';

const MIB = 2 ** 20;

test(
	'memory: 6 MiB at least, or none',
	table(
		parseMemory,
		[
			['0', 0],
			['6m', 6 * MIB],
			['64M', 64 * MIB],
			['1.5g', 1536 * MIB],
			['6291456', 6 * MIB],
		],
		[
			['6291455', /^minimum memory limit allowed is 6MB$/],
			['1k', /^minimum memory limit allowed is 6MB$/],
			['-1', /is not a size/],
			['-64m', /is not a size/],
			['64q', /is not a size/],
			['', /is not a size/],
			['9999999t', /too large/],
		],
	),
);

test(
	'memory and swap',
	table(
		parseMemorySwap,
		[
			['-1', -1],
			['0', 0],
			['1g', 1024 * MIB],
		],
		[
			['-2', /use -1 for no limit of swap/],
			['-1m', /use -1/],
			['x', /is not a size/],
		],
	),
);

const notCpus = /is not a number of CPUs/;

test(
	'CPUs',
	table(
		parseCpus,
		[
			['0', 0],
			['0.01', 0.01],
			['.5', 0.5],
			['1.', 1],
			['2', 2],
			['1.25', 1.25],
		],
		[
			...['', '-1', '+1', '1e400', '1e2', 'NaN', 'Infinity', '0x1', '1,5', ' 1', '1.2.3', '.', '1/2'].map(
				text => [text, notCpus] as const,
			),
			['0.009', /0\.009 is not a number of CPUs: the range is from 0\.01 to 8192$/],
			['8193', /range/],
			['9'.repeat(400), notCpus],
		],
	),
);

const notASet = /is not a list of CPUs: use e\.g\. 0-2,4$/;

test(
	'sets of CPUs',
	table(
		parseCpuset,
		['0', '0-2', '0-2,4', '1,3', '8191', '2-2', '0-8191,5'].map(text => [text, text] as const),
		['', ',', '1,', '-1', '0-', '2-1', '8192', '0-4294967295', 'a', '1 2', '0-2-4', '0:1', '9'.repeat(100_000)].map(
			text => [text, notASet] as const,
		),
	),
);

test('a list as long as can be is told apart from another in no time', t => {
	const long = Array.from({length: 4000}, () => '0-8191').join(',');
	const begin = performance.now();
	t.true(isSubset(long, long));
	t.false(isSubset(long, '0-8190'));
	t.throws(() => parseCpuset('0-1000000000'));
	t.true(performance.now() - begin < 2000);
	t.true(isSubset('1', '0-2'));
	t.false(isSubset('1,3', '0-2'));
});

const wholes = [
	{range: cpuShares, good: ['0', '2', '1024', '262144'], bad: ['1', '-1', '262145']},
	{range: pidsLimit, good: ['-1', '0', '1', '4194304'], bad: ['-2', '4194305']},
	{range: oomScoreAdj, good: ['-1000', '0', '1000'], bad: ['-1001', '1001']},
	{range: blkioWeight, good: ['0', '10', '1000'], bad: ['9', '1001', '-10']},
];

for (const {range, good, bad} of wholes) {
	test(
		`${range.what}: ${range.min} to ${range.max}`,
		table(
			parseWhole(range),
			good.map(text => [text, Number(text)] as const),
			[
				...bad.map(text => [text, /the range is from/] as const),
				...['', '1.5', '1e3', '0x10', 'NaN', '+5', ' 5', '5\n', '9'.repeat(30)].map(
					text => [text, /use a whole number from/] as const,
				),
			],
		),
	);
}

test('-0 is 0', t => {
	t.true(Object.is(parseWhole(oomScoreAdj)('-0'), 0));
});

test(
	'control groups',
	table(
		parseCgroups as (text: string) => string,
		[
			['enabled', 'enabled'],
			['disabled', 'disabled'],
		],
		[
			['split', /use enabled or disabled$/],
			['', /use enabled/],
		],
	),
);
