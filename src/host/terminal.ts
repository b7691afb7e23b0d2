import {spawnSync} from 'node:child_process';

/** After a helper that died without setting the terminal back: it may be in raw mode, where nothing typed is seen. */
export function restoreTerminal(tty: boolean | undefined): void {
	if (tty) {
		spawnSync('stty', ['sane'], {stdio: ['inherit', 'ignore', 'ignore']});
	}
}
