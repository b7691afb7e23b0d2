/** Programs of the host that stay as long as a container does. */
import fs from 'node:fs';
import {type Box, until} from '../helpers/box.js';
import {fails, helperTest} from '../helpers/helper-test.js';
import {runHelper} from '../helpers/shim.js';
import {baseSpec} from '../helpers/spec.js';

const read = (file: string) => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim() : '');
/** One that nobody has taken note of yet is gone as well. */
const isThere = (pid: string) => /\) [^Z]/.test(read(`/proc/${pid}/stat`));

/** Waits to be looked at, then says that it is ready, and stays; `pid` is its number, `container` the container's. */
function specOf(box: Box, script: string, command = 'true') {
	const [pid, container] = [box.path('pid'), box.path('container')];
	const spec = baseSpec(box.rootfs, ['/bin/sh', '-c', command]);
	const stays = `echo $1 >${container}; echo $$ >${pid}; ${script}`;
	spec.minicontainer.network = {attach: [{args: ['/bin/sh', '-c', stays, 'sh', 'PID'], stays: true}]};
	return {spec, pid, container};
}

const READY = 'echo ready >&0; exec sleep 1000';

helperTest('one that stays is there while the container is, and knows its number', async (t, box, binary) => {
	const {spec, pid, container} = specOf(box, READY, 'exec sleep 1000');
	let created = 0;
	let seen = false;
	const {code} = await runHelper(box, binary, spec, event => {
		if (event.event === 'created') created = event.pid;
		if (event.event !== 'started') return;
		seen = isThere(read(pid));
		process.kill(created, 'SIGKILL');
	});
	t.is(code, 137);
	t.is(read(container), String(created));
	t.true(seen);
	t.false(isThere(read(pid)));
});

helperTest('the command waits until it is ready', async (t, box, binary) => {
	const fifo = box.path('fifo');
	await box.spawn('mkfifo', [fifo]);
	const {spec, pid} = specOf(box, `read x <${fifo}; ${READY}`);
	let started = false;
	const run = runHelper(box, binary, spec, ({event}) => {
		started ||= event === 'started';
	});
	await until(() => read(pid), 'the program');
	t.false(started);
	fs.writeFileSync(fifo, 'go\n');
	t.is((await run).code, 0);
	t.true(started);
});

helperTest('one that ends before it is ready ends the container, with its own words', async (t, box, binary) => {
	const {spec} = specOf(box, 'echo no way out >&2; exit 0');
	await fails(t, box, binary, spec, {step: 'attach', message: 'attach: /bin/sh: no way out'});
	const silent = specOf(box, 'exec 0>&-; exit 1');
	await fails(t, box, binary, silent.spec, {step: 'attach', message: 'attach: /bin/sh: failed'});
});

helperTest('what it says once it is ready does not pile up', async (t, box, binary) => {
	const full = box.path('full');
	const {spec} = specOf(box, `echo ready >&0; while echo x >&2; do :; done; echo >${full}; exec sleep 1000`);
	const wait = ['/bin/sh', '-c', `until [ -e ${full} ]; do :; done`];
	spec.minicontainer.network?.attach.push({args: wait});
	t.is((await runHelper(box, binary, spec)).code, 0);
});

helperTest(
	'none outlives a supervisor that is killed, or one that is interrupted meanwhile',
	async (t, box, binary) => {
		const {spec, pid} = specOf(box, READY, 'exec sleep 1000');
		await runHelper(box, binary, spec, ({event}, {kill}) => {
			if (event === 'started') kill('SIGKILL');
		});
		await until(() => !isThere(read(pid)), 'its end');
		fs.rmSync(pid);
		const slow = specOf(box, 'exec sleep 1000');
		const end = runHelper(box, binary, slow.spec, () => {});
		await until(() => read(slow.pid), 'the program');
		await box.spawn('sh', ['-c', `kill -TERM $(ps -o ppid= -p ${read(slow.pid)})`]);
		t.is((await end).code, 143);
		t.false(isThere(read(slow.pid)));
	},
);
