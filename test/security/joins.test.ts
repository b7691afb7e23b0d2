/** SECURITY.md §2b: who enters a container, seen by who waits for that inside. */
import {boxTest} from '../helpers/box.js';
import {cli, payload} from '../helpers/project.js';

/** Looks through every process that comes along, as fast as a shell can: its root, its directory, its files. */
const watcher = (canary: string) => `
	echo READY
	while [ ! -e /stop ]; do
		for p in /proc/[0-9]*; do
			for way in $p/root $p/cwd; do [ -e $way${canary} ] && echo "$way leads out"; done
			for fd in $p/fd/*; do
				case $(readlink $fd) in *${canary}*) echo "$fd is open" ;; esac
				[ -e $fd${canary} ] && echo "$fd leads out"
			done
		done
	done 2>/dev/null >/seen
	cat /seen; echo over`;

for (const flags of [[], ['--cap-add', 'SYS_PTRACE']]) {
	boxTest(
		`CVE-2016-9962 runc, CVE-2016-8649 lxc: who joins brings nothing of the host's along ${flags.join(' ')}`,
		async (t, box) => {
			const canary = box.file('canary', 'secret');
			const id = await box.detached(t, flags, watcher(canary));
			for (let round = 0; round < 12; round++) {
				const command = ['with-fds', ...[7, 8, 19, 63].map(fd => `${fd}=${box.dir}`), '--', cli, 'exec', id, 'true'];
				const {exitCode, stderr} = await box.spawn(payload('attempt'), command);
				t.deepEqual([exitCode, stderr], [0, '']);
			}

			await box.ok(t, 'exec', id, 'touch', '/stop');
			await box.ok(t, 'wait', id);
			t.is(await box.ok(t, 'logs', id), 'READY\nover\n');
		},
	);
}

boxTest(
	'the watcher can tell: it sees the host where it may',
	async (t, box) => {
		const canary = box.file('canary', 'secret');
		const flags = ['--pid', 'host', '--cap-add', 'SYS_PTRACE'];
		const {stdout} = await box.sh(flags, `(sleep 2; touch /stop) & ${watcher(canary)}`);
		t.regex(stdout, /root leads out\n/);
	},
	{as: 'root'},
);
