import {spawnSync} from 'node:child_process';
import test, {type ExecutionContext} from 'ava';
import {readSpec, SpecError} from '../../src/spec/read.js';
import {helper} from '../helpers/project.js';
import {type Document, invalidDocuments, largeDocuments, validDocuments} from './corpus.js';

/** undefined: accepted. */
function readInTypeScript(bytes: Buffer): string | undefined {
	try {
		readSpec(bytes);
		return undefined;
	} catch (error) {
		if (!(error instanceof SpecError)) throw error;
		return error.message;
	}
}

function readInC(t: ExecutionContext, {name, bytes}: Document): string | undefined {
	const {status, signal, stderr} = spawnSync(helper, ['check', '-'], {input: bytes, encoding: 'utf8'});
	if (status === 0) {
		t.is(stderr, '', name);
		return undefined;
	}
	t.deepEqual({status, signal}, {status: 125, signal: null}, name);
	const [, error] = /^mc-init: check: -: (.*)\n$/.exec(stderr) ?? [];
	t.truthy(error, `${name}: ${stderr}`);
	return error;
}

function agree(t: ExecutionContext, documents: Document[]): void {
	t.true(documents.length > 0);
	for (const document of documents) {
		t.is(readInTypeScript(document.bytes), document.error, `${document.name}, in TypeScript`);
		t.is(readInC(t, document), document.error, `${document.name}, in C`);
	}
}

test('valid documents: both readers accept them', t => agree(t, validDocuments()));

for (const [table, documents] of invalidDocuments()) {
	test(`invalid documents, ${table}: both readers name the same place and reason`, t => agree(t, documents));
}

test('large documents', t => agree(t, largeDocuments()));

test('the corpus is not thinned out by accident', t => {
	const invalid = [...invalidDocuments().values()].flat();
	t.true(validDocuments().length >= 31);
	t.true(invalid.length >= 293);
	t.is(new Set(invalid.map(({name}) => name)).size, invalid.length, 'each name once');
});
