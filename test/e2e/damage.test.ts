/** What others, a crash or a full disk do to the state directory: the truth is told, others are unharmed, it can be removed. */
import fs from 'node:fs';
import path from 'node:path';
import {type Box, boxTest, refused, until} from '../helpers/box.js';
import {snapshot} from '../helpers/leaks.js';
import {cli, slowness} from '../helpers/project.js';
import {score, times} from '../helpers/score.js';

/** Ways to spoil a file, or what is put there instead. */
const spoilt: Readonly<Record<string, (file: string, whole: Buffer) => void>> = {
	empty: file => fs.writeFileSync(file, ''),
	truncated: (file, whole) => fs.writeFileSync(file, whole.subarray(0, whole.length / 2)),
	noise: file => fs.writeFileSync(file, Buffer.from([0, 255, 10, 13, 27, 91, 128])),
	null: file => fs.writeFileSync(file, 'null\n'),
	number: file => fs.writeFileSync(file, '5\n'),
	list: file => fs.writeFileSync(file, '[{"event":7}]\n[]\n'),
	shapes: file => fs.writeFileSync(file, '{"event":"starting"}\n{"event":"created"}\n{"event":"error"}\n'),
	directory: file => fs.mkdirSync(`${file}/deep/er`, {recursive: true}),
	link: file => fs.symlinkSync('/etc/hostname', file),
	loop: file => fs.symlinkSync(path.basename(file), file),
};

function spoil(file: string, kind: string): void {
	const isFile = fs.existsSync(file) && fs.statSync(file).isFile();
	const whole = isFile ? fs.readFileSync(file) : Buffer.alloc(0);
	fs.rmSync(file, {recursive: true, force: true});
	spoilt[kind]?.(file, whole);
}

for (const name of ['config.json', 'spec.json', 'status', 'exit.json', 'log', 'overlay']) {
	boxTest(`a damaged ${name}: ps tells, others are unharmed, rm -f and prune remove it`, async (t, box) => {
		const kinds = Object.keys(spoilt);
		const good = await box.detached(t, ['--name', 'good'], 'exec sleep 1000');
		const bad = await Promise.all(kinds.map(kind => box.detached(t, ['--name', kind], 'echo x; exit 3')));
		await box.ok(t, 'wait', ...bad);
		for (const [index, kind] of kinds.entries()) {
			spoil(box.kept(bad[index] as string, name), kind);
		}

		const listed = await box.ok(t, 'ps', '-a', '--no-trunc', '--format', '{{.ID}} {{.State}}');
		t.true(listed.includes(`${good} running`));
		t.deepEqual(
			bad.filter(id => !listed.includes(id)),
			[],
		);
		const looks = ['inspect', 'wait', 'stop'].map(verb => [verb, ...bad]);
		for (const args of [...looks, ...bad.map(id => ['logs', id]), ['ps', '-a']]) {
			const {code, stderr} = await box.cli(args);
			t.true(code === 0 || code === 125, `${code} ${args}`);
			t.notRegex(stderr, /this is a bug|Error:/, args[0]);
		}

		const forced = bad.slice(0, 5);
		t.is(await box.line(t, 'rm', '-f', ...forced), forced.join('\n'));
		t.deepEqual((await box.line(t, 'prune')).split('\n').sort(), bad.slice(5).sort());
		t.deepEqual(fs.readdirSync(`${box.state}/containers`), [good]);
		t.deepEqual(fs.readdirSync(`${box.state}/names`), ['good']);
		t.true(fs.existsSync('/etc/hostname'));
		t.is((await box.inspect(t, good)).state.status, 'running');
	});
}

const OTHER_BOOT = '00000000-0000-0000-0000-000000000000';

boxTest('after a reboot: what ran is Dead, what was temporary goes, kept changes are there', async (t, box) => {
	const script = 'echo x >>/file; echo READY; [ $(wc -l </file) = 2 ] || exec sleep 1000';
	const id = await box.detached(t, ['--name', 'kept'], script);
	const begun = box.text(id, 'status').replace(/(\d+ \d+) [0-9a-f-]{36} /, `$1 ${OTHER_BOOT} `);
	t.true(begun.includes(OTHER_BOOT));
	await box.ok(t, 'kill', id);
	await box.ok(t, 'wait', id);
	// As the story would look, had the machine been switched off; another process has the number by now.
	fs.rmSync(box.kept(id, 'exit.json'));
	fs.writeFileSync(box.kept(id, 'status'), begun.replaceAll(/"pid":\d+/g, `"pid":${process.pid}`));
	t.is((await box.inspect(t, id)).state.status, 'dead');
	const left = 'a'.repeat(64);
	fs.mkdirSync(box.kept(left, 'overlay', 'upper'), {recursive: true});
	const owner = `${process.pid} 1 ${OTHER_BOOT} ${fs.readlinkSync('/proc/self/ns/pid')} temporary`;
	fs.symlinkSync(owner, `${box.state}/owners/${left}`);
	t.is(await box.line(t, 'start', 'kept'), 'kept');
	t.is(await box.line(t, 'wait', 'kept'), '0', 'its changes were there');
	await box.run(['true']);
	await until(() => !fs.existsSync(box.kept(left)), 'what was temporary goes');
	refused(t, await box.cli(['rm', left]), /there is no container/);
});

/** Commands on a file system of 400 KB, where `mc` keeps its state. */
async function onSmallDisk(box: Box, script: string) {
	const begin = `mount -t tmpfs -o size=400k,mode=755 small "$1" || exit 99
		export MINICONTAINER_ROOT=$1; cli=$2; rootfs=$3
		mc() { "$cli" "$@"; }
		fill() { dd if=/dev/zero of="$MINICONTAINER_ROOT/full" bs=4k 2>/dev/null; }
		drain() { rm -f "$MINICONTAINER_ROOT/full"; }`;
	const args = ['-m', '--propagation', 'private', 'sh', '-c', `${begin}\n${script}`, 'sh'];
	return box.spawn('unshare', [...args, box.directory('small'), cli, box.rootfs]);
}

boxTest(
	'a full disk: a clear error, nothing left, nothing lost',
	async (t, box) => {
		const result = await onSmallDisk(
			box,
			`mc create --name kept --rootfs $rootfs sh -c 'exit 7' >/dev/null
			id=$(mc run -d --name up --rootfs $rootfs sh -c 'trap "exit 5" TERM; echo READY; while :; do sleep 0.05; done')
			until mc logs $id | grep -q READY; do :; done
			fill
			for how in create 'run -d' run 'run --rm' 'run -d --rm'; do
				mc $how --name more --rootfs $rootfs true; echo "$how $?"
			done
			mc start kept; echo "start $?"
			mc rename kept other; echo "rename $?"
			mc stop up >/dev/null; echo "stop $?"
			mc ps -a --format '{{.Names}} {{.Status}}' | sort
			mc rm up; drain
			mc start -a kept; echo "kept $?"
			mc rm kept; cd $MINICONTAINER_ROOT; ls containers names owners`,
		);
		const [stdout, stderr] = [String(result.stdout), String(result.stderr)];
		t.notRegex(stderr, /this is a bug|\n\s+at /);
		t.regex(stderr, /no space left on device/);
		const failed = [...stdout.matchAll(/^(.*) 125$/gm)].map(([, what]) => what);
		t.deepEqual(failed, ['create', 'run -d', 'run', 'run --rm', 'run -d --rm', 'start', 'rename']);
		t.regex(stdout, /^stop 0\nkept Created\nup Exited \(5\)/m, stderr);
		t.regex(stdout, /^kept 7$/m, stderr);
		t.regex(stdout, /containers:\n\nnames:\n\nowners:\n$/, 'nothing is left');
		score('full disk', failed.length + 2);
	},
	{as: 'root'},
);

/** In each of two loops at a time. */
const CYCLES = times({test: 100, gate: 100, release: 5000});

boxTest(
	`${2 * CYCLES} cycles of create, start, stop and rm leave everything as it was`,
	async (t, box) => {
		const counts = () => [snapshot().mounts.size, fs.readdirSync('/proc/self/fd').length];
		const before = counts();
		const script = `for i in $(seq ${CYCLES}); do
			id=$("$1" create --rootfs "$2" sleep 1000) && "$1" start $id >/dev/null &&
				"$1" stop -t 0 $id >/dev/null && "$1" rm $id >/dev/null || exit 1; done`;
		const loop = () => box.spawn('/bin/sh', ['-c', script, 'sh', cli, box.rootfs], {timeout: 2400 * CYCLES * slowness});
		for (const {exitCode, stderr} of await Promise.all([loop(), loop()])) {
			t.deepEqual([exitCode, stderr], [0, '']);
		}

		t.deepEqual(counts(), before);
		t.deepEqual(fs.readdirSync(`${box.state}/containers`), []);
		score('cycles', 2 * CYCLES);
	},
	{as: 'root', patience: 2500 * CYCLES},
);
