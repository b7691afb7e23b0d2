import {cleanPath} from '../parse/path.js';
import {Failure, quoted} from '../spec/failure.js';
import type {Namespace} from '../spec/types.js';
import type {OciWanted} from './fromOci.js';

/** A user namespace comes first: it owns those that are made after it. */
export const planOciNamespaces = ({config: {linux}, isNew}: OciWanted): Namespace[] => {
	const {namespaces = [], uidMappings = [], gidMappings = []} = linux ?? {};
	if (isNew('user') && (uidMappings.length === 0 || gidMappings.length === 0))
		throw new Failure('a new user namespace needs linux.uidMappings and linux.gidMappings');
	if (!isNew('user') && uidMappings.length + gidMappings.length > 0 && !namespaces.some(({type}) => type === 'user'))
		throw new Failure('linux.uidMappings and linux.gidMappings need a user namespace');
	return namespaces
		.map(({type, path}): Namespace => ({type, ...(path && {path: cleanPath(path)})}))
		.sort((a, b) => Number(b.type === 'user') - Number(a.type === 'user'));
};

/** sysctl(8) takes both `net.ipv4.ip_forward` and `net/ipv4/ip_forward`. */
const dotted = (name: string): string => {
	if (!name.includes('/')) return name;
	if (name.includes('.')) throw new Failure(`sysctl ${quoted(name)}: dots and slashes together are not supported`);
	return name.replaceAll('/', '.');
};

export const planOciSysctl = ({config: {linux}}: OciWanted): Record<string, string> =>
	Object.fromEntries(Object.entries(linux?.sysctl ?? {}).map(([name, value]) => [dotted(name), value]));
