import type {Namespace, NamespaceType} from '../spec/types.js';
import type {Wanted} from './defaults.js';

/** A user namespace comes first: it owns those that are made after it. */
const namespaces: readonly {type: NamespaceType; isNew: (wanted: Wanted) => boolean}[] = [
	{type: 'user', isNew: wanted => wanted.mapped},
	{type: 'pid', isNew: wanted => wanted.pid === 'private'},
	{type: 'network', isNew: wanted => wanted.network === 'new'},
	{type: 'mount', isNew: () => true},
	{type: 'ipc', isNew: wanted => wanted.ipc === 'private'},
	{type: 'uts', isNew: wanted => wanted.uts === 'private'},
	{type: 'cgroup', isNew: () => true},
];

export const planNamespaces = (wanted: Wanted): Namespace[] => [
	...namespaces.filter(({isNew}) => isNew(wanted)).map(({type}) => ({type})),
	...(wanted.joined ? [{type: 'network' as const, path: wanted.joined.network}] : []),
];
