/** The README is true: its flags are those that there are, and what it shows works. */
import fs from 'node:fs';
import path from 'node:path';
import {boxTest, resultOf} from '../helpers/box.js';
import {cli, helper, project} from '../helpers/project.js';

const readme = fs.readFileSync(path.join(project, 'README.md'), 'utf8');

/** The text between two headings. */
function section(title: string): string {
	const begin = readme.indexOf(`## ${title}\n`);
	return readme.slice(begin, readme.indexOf('\n## ', begin + 1));
}

/** The first block of code in a section that contains this text. */
function code(title: string, text: string): string {
	const blocks = [...section(title).matchAll(/```\w*\n(.*?)```/gs)].map(([, block]) => block as string);
	return blocks.find(block => block.includes(text)) ?? '';
}

boxTest('all flags of run are described, and no others', async (t, box) => {
	const {stdout} = await box.cli(['run', '--help']);
	const there = [...stdout.matchAll(/^ {2}((?:-\w,)?--[\w,-]+)/gm)].flatMap(([, flags = '']) => flags.split(','));
	const tables = section('Commands')
		.split('\n')
		.filter(line => line.startsWith('| `-'));
	const described = tables.flatMap(line => (line.split(' | ')[0] as string).match(/(?<=[`\s])--?[a-z][a-z-]*/g) ?? []);
	t.deepEqual([...new Set(described)].sort(), there.filter(flag => !['--help', '--net'].includes(flag)).sort());
});

boxTest('the quick start’s lines work', async (t, box) => {
	const lines = code('Quick start', 'Hello from container!')
		.split('\n')
		.filter(line => line.startsWith('minicontainer run') && !line.includes('-it'));
	t.is(lines.length, 2);
	const outputs = await Promise.all(
		lines.map(async line => {
			const script = line.replace('minicontainer', '"$0"').replace('/tmp/rootfs', '"$1"');
			return resultOf(await box.spawn('/bin/sh', ['-c', script, cli, box.rootfs]));
		}),
	);
	t.is(outputs[0]?.stdout, 'Hello from container!\n');
	t.regex(outputs[1]?.stdout ?? '', /^HOSTNAME=mycontainer\n.*FOO=bar\n/ms);
});

boxTest('the library does what the README shows', async (t, box) => {
	const shown = code('From a program', 'import {').replace(
		"'minicontainer'",
		JSON.stringify(path.join(project, 'dist/index.js')),
	);
	const script = `const text = process.argv[2];\n${shown.replaceAll(/^\t?(validate|encode)\(/gm, 'globalThis.last = $1(')}
		console.log(globalThis.last.length > 100, spec.process.args.join(' '));`;
	const plan = await box.cli(['plan', '--rootfs', box.rootfs, '/bin/true']);
	const result = resultOf(await box.spawn(process.execPath, [box.file('use.mjs', script), plan.stdout]));
	t.deepEqual(result, {code: 0, signal: undefined, stdout: 'true /bin/sh -c echo hello\n', stderr: ''});
});

boxTest('the walk with the helper alone', async (t, box) => {
	const lines = code('With the helper alone', 'spec.json')
		.replaceAll('/tmp/rootfs', '"$ROOTFS"')
		.replace('minicontainer plan', '"$CLI" plan')
		.replace('shim/mc-init', '"$HELPER"');
	const result = resultOf(
		await box.spawn('/bin/bash', ['-ec', lines], {env: {CLI: cli, HELPER: helper, ROOTFS: box.rootfs}}),
	);
	t.is(result.code, 0, result.stderr);
	t.is(result.stdout.match(/^byhand$/gm)?.length, 2);
	const events = code('With the helper alone', '--status-fd').split('\n')[0] as string;
	const told = await box.spawn('/bin/bash', ['-ec', events], {env: {mc_init: helper}});
	t.is(told.exitCode, 0, String(told.stderr));
	t.regex(
		fs.readFileSync(box.path('events.json'), 'utf8'),
		/^\{"event":"created","pid":\d+,"startTime":\d+\}\n\{"event":"started"\}\n\{"event":"exited","code":0\}\n$/,
	);
});

boxTest('the files that it points at are there', async (t, _box) => {
	for (const [, file] of readme.matchAll(/\]\(([^)#:]+)\)/g)) {
		t.true(fs.existsSync(path.join(project, file as string)), file);
	}

	t.notRegex(readme, /\/(root|work)\//);
});
