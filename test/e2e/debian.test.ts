/** A real distribution: its programs, its links (/bin is one), its users. */
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {boxTest} from '../helpers/box.js';
import {project} from '../helpers/project.js';
import {changes, fingerprint} from '../helpers/rootfs.js';

/** Made once; by rename, so that half of one is never taken for it. */
function debian(): string {
	const rootfs = path.join(project, '.cache/debian');
	if (!fs.existsSync(rootfs)) {
		fs.mkdirSync(path.dirname(rootfs), {recursive: true});
		const making = fs.mkdtempSync(`${rootfs}-`);
		execFileSync(path.join(project, 'fixtures/rootfs.sh'), ['debian', making], {
			stdio: ['ignore', 'ignore', 'inherit'],
		});
		fs.chmodSync(making, 0o755);
		fs.renameSync(making, rootfs);
	}

	return rootfs;
}

boxTest(
	'Debian: apt’s own user, dpkg, perl, a service account',
	async (t, box) => {
		const rootfs = debian();
		const before = fingerprint(path.join(rootfs, 'etc'));
		const run = (...args: string[]) => box.cli(['run', '--rootfs', rootfs, ...args]);
		const script = `
			. /etc/os-release && echo $ID $VERSION_CODENAME
			perl -e 'print join(",", map { $_ * 2 } 1..3), "\n"'
			dpkg --audit && echo audited
			useradd --system --user-group tester && getent passwd tester | cut -d: -f1
			chown tester /tmp && su -s /bin/sh tester -c 'touch /tmp/x && stat -c %U /tmp/x'
			tar -C /etc -cf /tmp/etc.tar . && tar -tf /tmp/etc.tar | grep -cx ./passwd
			find / -xdev -newer /etc/os-release -name 'made-*'; rm -rf /usr/share/doc && ls /usr/share/doc 2>&1 | head -1`;
		const result = await run('--init', '/bin/bash', '-c', script);
		t.deepEqual(result.stdout.replaceAll(/ +/g, ' ').trim().split('\n'), [
			'debian bookworm',
			'2,4,6',
			'audited',
			'tester',
			'tester',
			'1',
			"ls: cannot access '/usr/share/doc': No such file or directory",
		]);
		t.is((await run('--user', 'www-data', 'id', '-un')).stdout, 'www-data\n');
		t.is((await run('--user', '_apt', 'id', '-gn')).stdout, 'nogroup\n');
		t.deepEqual(changes(before, fingerprint(path.join(rootfs, 'etc'))), []);
	},
	{as: 'root', commands: ['debootstrap'], patience: 600_000},
);
