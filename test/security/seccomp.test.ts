/** What can be called in a container, by number: from each door, with each ABI, with and without capabilities. */
import fs from 'node:fs';
import type {ExecutionContext} from 'ava';
import {closed, opened} from '../../src/plan/seccompCalls.js';
import {type Box, boxTest, refused} from '../helpers/box.js';
import {payload} from '../helpers/project.js';
import {compiler, numberOf, numbers} from '../helpers/seccomp.js';

const call = (name: string, ...args: (number | string)[]) => ['native', numberOf(name), ...args].join(':');
const program = ['-v', `${payload('calls')}:/calls:ro`];

/** What these calls come to in a container with such flags. */
async function answers(t: ExecutionContext, box: Box, flags: readonly string[], calls: string[]): Promise<string[]> {
	const {code, stdout, stderr} = await box.run([...program, ...flags, '/calls', ...calls]);
	t.deepEqual([code, stderr], [0, '']);
	return stdout.trimEnd().split('\n');
}

const ENOSYS = 'errno 38';
const EPERM = 'errno 1';
const EAFNOSUPPORT = 'errno 97';
const KILLED = 'signal 31';

/** By default; `chroot` a bare run has the capability for. */
const forbidden = [...closed.flatMap(({calls}) => calls), ...new Set(Object.values(opened).flat())].filter(
	name => name !== 'chroot' && numbers.has(name),
);
const forbiddenCalls = forbidden.map(name => call(name));
const refusedArguments: [string, string][] = [
	[call('clone', 0x10000011), EPERM],
	[call('clone', 0x20011), EPERM],
	[call('unshare', 0x10000000), ENOSYS],
	[call('clone3', 0, 0), ENOSYS],
	[call('ioctl', 0, 0x5412, 0), EPERM],
	[call('ioctl', 0, '0x100005412', 0), EPERM],
	[call('ioctl', 0, 0x541c, 0), EPERM],
	[call('socket', 40, 1, 0), EAFNOSUPPORT],
	[call('socket', 38, 5, 0), EAFNOSUPPORT],
	[call('socket', '0x100000028', 1, 0), EAFNOSUPPORT],
	[call('personality', 0x40000), ENOSYS],
	[call('socket', 1, 1, 0), 'ok'],
	[call('socket', 2, 1, 0), 'ok'],
	[call('personality', 0xffffffff), 'ok'],
	[call('clone', 0x11), 'ok'],
	[call('getpid'), 'ok'],
];
const everything = [...forbiddenCalls, ...refusedArguments.map(([text]) => text)];
const expected = [...forbidden.map(() => ENOSYS), ...refusedArguments.map(([, answer]) => answer)];

const named = (lines: string[]) => everything.map((text, index) => `${forbidden[index] ?? text} ${lines[index]}`);

boxTest('run, with and without --init, and exec: what is not for containers is not there', async (t, box) => {
	t.true(forbidden.length > 60);
	t.deepEqual(named(await answers(t, box, [], everything)), named(expected));
	t.deepEqual(named(await answers(t, box, ['--init', '--user', '0'], everything)), named(expected));
	const id = await box.detached(t, program, 'echo READY; exec sleep 1000');
	const {stdout} = await box.cli(['exec', id, '/calls', ...everything]);
	t.deepEqual(named(stdout.trimEnd().split('\n')), named(expected));
	const status = await box.cli(['exec', id, 'grep', '-h', '^Seccomp:', '/proc/1/status', '/proc/self/status']);
	t.is(status.stdout, 'Seccomp:\t2\n'.repeat(2), 'PID 1 too, which a tracer could make call anything');
});

boxTest('calls by the numbers of i386 and x32 kill', async (t, box) => {
	if (process.arch !== 'x64') return t.pass();
	const foreign = ['i386:20', 'i386:310:0x10000000', 'i386:288', 'x32:39', `x32:${numberOf('keyctl')}`];
	t.deepEqual(
		await answers(t, box, [], foreign),
		foreign.map(() => KILLED),
	);
});

boxTest('a capability opens what it is for', async (t, box) => {
	const calls = [
		call('unshare', 0x20000),
		call('mount'),
		call('clone', 0x20011),
		call('keyctl'),
		call('ioctl', 0, 0x5412),
	];
	t.deepEqual(await answers(t, box, ['--cap-add', 'SYS_ADMIN'], calls), ['ok', 'errno 14', 'ok', ENOSYS, EPERM]);
	t.deepEqual(await answers(t, box, ['--cap-drop', 'SYS_CHROOT'], [call('chroot')]), [ENOSYS]);
	t.deepEqual(await answers(t, box, [], [call('chroot')]), ['errno 14'], 'EFAULT: it looked at the path');
});

boxTest('with no-new-privileges=false it holds as well, and leaves no capability behind', async (t, box) => {
	for (const user of ['0', ...(process.geteuid?.() === 0 ? ['1000'] : [])]) {
		const flags = ['--security-opt', 'no-new-privileges=false', '--init', '--user', user];
		t.deepEqual(await answers(t, box, flags, [call('keyctl'), 'x32:39'].slice(0, process.arch === 'x64' ? 2 : 1)), [
			ENOSYS,
			...(process.arch === 'x64' ? [KILLED] : []),
		]);
		const {stdout} = await box.sh(
			flags,
			'grep -hE "^(Seccomp|NoNewPrivs|CapEff|CapPrm):" /proc/1/status /proc/self/status',
		);
		const [first, second] = [stdout.slice(0, stdout.length / 2), stdout.slice(stdout.length / 2)];
		t.is(first, second, 'PID 1 is as confined as the command');
		t.regex(first, /^NoNewPrivs:\t0\nSeccomp:\t2$/m);
		for (const [, set = ''] of first.matchAll(/^Cap\w+:\t(\w+)$/gm))
			t.is((BigInt(`0x${set}`) >> 21n) & 1n, 0n, 'CAP_SYS_ADMIN');
	}
});

const profile = (...syscalls: object[]) => JSON.stringify({defaultAction: 'SCMP_ACT_ALLOW', syscalls});

boxTest('--security-opt seccomp: none, and a file of one’s own', async (t, box) => {
	const ask = (option: string, ...calls: string[]) => answers(t, box, ['--security-opt', `seccomp=${option}`], calls);
	t.not((await ask('unconfined', call('keyctl', 0, -5)))[0], ENOSYS);
	const rules = [
		{names: ['mkdirat', 'mkdir'], action: 'SCMP_ACT_ERRNO', errnoRet: 7},
		{names: ['getsid'], action: 'SCMP_ACT_KILL_PROCESS'},
		{names: ['getpgid'], action: 'SCMP_ACT_ERRNO', errnoRet: 9, excludes: {caps: ['CAP_SYS_TIME']}},
		{names: ['umask'], action: 'SCMP_ACT_ERRNO', includes: {minKernel: '99.0'}},
	];
	const file = box.file('profile.json', profile(...rules));
	const calls = [call('mkdirat', 0, 0, 0), call('getsid'), call('getpgid'), call('umask'), call('unshare', 0)];
	t.deepEqual(await ask(file, ...calls), ['errno 7', KILLED, 'errno 9', 'ok', 'ok']);
	t.deepEqual(await ask('default', call('keyctl')), [ENOSYS]);
	t.deepEqual(await ask(fs.existsSync(podmans) ? podmans : file, call('getpid')), ['ok']);
});

const podmans = '/usr/share/containers/seccomp.json';

boxTest('profiles that cannot be honoured are refused, and nothing runs', async (t, box) => {
	const bad: [string, RegExp][] = [
		['{"defaultAction":', /profile\.json: \/defaultAction: not JSON/],
		[profile({names: ['read'], action: 'SCMP_ACT_ERRNO', cap: 1}), /\/syscalls\/0\/cap: unknown key/],
		[profile({names: ['raed'], action: 'SCMP_ACT_ERRNO'}), /\/syscalls\/0\/names: unknown call 'raed'/],
		[profile({names: ['read'], action: 'SCMP_ACT_DENY'}), /\/syscalls\/0\/action: unknown action/],
		[profile({names: ['read'], action: 'SCMP_ACT_NOTIFY'}), /not supported/],
	];
	for (const [text, why] of bad) {
		const file = box.file('profile.json', text);
		refused(t, await box.run(['--security-opt', `seccomp=${file}`, 'true']), why);
	}
	refused(t, await box.run(['--security-opt', `seccomp=${box.path('none')}`, 'true']), /none: no such file/);
});

/** A compiler that counts how often it is asked. */
function counting(box: Box) {
	const log = box.path('compiled');
	const script = box.file('compiler', `#!/bin/sh\necho >>'${log}'\nexec '${compiler}'\n`);
	fs.chmodSync(script, 0o755);
	const times = () => (fs.existsSync(log) ? fs.statSync(log).size : 0);
	return {env: {MC_SECCOMP: script, PATH: '/usr/bin:/bin'}, times};
}

boxTest('a filter is compiled once, and again when what was kept is not as it was', async (t, box) => {
	const {env, times} = counting(box);
	const directory = `${box.state}/seccomp`;
	const run = async () => {
		const result = await box.run([...program, '/calls', call('keyctl'), call('getpid')], {env});
		t.deepEqual([result.code, result.stdout, result.stderr], [0, `${ENOSYS}\nok\n`, '']);
	};
	await run();
	await run();
	t.is(times(), 1);
	const [name = ''] = fs.readdirSync(directory);
	const file = `${directory}/${name}`;
	t.is(fs.statSync(file).mode & 0o777, 0o600);
	t.is(fs.statSync(directory).mode & 0o777, 0o700);
	const kept = fs.readFileSync(file);
	const changed = (at: number) => {
		const bytes = Buffer.from(kept);
		bytes[at] = (bytes[at] ?? 0) ^ 1;
		return bytes;
	};
	const damages: (() => void)[] = [
		() => fs.writeFileSync(file, changed(kept.length - 20)),
		() => fs.writeFileSync(file, changed(3)),
		() => fs.writeFileSync(file, changed(kept.indexOf('keyctl') + 200)),
		() => fs.truncateSync(file, kept.length - 8),
		() => fs.writeFileSync(file, ''),
		() => fs.chmodSync(file, 0o644),
		() => {
			fs.renameSync(file, box.path('elsewhere'));
			fs.symlinkSync(box.path('elsewhere'), file);
		},
		...(process.geteuid?.() === 0 ? [() => fs.chownSync(file, 1234, 0)] : []),
	];
	for (const [index, damage] of damages.entries()) {
		damage();
		await run();
		t.is(times(), 2 + index, `damage ${index}`);
		await run();
		t.is(times(), 2 + index, `kept again after damage ${index}`);
		t.deepEqual(fs.readFileSync(file), kept);
		t.true(fs.lstatSync(file).isFile());
	}
	t.deepEqual(fs.readdirSync(directory), [name]);
});

boxTest('where nothing can be kept it is compiled each time; a plan keeps nothing', async (t, box) => {
	const {env, times} = counting(box);
	t.is((await box.cli(['plan', '--rootfs', box.rootfs, 'true'], {env})).code, 0);
	t.false(fs.existsSync(`${box.state}/seccomp`));
	fs.mkdirSync(box.state, {mode: 0o700});
	fs.writeFileSync(`${box.state}/seccomp`, '');
	t.is((await box.run(['true'], {env})).code, 0);
	t.is((await box.run(['true'], {env})).code, 0);
	t.is(times(), 3);
	fs.rmSync(`${box.state}/seccomp`);
	refused(t, await box.run(['true'], {env: {MC_SECCOMP: '/nowhere'}}), /MC_SECCOMP: \/nowhere not found/);
});
