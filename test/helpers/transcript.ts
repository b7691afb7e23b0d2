import type {Readable} from 'node:stream';
import {finished} from 'node:stream/promises';
import {slowness} from './project.js';

/** All that a stream has said so far, and a way to wait for it to say something. */
export class Transcript {
	text = '';
	readonly #stream: Readable;

	constructor(stream: Readable) {
		this.#stream = stream;
		stream.setEncoding('utf8');
		stream.on('data', chunk => {
			this.text += chunk;
		});
	}

	async ended(): Promise<void> {
		await finished(this.#stream);
	}

	/** Resolves as soon as the text is as wished; rejects, with the text, when the stream ends first or after 30 s of a usual machine. */
	async until(wish: RegExp | ((text: string) => boolean)): Promise<string> {
		const fulfilled = typeof wish === 'function' ? wish : (text: string) => wish.test(text);
		await new Promise<void>((resolve, reject) => {
			const give = (up: string) => () => done(new Error(`${up} before ${wish}: ${JSON.stringify(this.text)}`));
			const look = () => fulfilled(this.text) && done();
			const [ended, late] = [give('the stream ended'), give('its time went by')];
			const timer = setTimeout(late, 30_000 * slowness);
			const done = (error?: Error) => {
				clearTimeout(timer);
				this.#stream.off('data', look).off('end', ended).off('close', ended);
				error ? reject(error) : resolve();
			};
			this.#stream.on('data', look).on('end', ended).on('close', ended);
			if (!look() && (this.#stream.readableEnded || this.#stream.destroyed)) {
				ended();
			}
		});
		return this.text;
	}
}
