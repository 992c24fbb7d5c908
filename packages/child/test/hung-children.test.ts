import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type AbandonedChild, createSeats, type SeatLimits } from '../src/hung-children.ts';

const limits: SeatLimits = { firstRestartMs: 10, lastRestartMs: 40, maxAbandoned: 3, maxAbandonedInAll: 5 };

function hangs(pid: number, path = 'a'): AbandonedChild & { end(): void } {
  let isGone = false;
  return {
    pid,
    path,
    isGone: () => isGone,
    end() {
      isGone = true;
    },
  };
}

test('createSeats: the pause doubles up to its bound, and is short again after good work', () => {
  const seats = createSeats({ ...limits, maxAbandoned: 99, maxAbandonedInAll: 99 });
  let at = 0;
  const pauses: number[] = [];
  for (let pid = 1; pid <= 5; pid += 1) {
    seats.noteAbandoned(hangs(pid), at);
    const since = at;
    while (!seats.mayReplace('a', at)) at += 1;
    pauses.push(at - since);
  }
  assert.equal(pauses, [10, 20, 40, 40, 40]);
  seats.noteGood();
  seats.noteAbandoned(hangs(6), at);
  assert.not(seats.mayReplace('a', at + 9));
  assert.ok(seats.mayReplace('a', at + 10));
});

test('createSeats: another mount of the same path gets a child at once', () => {
  const seats = createSeats(limits);
  seats.noteAbandoned(hangs(1, 'a#1'), 0);
  assert.not(seats.mayReplace('a#1', 1));
  assert.ok(seats.mayReplace('a#2', 1));
});

test('createSeats: a path may have three hung children; one that ends frees its seat', () => {
  const seats = createSeats(limits);
  const children = [hangs(1), hangs(2), hangs(3)];
  for (const child of children) seats.noteAbandoned(child, 0);
  assert.not(seats.mayReplace('a', 1_000));
  assert.equal(seats.hung('a'), [1, 2, 3]);
  assert.is(seats.hung('b'), null);
  children[1]?.end();
  assert.ok(seats.mayReplace('a', 1_000));
  assert.is(seats.hung('a'), null);
});

test('createSeats: children that hang on ever new mounts are bounded too', () => {
  const seats = createSeats(limits);
  for (let pid = 1; pid <= 5; pid += 1) seats.noteAbandoned(hangs(pid, `a#${pid}`), 0);
  assert.not(seats.mayReplace('a#6', 1_000));
  assert.equal(seats.hung('a#6'), [1, 2, 3, 4, 5]);
});

test.run();
