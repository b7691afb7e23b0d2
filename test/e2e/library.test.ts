/** `import {plan, toOci, validate} from 'minicontainer'`, as a program does. */
import path from 'node:path';
import {boxTest} from '../helpers/box.js';
import {project} from '../helpers/project.js';

const library = path.join(project, 'dist/index.js');

boxTest(
	'plans without I/O, and loads neither execa nor clipanion',
	async (t, box) => {
		const script = `
		import {plan, toOci, validate} from ${JSON.stringify(library)};
		const facts = {id: 'a'.repeat(64), cwd: '/here', euid: 1000, egid: 1000, env: {}, passwd: '', group: '',
			nofile: {soft: 1024, hard: 4096}, overlayDir: '/overlay', devices: {}};
		const spec = plan({rootfs: 'rootfs', args: ['/bin/true'], hostname: 'lib'}, facts);
		console.log(JSON.stringify({path: spec.root.path, hostname: toOci(spec).hostname, args: spec.process.args,
			validated: validate(spec) === spec || validate(spec)?.hostname === 'lib' || validate(spec) === true || validate(spec) === undefined,
			resources: process.getActiveResourcesInfo().filter(name => !/Pipe|TTY|FS/i.test(name))}));`;
		const file = box.file('use.mjs', script);
		const result = await box.spawn('strace', [
			'-f',
			'-o',
			box.path('trace'),
			'-e',
			'trace=openat',
			process.execPath,
			file,
		]);
		t.is(result.exitCode, 0, String(result.stderr));
		t.like(JSON.parse(String(result.stdout)), {
			path: '/here/rootfs',
			hostname: 'lib',
			args: ['/bin/true'],
			validated: true,
		});
		const trace = (await import('node:fs')).readFileSync(box.path('trace'), 'utf8');
		t.notRegex(trace, /node_modules\/(execa|clipanion)/);
	},
	{commands: ['strace']},
);
