import type {Container} from '../host/store.js';

/** What people call a container: its name, or the first digits of its id. */
export const titleOf = ({id, name}: Container): string => name || id.slice(0, 12);
