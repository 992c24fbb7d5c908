import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type FileId, fileId } from '../../src/model/ids.ts';
import { type Alarms, createAlarms } from '../../src/state/alarms.ts';

const id = (name: string | number): FileId => fileId(String(name));

test('Alarms: nothing is set at first', () => {
  const alarms = createAlarms();
  assert.is(alarms.earliest(), null);
  assert.equal(alarms.popDue(Number.POSITIVE_INFINITY), []);
});

test('Alarms: an alarm is due from its moment on, once', () => {
  const alarms = createAlarms();
  alarms.set(id('a'), 10);
  assert.is(alarms.earliest(), 10);
  assert.equal(alarms.popDue(9), []);
  assert.equal(alarms.popDue(10), [id('a')]);
  assert.equal(alarms.popDue(10), []);
  assert.is(alarms.earliest(), null);
});

test('Alarms: one per file: the moment set last counts, earlier or later', () => {
  const alarms = createAlarms();
  alarms.set(id('a'), 10);
  alarms.set(id('a'), 20);
  assert.is(alarms.earliest(), 20);
  assert.equal(alarms.popDue(19), []);
  alarms.set(id('a'), 5);
  assert.equal(alarms.popDue(5), [id('a')]);
  assert.equal(alarms.popDue(100), []);
});

test('Alarms: an alarm that is cleared and set again to the same moment is due once', () => {
  const alarms = createAlarms();
  alarms.set(id('a'), 10);
  alarms.clear(id('a'));
  assert.is(alarms.earliest(), null);
  alarms.set(id('a'), 10);
  alarms.clear(id('a'));
  alarms.set(id('a'), 10);
  assert.equal(alarms.popDue(10), [id('a')]);
  assert.equal(alarms.popDue(10), []);
});

test('Alarms: an alarm that was taken may be set again while others are due', () => {
  const alarms = createAlarms();
  for (let at = 0; at < 5; at += 1) alarms.set(id(at), at);
  for (const due of alarms.popDue(2)) alarms.set(due, 3);
  assert.equal(new Set(alarms.popDue(3)), new Set([id(0), id(1), id(2), id(3)]));
  assert.equal(alarms.popDue(9), [id(4)]);
});

test('Alarms: alarms of the same moment come in the order in which they were set', () => {
  const alarms = createAlarms();
  const names = Array.from({ length: 40 }, (_, index) => id(`${(index * 7) % 40}`));
  for (const name of names) alarms.set(name, 10);
  assert.equal(alarms.popDue(10), names);
});

type Move =
  | { readonly kind: 'set'; readonly file: number; readonly at: number }
  | { readonly kind: 'clear'; readonly file: number }
  | { readonly kind: 'take'; readonly at: number; readonly most: number | undefined };

const files = fc.nat({ max: 12 });
const moments = fc.oneof(fc.nat({ max: 40 }), fc.constantFrom(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 0.5));
const moves = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('set' as const), file: files, at: moments }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('clear' as const), file: files }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('take' as const), at: moments, most: fc.option(fc.nat({ max: 4 }), { nil: undefined }) }),
  },
);

/** @returns the files taken, with the moments they were set to */
function make(alarms: Alarms, model: Map<string, number>, move: Move): void {
  if (move.kind === 'set') {
    alarms.set(id(move.file), move.at);
    model.set(String(move.file), move.at);
  } else if (move.kind === 'clear') {
    alarms.clear(id(move.file));
    model.delete(String(move.file));
  } else {
    const due = [...model].filter(([, at]) => at <= move.at).sort(([, one], [, other]) => one - other || 0);
    const expected = due.slice(0, move.most);
    const taken = alarms.popDue(move.at, move.most);
    assert.is(new Set(taken).size, expected.length, 'as many as there may be, each once');
    if (expected.length === due.length) assert.equal([...taken].sort(), due.map(([name]) => name).sort(), 'the same files');
    assert.ok(taken.every((name) => (model.get(name) ?? Number.POSITIVE_INFINITY) <= move.at));
    const order = taken.map((name) => model.get(name) ?? Number.NaN);
    assert.equal(
      order,
      expected.map(([, at]) => at),
      'earliest first',
    );
    for (const name of taken) model.delete(name);
  }
}

test('Alarms: behaves like a sorted list, for any sequence of calls', () => {
  fc.assert(
    fc.property(fc.array(moves, { maxLength: 120 }), (story) => {
      const alarms = createAlarms();
      const model = new Map<string, number>();
      for (const move of story) {
        make(alarms, model, move);
        assert.is(alarms.earliest(), model.size === 0 ? null : Math.min(...model.values()));
      }
    }),
    { numRuns: 400 },
  );
});

test('Alarms: 20,000 alarms set in random order come out in order', () => {
  const alarms = createAlarms();
  for (let index = 0; index < 20_000; index += 1) alarms.set(id(index), (index * 7919) % 20_011);
  const out = alarms.popDue(Number.POSITIVE_INFINITY).map((name) => (Number(name) * 7919) % 20_011);
  assert.is(out.length, 20_000);
  for (let index = 1; index < out.length; index += 1) assert.ok((out[index - 1] ?? 0) <= (out[index] ?? 0));
});

test.run();
