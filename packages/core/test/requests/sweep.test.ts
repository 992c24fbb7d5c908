import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Effect } from '../../src/messages/effect.ts';
import type { SweepId } from '../../src/model/ids.ts';
import { sweepWake } from '../../src/requests/sweep.ts';
import type { StepResult } from '../../src/step/step.ts';
import { answerProbe, badProbe, beginCopy, copyingWorld, createWorld, finish, ingest, live, type World } from '../gate/world.ts';

type Removal = Extract<Effect, { kind: 'remove_parts' }>;

const removals = ({ effects }: StepResult): Removal[] => effects.filter((effect) => effect.kind === 'remove_parts');
const factsOf = ({ records }: StepResult): string[] =>
  records.flatMap((record) => (record.kind === 'transition' ? [] : record.kind === 'gate' ? [] : [record.event.kind]));

/** A copy that was interrupted, its recovery carried: one part may still be there. */
function recovered(): { readonly world: World; readonly part: string } {
  const world = copyingWorld(['a.mov']);
  const before = world.file('a.mov');
  const part = 'part' in before ? before.part : null;
  assert.ok(part);
  answerProbe(world, badProbe);
  answerProbe(world);
  beginCopy(world, 'a.mov');
  finish(world, 'a.mov');
  return { world, part };
}

function answer(world: World, sweepId: SweepId, removed: readonly string[], kept: readonly string[] = []): StepResult {
  return world.tell({ kind: 'parts_removed', route: ingest, sweepId, removed, kept });
}

test('pursueSweeps: half a minute and ten minutes after the recovery is carried, each told before it is done', () => {
  const { world, part } = recovered();
  assert.equal(world.file('a.mov').leftParts, [part]);
  assert.is(sweepWake(world.route), world.at() + 30_000);
  assert.equal(removals(live(world, 29_999)), []);
  const first = live(world, 1_000);
  assert.equal(
    removals(first).map(({ parts, mount }) => [parts, mount]),
    [[[part], { path: '/mnt/nas', mountId: 41 }]],
  );
  assert.ok(factsOf(first).includes('parts_to_remove'));
  assert.equal(factsOf(answer(world, removals(first)[0]?.sweepId as SweepId, [part])), ['parts_removed']);
  assert.equal(world.file('a.mov').leftParts, [part], 'a late call of a dead child may recreate it');
  assert.equal(removals(live(world, 590_000)), []);
  const second = live(world, 20_000);
  assert.is(removals(second).length, 1);
  answer(world, removals(second)[0]?.sweepId as SweepId, [part]);
  assert.equal(world.file('a.mov').leftParts, []);
  assert.is(sweepWake(world.route), Number.POSITIVE_INFINITY);
  assert.is(world.route.sweeping.size, 0);
  assert.equal(removals(live(world, 700_000)), []);
});

test('partsRemoved: what could not be removed stays known, for the next start', () => {
  const { world, part } = recovered();
  answer(world, removals(live(world, 30_500))[0]?.sweepId as SweepId, []);
  answer(world, removals(live(world, 601_000))[0]?.sweepId as SweepId, [], [part]);
  const file = world.file('a.mov');
  assert.equal(file.leftParts, [part]);
  const later = createWorld({ image: { files: [file] } });
  assert.equal(
    removals(live(later, 1_000)).map(({ parts }) => parts),
    [[part]],
  );
});

test('partsRemoved: an answer to nothing that was asked is dropped', () => {
  const { world } = recovered();
  assert.equal(answer(world, 'late' as SweepId, ['x']).records, []);
});

test('pursueSweeps: not while the destination is away, and at once when it is back', () => {
  const { world, part } = recovered();
  answerProbe(world, badProbe);
  assert.is(sweepWake(world.route), Number.POSITIVE_INFINITY);
  assert.equal(removals(live(world, 60_000, badProbe)), []);
  const back = live(world, 2_000);
  assert.equal(
    removals(back).map(({ parts }) => parts),
    [[part]],
  );
});

test('pursueSweeps: a file that left nothing is not swept', () => {
  const world = copyingWorld(['a.mov']);
  finish(world, 'a.mov');
  assert.equal(world.route.sweeps, []);
});

test('the next attempt removes the part before it begins', () => {
  const world = copyingWorld(['a.mov']);
  const before = world.file('a.mov');
  answerProbe(world, badProbe);
  const { effects } = answerProbe(world);
  const preflight = effects.find((effect) => effect.kind === 'preflight');
  assert.equal(preflight?.order.removeFirst, ['part' in before ? before.part : null]);
});

test.run();
