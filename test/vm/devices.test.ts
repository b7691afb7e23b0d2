/** Devices in cgroup version 2: a BPF program decides (shim/devfilter.c), for root only. */
import type {DeviceRule, Spec} from '../../src/spec/types.js';
import {type Group, groupTest} from './group.js';

const root = {as: 'root'} as const;

/** So that the container's own nodes can be made. */
const mknod: DeviceRule = {access: 'm'};
const usual: DeviceRule[] = [
	mknod,
	{type: 'c', major: 1, minor: 3, access: 'rw'},
	{type: 'c', major: 5, access: 'rw'},
	{type: 'c', major: 136, access: 'rw'},
];

const guarded =
	(devices: DeviceRule[], capabilities: string[] = []) =>
	({minicontainer, process}: Spec): void => {
		minicontainer.cgroup = {join: [], ...minicontainer.cgroup, devices};
		for (const set of ['bounding', 'effective', 'permitted'] as const) {
			process.capabilities = {
				...process.capabilities,
				[set]: [...(process.capabilities?.[set] ?? []), ...capabilities],
			};
		}
	};

/** `1` for each command that worked, `0` for each that did not. */
const attempts = (...commands: string[]): string =>
	`${commands.map(command => `(${command}) && printf 1 || printf 0`).join('; ')}`;

const said = async (group: Group, spec: Spec): Promise<string> => {
	const result = await group.run(spec);
	return result.code === 0 ? result.stdout : `${JSON.stringify(result.events)} ${result.stderr}`;
};

groupTest(
	'only what is listed, and only in the ways that are',
	async (t, group) => {
		const rules: DeviceRule[] = [
			...usual,
			{type: 'c', major: 1, minor: 5, access: 'r'},
			{type: 'c', major: 1, minor: 7, access: 'w'},
		];
		const script = attempts(
			'echo x >/dev/null',
			'head -c 1 /dev/zero >/tmp/x',
			'echo x >/dev/zero',
			// Both were asked for, one was granted.
			': <>/dev/zero',
			// It may be opened; that writing fails is its nature.
			': >/dev/full',
			'head -c 1 /dev/full >/tmp/x',
			'head -c 1 /dev/random >/tmp/x',
		);
		t.is(await said(group, group.spec(script, {}, guarded(rules))), '1100100');
	},
	root,
);

groupTest(
	'making a node is one thing, opening it another; block and character devices are told apart',
	async (t, group) => {
		const rules: DeviceRule[] = [
			{type: 'c', access: 'm'},
			{type: 'c', major: 1, access: 'rw'},
		];
		const script = attempts(
			'mknod /tmp/zero c 1 5',
			'head -c 1 /tmp/zero >/tmp/x',
			'mknod /tmp/terminal c 4 64',
			': <>/tmp/terminal',
			'mknod /tmp/ram b 1 5',
			'mknod /tmp/fifo p',
		);
		t.is(await said(group, group.spec(script, {}, guarded(rules, ['CAP_MKNOD']))), '111001');
	},
	root,
);

groupTest(
	'what is left out stands for all',
	async (t, group) => {
		const script = attempts('mknod /tmp/disk b 259 0', 'head -c 1 /tmp/disk >/tmp/x', 'head -c 1 /dev/zero >/tmp/x');
		const all = guarded([{access: 'rwm'}], ['CAP_MKNOD']);
		t.is(await said(group, group.spec(script, {}, all)), '111');
		const blocks = guarded([mknod, {type: 'b', access: 'r'}, {minor: 3, access: 'rw'}], ['CAP_MKNOD']);
		t.is(await said(group, group.spec(script, {}, blocks)), '110');
	},
	root,
);

groupTest(
	'an empty list lets through nothing',
	async (t, group) => {
		const spec = group.spec(attempts('head -c 1 /dev/zero >/tmp/x', ': </dev/null', ':'), {}, guarded([]));
		const bound = {type: 'bind', options: ['bind', 'nosuid', 'noexec']};
		delete spec.linux.devices;
		delete spec.minicontainer.stdin;
		for (const name of ['/dev/null', '/dev/zero']) {
			spec.mounts.push({destination: name, source: name, ...bound});
		}
		// Masking files takes a /dev/null that can be opened.
		delete spec.linux.maskedPaths;
		t.is(await said(group, spec), '001');
	},
	root,
);

groupTest(
	'as many rules as one likes: the last of a thousand counts',
	async (t, group) => {
		const many = Array.from({length: 1000}, (_, minor): DeviceRule => ({type: 'c', major: 250, minor, access: 'rwm'}));
		const script = attempts('head -c 1 /dev/zero >/tmp/x', 'head -c 1 /dev/full >/tmp/x');
		const rules = [...usual, ...many, {type: 'c' as const, major: 1, minor: 5, access: 'r'}];
		t.is(await said(group, group.spec(script, {}, guarded(rules))), '10');
	},
	root,
);

groupTest(
	'a container in a container adds a filter of its own, and takes nothing away from the outer one',
	async (t, group) => {
		const inner = `${group.path}/inner`;
		const outer = group.spec(
			'echo on; sleep 1000',
			{},
			guarded([...usual, {type: 'c', major: 1, minor: 5, access: 'r'}]),
		);
		const script = attempts('head -c 1 /dev/zero >/tmp/x', 'head -c 1 /dev/full >/tmp/x', ': >/dev/null');
		const nested = await group.within(outer, () => {
			const rules: DeviceRule[] = [mknod, {type: 'c', major: 1, minor: 3, access: 'rw'}, {minor: 7, access: 'rw'}];
			const spec = group.spec(script, {}, guarded(rules));
			spec.minicontainer.cgroup = {...spec.minicontainer.cgroup, create: [inner], settings: [], join: [inner]};
			return said(group, spec);
		});
		t.is(nested, '001');
	},
	root,
);

groupTest(
	'a user may not, and is told so',
	async (t, group) => {
		const result = await group.run(group.spec('echo never', {}, guarded(usual)));
		t.like(result.events.at(-1), {event: 'error', step: 'cgroup', errno: 'EPERM', exitCode: 125});
		t.is(result.stdout, '');
	},
	{as: 'user'},
);
