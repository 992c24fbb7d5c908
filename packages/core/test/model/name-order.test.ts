import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { nameOrder } from '../../src/model/name-order.ts';

const sorted = (...paths: readonly string[]): readonly string[] => paths.toSorted((a, b) => (nameOrder(a) < nameOrder(b) ? -1 : 1));

test('nameOrder: numbers sort by their value, at any place of the path', () => {
  assert.equal(sorted('clip_10.mov', 'clip_9.mov', 'clip_100.mov', 'clip_1.mov'), [
    'clip_1.mov',
    'clip_9.mov',
    'clip_10.mov',
    'clip_100.mov',
  ]);
  assert.equal(sorted('day10/a', 'day9/b', 'day9/a'), ['day9/a', 'day9/b', 'day10/a']);
  assert.equal(sorted('A001C012', 'A001C002', 'A001C101'), ['A001C002', 'A001C012', 'A001C101']);
});

test('nameOrder: zeros before a number, and the case, make no difference', () => {
  assert.is(nameOrder('Clip_007'), nameOrder('clip_7'));
  assert.equal(sorted('b_0', 'b_00010', 'B_9'), ['b_0', 'B_9', 'b_00010']);
  assert.equal(sorted('b', 'A', 'a1'), ['A', 'a1', 'b']);
});

test.run();
