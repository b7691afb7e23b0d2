/** Looking at containers: ps and inspect. */
import {boxTest, refused} from '../helpers/box.js';

const ESCAPE = '\u001b[31mred';

boxTest('ps: columns, and what is shown of what', async (t, box) => {
	t.is(await box.line(t, 'ps'), 'CONTAINER ID   ROOTFS   COMMAND   CREATED   STATUS   NAMES');
	const up = await box.detached(t, ['--name', 'up'], 'exec sleep 1000');
	const made = await box.created(t, ['--name', 'made'], ':');
	const [header = '', line = '', ...more] = (await box.line(t, 'ps')).split('\n');
	t.regex(header, /^CONTAINER ID {3}ROOTFS +COMMAND +CREATED +STATUS +NAMES$/);
	t.regex(
		line,
		new RegExp(
			`^${up.slice(0, 12)} {3}${box.rootfs} {3}"/bin/sh -c exec sle…" +\\d+ seconds? ago +Up \\d+ seconds? +up$`,
		),
	);
	t.deepEqual(more, []);
	const all = (await box.line(t, 'ps', '-a')).split('\n');
	t.is(all.length, 3);
	t.regex(all[1] ?? '', /Created +made$/, 'the newest first');
	t.is(await box.line(t, 'ps', '-q'), up.slice(0, 12));
	t.is(await box.line(t, 'ps', '-aq', '--no-trunc'), `${made}\n${up}`);
	t.regex(await box.line(t, 'ps', '--no-trunc'), /"\/bin\/sh -c exec sleep 1000"/);
});

boxTest('ps: filters of one kind are alternatives, kinds narrow down', async (t, box) => {
	await box.detached(t, ['--name', 'web1', '-l', 'tier=front', '-l', 'x'], 'exec sleep 1000');
	const three = await box.detached(t, ['--name', 'web2', '-l', 'tier=back'], 'exit 3');
	await box.created(t, ['--name', 'job'], ':');
	await box.ok(t, 'wait', three);
	const cases: [filters: string[], names: string][] = [
		[['name=web'], 'web1'],
		[['name=web', 'status=exited', 'status=running'], 'web2 web1'],
		[['status=exited'], 'web2'],
		[['exited=3'], 'web2'],
		[['exited=0'], ''],
		[['status=created'], 'job'],
		[['label=tier'], 'web1'],
		[['label=tier=back', 'status=exited'], 'web2'],
		[['label=tier=no'], ''],
		[['label=x'], 'web1'],
		[[`id=${three.slice(0, 9)}`, 'exited=3'], 'web2'],
	];
	for (const [filters, names] of cases) {
		const flags = filters.flatMap(filter => ['--filter', filter]);
		const found = await box.line(t, 'ps', '--format', '{{.Names}}', ...flags);
		t.is(found.replaceAll('\n', ' '), names, filters.join(' '));
	}

	for (const bad of ['name', 'colour=red', '__proto__=x', '=']) {
		refused(t, await box.cli(['ps', '--filter', bad]), /is not a filter/);
	}

	refused(t, await box.cli(['ps', 'web1']), /'web1' is not needed/);
});

boxTest('ps: formats', async (t, box) => {
	const id = await box.created(t, ['--name', 'c', '-l', 'a=1', '-l', 'b'], ':');
	const format = '{{.ID}}\\t{{ .Names }} {{.State}} {{.Rootfs}} {{.Labels}}';
	t.is(await box.line(t, 'ps', '-a', '--format', format), `${id.slice(0, 12)}\tc created ${box.rootfs} a=1,b=`);
	t.regex(await box.line(t, 'ps', '-a', '--format', '{{.CreatedAt}}'), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
	const [only] = JSON.parse(await box.ok(t, 'ps', '-a', '--format', 'json'));
	t.like(only, {id, name: 'c', status: 'created', command: ['/bin/sh', '-c', ':'], labels: {a: '1', b: ''}});
	t.deepEqual(JSON.parse(await box.ok(t, 'ps', '--format', 'json')), []);
	refused(t, await box.cli(['ps', '-a', '--format', '{{.Nope}}']), /there is no field 'Nope'/);
	refused(t, await box.cli(['ps', '-a', '--format', '{{.constructor}}']), /there is no field/);
});

boxTest('ps: nothing that a terminal would obey', async (t, box) => {
	const name = await box.line(t, 'create', '-l', `x=${ESCAPE}`, '--rootfs', box.rootfs, ESCAPE, 'a\nb');
	t.false((await box.ok(t, 'ps', '-a')).includes('\u001b'));
	t.is((await box.ok(t, 'ps', '-a')).split('\n').length, 3, 'a header, a line, the end');
	await box.ok(t, 'rm', name);
});

boxTest('inspect: everything, the plan too; of many; of none', async (t, box) => {
	const flags = ['--name', 'c', '-e', 'A=1', '-l', 'x=y', '-i', '--stop-signal', 'USR1', '--stop-timeout', '3'];
	const id = await box.created(t, flags, 'exit 2');
	const made = await box.inspect(t, 'c');
	t.like(made, {id, name: 'c', rootfs: box.rootfs, labels: {x: 'y'}, interactive: true, tty: false, remove: false});
	t.like(made, {stopTimeout: 3000, state: {status: 'created'}, directory: box.kept(id)});
	t.true(made.plan.process.env.includes('A=1'));
	await box.ok(t, 'start', 'c');
	await box.ok(t, 'wait', 'c');
	const {state} = await box.inspect(t, id);
	t.like(state, {status: 'exited', exitCode: 2});
	t.true(state.started <= state.finished, JSON.stringify(state));
	const both = await box.cli(['inspect', 'c', 'nobody', id]);
	t.is(both.code, 125);
	t.is(JSON.parse(both.stdout).length, 2);
	t.regex(both.stderr, /^minicontainer: there is no container 'nobody'\n/);
});
