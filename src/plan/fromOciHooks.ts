import {cleanPath} from '../parse/path.js';
import {HOOKS, type OciHook} from '../spec/ociTypes.js';
import type {Hook, Hooks} from '../spec/types.js';
import type {OciWanted} from './fromOci.js';

/** runtime.md, "State"; the helper adds pid and status. */
const stateOf = ({config: {ociVersion, annotations = {}}, run: {id, bundle}}: OciWanted): string =>
	JSON.stringify({ociVersion, id, bundle, annotations}).slice(1, -1);

export const planOciHooks = (wanted: OciWanted): Hooks | undefined => {
	const {hooks = {}} = wanted.config;
	const lists = HOOKS.flatMap(name => {
		const list = hooks[name] ?? [];
		return list.length > 0 ? [[name, list.map(planHook)] as const] : [];
	});
	return lists.length > 0 ? {state: stateOf(wanted), ...Object.fromEntries(lists)} : undefined;
};

const planHook = ({path, args = [], env, timeout}: OciHook): Hook => ({
	path: cleanPath(path),
	...(args.length > 0 && {args}),
	...(env && {env}),
	...(timeout !== undefined && {timeout}),
});
