import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Effect } from '../../src/messages/effect.ts';
import type { SweepId } from '../../src/model/ids.ts';
import { sweepWake } from '../../src/requests/sweep.ts';
import type { StepResult } from '../../src/step/step.ts';
import {
  answerProbe,
  badProbe,
  beginCopy,
  copyingCore,
  createTestCore,
  finish,
  ingest,
  live,
  type TestCore,
} from '../support/test-core.ts';

type Removal = Extract<Effect, { kind: 'remove_parts' }>;

const removals = ({ effects }: StepResult): Removal[] => effects.filter((effect) => effect.kind === 'remove_parts');
const factsOf = ({ records }: StepResult): string[] =>
  records.flatMap((record) => (record.kind === 'transition' ? [] : record.kind === 'gate' ? [] : [record.event.kind]));

/** A copy that was interrupted, its recovery copied: one part may still be there. */
function recovered(): { readonly core: TestCore; readonly part: string } {
  const core = copyingCore(['a.mov']);
  const before = core.file('a.mov');
  const part = 'part' in before ? before.part : null;
  assert.ok(part);
  answerProbe(core, badProbe);
  answerProbe(core);
  beginCopy(core, 'a.mov');
  finish(core, 'a.mov');
  return { core, part };
}

function answer(core: TestCore, sweepId: SweepId, removed: readonly string[], kept: readonly string[] = []): StepResult {
  return core.send({ kind: 'parts_removed', route: ingest, sweepId, removed, kept });
}

test('pursueSweeps: half a minute and ten minutes after the recovery is copied, each reported before it is done', () => {
  const { core, part } = recovered();
  assert.equal(core.file('a.mov').leftParts, [part]);
  assert.is(sweepWake(core.route), core.at() + 30_000);
  assert.equal(removals(live(core, 29_999)), []);
  const first = live(core, 1_000);
  assert.equal(
    removals(first).map(({ parts, mount }) => [parts, mount]),
    [[[part], { path: '/mnt/nas', mountId: 41 }]],
  );
  assert.ok(factsOf(first).includes('parts_to_remove'));
  assert.equal(factsOf(answer(core, removals(first)[0]?.sweepId as SweepId, [part])), ['parts_removed']);
  assert.equal(core.file('a.mov').leftParts, [part], 'a late call of a dead child may recreate it');
  assert.equal(removals(live(core, 590_000)), []);
  const second = live(core, 20_000);
  assert.is(removals(second).length, 1);
  answer(core, removals(second)[0]?.sweepId as SweepId, [part]);
  assert.equal(core.file('a.mov').leftParts, []);
  assert.is(sweepWake(core.route), Number.POSITIVE_INFINITY);
  assert.is(core.route.sweeping.size, 0);
  assert.equal(removals(live(core, 700_000)), []);
});

test('partsRemoved: what could not be removed stays known, for the next start', () => {
  const { core, part } = recovered();
  answer(core, removals(live(core, 30_500))[0]?.sweepId as SweepId, []);
  answer(core, removals(live(core, 601_000))[0]?.sweepId as SweepId, [], [part]);
  const file = core.file('a.mov');
  assert.equal(file.leftParts, [part]);
  const later = createTestCore({ image: { files: [file] } });
  assert.equal(
    removals(live(later, 1_000)).map(({ parts }) => parts),
    [[part]],
  );
});

test('partsRemoved: an answer to nothing that was asked is dropped', () => {
  const { core } = recovered();
  assert.equal(answer(core, 'late' as SweepId, ['x']).records, []);
});

test('pursueSweeps: not while the destination is away, and at once when it is back', () => {
  const { core, part } = recovered();
  answerProbe(core, badProbe);
  assert.is(sweepWake(core.route), Number.POSITIVE_INFINITY);
  assert.equal(removals(live(core, 60_000, badProbe)), []);
  const back = live(core, 2_000);
  assert.equal(
    removals(back).map(({ parts }) => parts),
    [[part]],
  );
});

test('pursueSweeps: a file that left nothing is not swept', () => {
  const core = copyingCore(['a.mov']);
  finish(core, 'a.mov');
  assert.equal(core.route.sweeps, []);
});

test('the next attempt removes the part before it begins', () => {
  const core = copyingCore(['a.mov']);
  const before = core.file('a.mov');
  answerProbe(core, badProbe);
  const { effects } = answerProbe(core);
  const preflight = effects.find((effect) => effect.kind === 'preflight');
  assert.equal(preflight?.order.removeFirst, ['part' in before ? before.part : null]);
});

test.run();
