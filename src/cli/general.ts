import {checkPath} from '../parse/path.js';
import {type General, section, single, toggle} from './option.js';

/** Flags that every verb has; they may also stand before it. */
export const general = section<General>(
	'General',
	single('--root DIR', 'keep containers in DIR (or MINICONTAINER_ROOT)', (draft, text) => {
		draft.root = checkPath(text);
	}),
	toggle('--debug', 'show where an error comes from (or MC_DEBUG=1)', () => {}),
	toggle('--help', 'show this help', () => {}),
);
