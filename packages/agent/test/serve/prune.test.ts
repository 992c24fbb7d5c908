import { ControlError } from '@sluice/control';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { pruneBefore } from '../../src/serve/prune.ts';
import { a, asker, b, type Desk, makeDesk } from './desk.ts';

const test = suite<Desk>('old records are removed on request');
const ann = { by: 'ann', reason: 'the year is over' };

test.before.each(async (context) => {
  Object.assign(context, makeDesk());
});
test.after.each((desk) => desk.close());

test('pruneBefore: each route records the operator before anything is removed, and the totals cover all parts', async ({
  serving,
  offered,
}) => {
  const parts = [
    { files: 1, entries: 4, isDone: false },
    { files: 0, entries: 1, isDone: true },
    { files: 2, entries: 6, isDone: false },
    { files: 3, entries: 9, isDone: true },
  ];
  const asked: number[] = [];
  const prune = (before: number) => {
    assert.is(offered.length, 2, 'who asked is noted first');
    asked.push(before);
    return parts.shift() ?? assert.unreachable();
  };
  const removed = await pruneBefore({ ...serving, prune: prune as typeof serving.prune }, 7, ann, asker);
  assert.equal(removed, { v: 1, files: 6, entries: 20 });
  assert.equal(asked, [7, 7, 7, 7]);
  assert.equal(
    offered,
    [a, b].map((route) => ({ kind: 'operator_asked', action: { do: 'prune', route, before: 7 }, who: ann })),
  );
});

for (const [what, change, before, kind] of [
  ['what is not in the past', () => undefined, Number.MAX_SAFE_INTEGER, 'invalid'],
  ['an agent that stops', (desk: Desk) => void (desk.state.hasStopped = true), 7, 'not_possible'],
] as const) {
  test(`pruneBefore: nothing is removed of ${what}`, async (desk) => {
    change(desk);
    const prune = (): never => assert.unreachable() as never;
    await pruneBefore({ ...desk.serving, prune }, before, ann, asker).then(
      () => assert.unreachable(),
      (error) => assert.is(error instanceof ControlError && error.kind, kind),
    );
  });
}

test.run();
