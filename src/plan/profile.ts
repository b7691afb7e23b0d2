import type {Request} from './request.js';

/** Processes and threads, where there is a control group for it: podman's; and what a shell with a few pipelines takes. */
export const usualPids = ({profile}: Request): number => (profile === 'strict' ? 64 : 2048);

const STRICT: Partial<Request> = {readOnly: true, network: 'none', userns: {kind: 'private'}};

/** What a profile says where the request says nothing; capabilities that are asked for are added to none. */
export const withProfile = (request: Request): Request => {
	if (request.profile !== 'strict') return request;
	const said = Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined));
	return {...request, ...STRICT, ...said, capDrop: ['ALL', ...(request.capDrop ?? [])]} as Request;
};
