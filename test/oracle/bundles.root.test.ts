/**
 * What engines were seen to hand to their runtime (fixtures/oci), run by us, runc and crun: a probe inside must see the
 * same. What differs all the same is listed below, each with its reason.
 */
import fs from 'node:fs';
import path from 'node:path';
import {gatherOciFacts} from '../../src/host/ociFacts.js';
import {planOci} from '../../src/plan/fromOci.js';
import {ociPlace} from '../../src/plan/fromOciCgroup.js';
import {encode} from '../../src/spec/encode.js';
import {type OciConfig, readOciConfig} from '../../src/spec/oci.js';
import {validate} from '../../src/spec/validate.js';
import {type Box, boxTest} from '../helpers/box.js';
import {helper, project} from '../helpers/project.js';
import {makeRootfs, scratch} from '../helpers/rootfs.js';
import {runHelper} from '../helpers/shim.js';
import {bundleOf, type Difference, facts, isExplained, type Runtime, runtimes} from './runtimes.js';

const fixtures = path.join(project, 'fixtures/oci');

/** What only the engine's own machine has: its files, its /sys, its hooks, its root; and no terminal, for there is none here. */
function localized(text: string, rootfs: string, place: string): OciConfig {
	const {hooks: _, ...config} = readOciConfig(text);
	const {seccomp: __, ...linux} = config.linux ?? {};
	return {
		...config,
		root: {...config.root, path: rootfs},
		process: {...config.process, cwd: config.process?.cwd ?? '/', args: ['/bin/probe'], terminal: false},
		mounts: (config.mounts ?? []).filter(({source}) => !source?.match(/^\/((var|run)\/|sys$)/)),
		linux: {
			...linux,
			cgroupsPath: place,
			namespaces: (linux.namespaces ?? []).map(({type}) => ({type})),
		},
	};
}

/** crun 1.8 will have nothing to do with both versions side by side. */
const withoutGroups = ({
	linux: {cgroupsPath: _, resources: __, ...linux} = {},
	mounts,
	...config
}: OciConfig): OciConfig => ({
	...config,
	mounts: mounts?.filter(({type}) => type !== 'cgroup') ?? [],
	linux,
});

/** The differences that stay. */
const own: Difference[] = [
	{
		runtime: 'runc',
		fact: /^mount \/sys\/fs\/cgroup\/systemd$/,
		ours: /^undefined$/,
		reason: 'a hierarchy that limits nothing; systemd keeps its books in it',
	},
	{
		runtime: 'runc',
		fact: /^mount \/sys\/fs\/cgroup$/,
		ours: /^tmpfs \/ ro,/,
		reason: 'the document says ro; runc 1.1 leaves the directory of the hierarchies writable',
	},
	{runtime: 'crun', fact: /^mount \/sys\/fs\/cgroup/, ours: /^(tmpfs|cgroup) /, reason: 'crun is run without groups'},
	{
		runtime: 'any',
		fact: /^mount \/proc\/(keys|timer_list|kcore|latency_stats|sched_debug)$/,
		ours: /^(dev)?tmpfs \/null rw,nosuid/,
		theirs: /^devtmpfs \/null r[ow],/,
		reason: 'masked with the container’s /dev/null and its flags, not with the host’s',
	},
	{
		runtime: 'any',
		fact: /^Cap/,
		reason: 'theirs are run without: one of those listed is not there on a machine without CAP_SYS_RESOURCE',
	},
];

const isExplainedHere = (runtime: Runtime, fact: string, ours: string, theirs: string) =>
	isExplained(runtime, fact, ours, theirs) ||
	own.some(({runtime: name, fact: of, ours: here = /^/, theirs: there = /^/}) => {
		return (name === 'any' || name === runtime.name) && of.test(fact) && here.test(ours) && there.test(theirs);
	});

async function ours(box: Box, config: OciConfig) {
	const run = {id: path.basename(box.dir), bundle: box.dir};
	const spec = planOci(config, run, gatherOciFacts(config, box.dir, ociPlace({config, run})));
	return await runHelper(box, process.env.MC_INIT ?? helper, encode(validate(spec)));
}

for (const name of fs.readdirSync(fixtures)) {
	for (const runtime of runtimes) {
		boxTest(
			`${name}: ${runtime.name} and we make the same of it`,
			async (t, box) => {
				const rootfs = makeRootfs(scratch('bundle'));
				const text = fs.readFileSync(path.join(fixtures, name), 'utf8');
				const config = localized(text, rootfs, `/mc-oracle-${path.basename(box.dir)}`);
				const our = await ours(box, config);
				t.deepEqual(
					[our.code, our.stderr, our.events.at(-1)?.event],
					[0, '', 'exited'],
					JSON.stringify(our.events.at(-1)),
				);
				// Debian's runc and crun fail at a capability that the machine does not give.
				const process = {...(config.process ?? {cwd: '/'}), capabilities: {}};
				const theirs = runtime.name === 'crun' ? withoutGroups({...config, process}) : {...config, process};
				const their = await runtime.run(box, bundleOf(box, JSON.stringify(theirs)));
				t.is(their.code, 0, their.stderr);
				const [mine, others] = [facts(JSON.parse(our.stdout)), facts(JSON.parse(their.stdout))];
				const unexplained = [...new Set([...mine.keys(), ...others.keys()])]
					.map(fact => ({fact, ours: String(mine.get(fact)), theirs: String(others.get(fact))}))
					.filter(({ours, theirs}) => ours !== theirs)
					.filter(({fact, ours, theirs}) => !isExplainedHere(runtime, fact, ours, theirs));
				t.deepEqual(unexplained, []);
			},
			runtime,
		);
	}
}
