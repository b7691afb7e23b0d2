import type {Listed} from '../runtime/list.js';
import {since} from './table.js';

const ago = (time: string | undefined): string => (time === undefined ? '' : ` ${since(time)} ago`);

function exited({exitCode, finished, error, oom, timeout}: Listed): string {
	if (error) {
		return `Could not start (${exitCode}): ${error.step}${error.errno === undefined ? '' : ` ${error.errno}`}`;
	}

	const why = oom ? ', out of memory' : timeout ? ', timed out' : '';
	return `Exited (${exitCode})${ago(finished)}${why}`;
}

const words: Readonly<Record<Listed['status'], (container: Listed) => string>> = {
	created: () => 'Created',
	starting: () => 'Starting',
	running: ({started}) => `Up ${since(started)}`,
	paused: ({started}) => `Up ${since(started)} (Paused)`,
	exited,
	dead: () => 'Dead: its helper was killed, or the machine stopped',
	damaged: () => 'Damaged: rm -f removes it',
};

/** How a container is, in docker's words; why it died, where that is known. */
export const statusText = (container: Listed): string => words[container.status](container);
