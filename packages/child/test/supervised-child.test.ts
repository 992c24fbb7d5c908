import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type SeatLimits } from '../src/hung-children.ts';
import { type Supervisable, superviseChild } from '../src/supervised-child.ts';

const limits: SeatLimits = { firstRestartMs: 10, lastRestartMs: 40, maxAbandoned: 3, maxAbandonedInAll: 9 };

function fixture() {
  const children: (Supervisable & { hasBeenAbandoned: boolean; gone: boolean })[] = [];
  const now = { at: 0, path: 'a#1' };
  const supervised = superviseChild({
    path: () => now.path,
    now: () => now.at,
    limits,
    start() {
      const child = {
        pid: children.length + 1,
        hasBeenAbandoned: false,
        gone: false,
        isGone: () => child.gone,
        abandon() {
          child.hasBeenAbandoned = true;
        },
      };
      children.push(child);
      return child;
    },
  });
  return { children, state: now, supervised };
}

test('superviseChild: starts one child when it is needed, and another when it has ended', () => {
  const { children, supervised } = fixture();
  assert.is(children.length, 0);
  assert.is(supervised.live(), supervised.live());
  assert.is(children.length, 1);
  for (const child of children) child.gone = true;
  assert.is(supervised.live().pid, 2);
});

test('superviseChild: renew replaces a child at once, but no more of them than may hang', () => {
  const { children, supervised } = fixture();
  assert.ok(supervised.renew(), 'none was there yet');
  for (const pid of [2, 3, 4]) {
    assert.ok(supervised.renew());
    assert.equal([supervised.live().pid, children[pid - 2]?.hasBeenAbandoned], [pid, true]);
  }
  assert.not(supervised.renew(), 'three hang');
  assert.is(supervised.live().pid, 4);
  Object.assign(children[0] ?? {}, { gone: true });
  assert.ok(supervised.renew());
  assert.is(supervised.live().pid, 5);
});

/** Moments at which the child is reported stuck, and the answers. */
const table: readonly (readonly [at: number, path: string, answer: string, children: number])[] = [
  [0, 'a#1', 'kept', 1],
  [9, 'a#1', 'kept', 1],
  [10, 'a#1', 'replaced', 2],
  [11, 'a#1', 'kept', 2],
  [21, 'a#1', 'replaced', 3],
  [22, 'a#1', 'kept', 3],
  [40, 'a#1', 'kept', 3],
  [41, 'a#1', 'replaced', 4],
  [999, 'a#1', 'hung', 4],
  [1000, 'a#2', 'replaced', 5],
  [1001, 'a#2', 'kept', 5],
];

test('superviseChild: stuck children are replaced when their path allows it', () => {
  const { children, state, supervised } = fixture();
  supervised.live();
  for (const [at, path, answer, count] of table) {
    Object.assign(state, { at, path });
    assert.is(supervised.stuck().kind, answer, `at ${at}`);
    assert.is(children.length, count, `at ${at}`);
  }
  assert.equal(
    children.map((child) => child.hasBeenAbandoned),
    [true, true, true, true, false],
  );
});

test('superviseChild: "hung" names the processes, and one that really ends frees its seat', () => {
  const { children, state, supervised } = fixture();
  supervised.live();
  while (children.length < 4) {
    state.at += 1;
    supervised.stuck();
  }
  state.at += 1_000;
  supervised.stuck();
  state.at += 1_000;
  assert.equal(supervised.stuck(), { kind: 'hung', pids: [1, 2, 3] });
  for (const child of children.slice(0, 1)) child.gone = true;
  assert.equal(supervised.stuck(), { kind: 'replaced' });
});

test('superviseChild: a child that answers late is kept, and gets the whole time again', () => {
  const { children, state, supervised } = fixture();
  supervised.live();
  supervised.stuck();
  state.at = 9;
  supervised.answered();
  state.at = 12;
  assert.is(supervised.stuck().kind, 'kept');
  state.at = 21;
  assert.is(supervised.stuck().kind, 'kept');
  state.at = 22;
  assert.is(supervised.stuck().kind, 'replaced');
  assert.is(children.length, 2);
});

test('superviseChild: the end abandons the live child', () => {
  const { children, supervised } = fixture();
  supervised.live();
  supervised.end();
  assert.ok(children[0]?.hasBeenAbandoned);
});

test.run();
