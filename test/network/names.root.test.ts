/** Containers on one network know each other by name, whatever becomes of them. */
import fs from 'node:fs';
import type {ExecutionContext} from 'ava';
import type {Box} from '../helpers/box.js';
import {labTest} from '../helpers/lab.js';

const SERVE = 'net serve tcp 0.0.0.0 80';

/** The addresses that NAME has in the container ID. */
const resolve = async (box: Box, id: string, name: string): Promise<string> =>
	(await box.cli(['exec', id, 'net', 'resolve', name])).stdout.trim();

const addressOf = async (t: ExecutionContext, box: Box, id: string): Promise<string> =>
	/inet (\d[^/]*)\/16/.exec(await box.ok(t, 'exec', id, 'ip', 'address', 'show', 'eth0'))?.[1] ?? 'none';

labTest('by name, host name, alias and id; both ways, and with traffic', async (t, _lab, box) => {
	await box.ok(t, 'network', 'create', 'net1');
	const on = ['--network', 'net1'];
	const a = await box.detached(t, [...on, '--name', 'a', '-h', 'host-a', '--network-alias', 'db'], SERVE);
	const b = await box.detached(t, [...on, '--name', 'b'], SERVE);
	const [of, to] = [await addressOf(t, box, a), await addressOf(t, box, b)];
	for (const name of ['a', 'host-a', 'db', a.slice(0, 12)]) t.is(await resolve(box, b, name), of, name);
	t.is(await resolve(box, a, 'b'), to);
	t.is(await resolve(box, a, 'host-a'), of, 'its own');
	await box.says(a, /ready/);
	const here = ['--network', 'net1', '--add-host', 'x:192.0.2.9'];
	const temporary = await box.sh(here, 'net ask tcp db 80 hello; echo; net resolve x; net resolve b');
	t.regex(temporary.stdout, new RegExp(`^from \\S+ \\d+\nhello\n192\\.0\\.2\\.9\n${to}\n$`));
	const apart = await box.sh(['--network', 'bridge'], 'net resolve a || echo none');
	t.is(apart.stdout, 'none\n', 'not on another network');
	await box.removeKept();
	await box.ok(t, 'network', 'rm', 'net1');
});

labTest('after a restart, another name, and the end of one of them', async (t, _lab, box) => {
	const on = ['--network', 'bridge'];
	const a = await box.detached(t, [...on, '--name', 'one'], SERVE);
	const b = await box.detached(t, [...on, '--name', 'two', '--user', '1000'], SERVE);
	const inode = fs.statSync(box.kept(a, 'hosts')).ino;
	const [of, to] = [await addressOf(t, box, a), await addressOf(t, box, b)];
	await box.ok(t, 'restart', '-t', '0', a);
	t.is(await resolve(box, a, 'two'), to);
	t.is(await resolve(box, b, 'one'), of, 'by who is not root there');
	await box.ok(t, 'rename', b, 'three');
	t.is(await resolve(box, a, 'two'), '');
	t.is(await resolve(box, a, 'three'), to);
	await box.ok(t, 'rm', '-f', b);
	t.is(await resolve(box, a, 'three'), '');
	t.is(fs.statSync(box.kept(a, 'hosts')).ino, inode, 'the container has that very file');
	const own = ['127.0.0.1\tlocalhost', `${of}\t${a.slice(0, 12)}`];
	const text = await box.ok(t, 'exec', a, 'cat', '/etc/hosts');
	for (const line of own) t.true(text.includes(`${line}\n`), line);
});

labTest('ten that come at once all know each other', async (t, _lab, box) => {
	const names = Array.from({length: 10}, (_, index) => `c${index}`);
	const start = (name: string) => box.detached(t, ['--network', 'bridge', '--name', name], SERVE);
	const ids = await Promise.all(names.map(start));
	for (const id of ids) {
		const text = fs.readFileSync(box.kept(id, 'hosts'), 'utf8');
		t.deepEqual(
			names.filter((name, index) => ids[index] !== id && !text.includes(`\t${name} `)),
			[],
		);
	}
});

labTest("a file of the user's own is left alone", async (t, _lab, box) => {
	const mine = box.file('hosts', '192.0.2.1 only\n');
	const a = await box.detached(t, ['--network', 'bridge', '--name', 'a', '-v', `${mine}:/etc/hosts`], SERVE);
	const b = await box.detached(t, ['--network', 'bridge', '--name', 'b'], SERVE);
	t.is(await box.ok(t, 'exec', a, 'cat', '/etc/hosts'), '192.0.2.1 only\n');
	t.is(await resolve(box, b, 'a'), await addressOf(t, box, a));
	t.is(fs.readFileSync(mine, 'utf8'), '192.0.2.1 only\n');
});
