import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isAmount, isNumber, isText, listOf, oneOf, orAbsent, orNull, shapeOf, unionOf } from '../src/shape.ts';

test('isNumber, isAmount: finite, and an amount is not negative', () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, '1', null, 1n]) assert.is(isNumber(value), false);
  assert.equal([isNumber(-1), isAmount(-1), isAmount(0), isAmount(0.5)], [true, false, true, true]);
});

test('shapeOf: every field has to pass its check, and further fields are allowed', () => {
  const isPoint = shapeOf<{ name: string; at: number | null; note?: string }>({
    name: isText,
    at: orNull(isNumber),
    note: orAbsent(isText),
  });
  assert.equal(
    [{ name: 'a', at: null }, { name: 'a', at: 1, note: 'x', more: 1 }, { name: 'a' }, { name: 'a', at: 1, note: 1 }, [], null, 'a'].map(
      isPoint,
    ),
    [true, true, false, false, false, false, false],
  );
});

test('unionOf: a member is recognized by its kind; a kind that only Object.prototype has is refused', () => {
  const check = unionOf<{ kind: 'some'; words: readonly string[] } | { kind: 'none' }>({
    some: { words: listOf(oneOf('a', 'b')) },
    none: {},
  });
  assert.equal([{ kind: 'some', words: ['a', 'b'] }, { kind: 'none' }].map(check), [true, true]);
  const wrong = [{ kind: 'some', words: ['c'] }, { kind: 'some' }, { kind: 'constructor' }, { kind: 'toString' }, { kind: 1 }, {}];
  assert.equal(wrong.map(check), [false, false, false, false, false, false]);
});

test.run();
