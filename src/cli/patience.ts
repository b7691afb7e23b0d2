import {parsePatience} from '../parse/patience.js';
import {type General, section, single} from './option.js';

/** What is said to a verb that ends containers. */
export interface Patient extends General {
	/** Milliseconds; absent: what each container was made with. */
	patience?: number;
}

export const patience = section<Patient>(
	'Time',
	single('-t, --time, --timeout SECONDS', 'how long to wait before killing; -1: for ever', (draft, text) => {
		draft.patience = parsePatience(text);
	}),
);

/** For the help. */
export const patienceDetails =
	'First comes the stop signal (TERM, or --stop-signal of run), and after some seconds KILL.';
