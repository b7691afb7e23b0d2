/** Waiting for what other processes do to a container. */
import {watch} from 'node:fs';

/** Milliseconds: not every end of a container changes a file. */
const LONGEST = 250;

/** Resolves when something in the directory has changed, or a little later; also when it is gone. */
export function changed(directory: string, longest = LONGEST): Promise<void> {
	return new Promise(resolve => {
		let done = (): void => resolve();
		const timer = setTimeout(() => done(), longest);
		try {
			const watcher = watch(directory, () => done());
			watcher.on('error', () => done());
			done = () => {
				clearTimeout(timer);
				watcher.close();
				resolve();
			};
		} catch {
			// The directory is gone, or there are no more watches to be had: then only time tells.
		}
	});
}
