import test from 'ava';
import {Undo} from '../../src/runtime/undo.js';

test('steps are taken in reverse order, once, whatever happens', t => {
	const undo = new Undo();
	const seen: number[] = [];
	const error = new Error('no');
	undo.defer(() => seen.push(1));
	undo.defer(() => {
		throw error;
	});
	undo.defer(() => seen.push(3));
	t.deepEqual(undo.unwind(), [error]);
	t.deepEqual(seen, [3, 1]);
	t.deepEqual(undo.unwind(), []);
	t.deepEqual(seen, [3, 1]);
});
