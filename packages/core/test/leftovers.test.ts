import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { sweepWake } from '../src/leftovers.ts';
import type { Effect } from '../src/messages/effect.ts';
import type { FileId, SweepId } from '../src/model/ids.ts';
import { putFile } from '../src/state/state.ts';
import type { StepResult } from '../src/step/step.ts';
import { fileOf } from './fixtures/file.ts';
import { answerProbe, badProbe, beginCopy, copyingCore, createTestCore, finish, ingest, live, type TestCore } from './support/test-core.ts';

type Removal = Extract<Effect, { kind: 'remove_parts' }>;

const removals = ({ effects }: StepResult): Removal[] => effects.filter((effect) => effect.kind === 'remove_parts');
const factsOf = ({ records }: StepResult): string[] =>
  records.flatMap((record) => (record.kind === 'transition' ? [] : record.kind === 'gate' ? [] : [record.event.kind]));

/** A copy was interrupted and its recovery is completed. One temporary file may be left. */
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

function answerSweep(core: TestCore, sweepId: SweepId, removed: readonly string[], kept: readonly string[] = []): StepResult {
  return core.send({ kind: 'parts_removed', route: ingest, sweepId, removed, kept });
}

test('pursueSweeps: half a minute and ten minutes after the recovery is completed, each recorded before it runs', () => {
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
  assert.equal(factsOf(answerSweep(core, removals(first)[0]?.sweepId as SweepId, [part])), ['parts_removed']);
  assert.equal(core.file('a.mov').leftParts, [part], 'a late call of a dead child may recreate it');
  assert.equal(removals(live(core, 590_000)), []);
  const second = live(core, 20_000);
  assert.is(removals(second).length, 1);
  answerSweep(core, removals(second)[0]?.sweepId as SweepId, [part]);
  assert.equal(core.file('a.mov').leftParts, []);
  assert.is(sweepWake(core.route), Number.POSITIVE_INFINITY);
  assert.is(core.route.sweeping.size, 0);
  assert.equal(removals(live(core, 700_000)), []);
});

test('partsRemoved: a file that could not be removed stays known for the next start', () => {
  const { core, part } = recovered();
  answerSweep(core, removals(live(core, 30_500))[0]?.sweepId as SweepId, []);
  answerSweep(core, removals(live(core, 601_000))[0]?.sweepId as SweepId, [], [part]);
  const file = core.file('a.mov');
  assert.equal(file.leftParts, [part]);
  const later = createTestCore({ image: { files: [file] } });
  assert.equal(
    removals(live(later, 1_000)).map(({ parts }) => parts),
    [[part]],
  );
});

test('partsRemoved: an answer without a request is ignored', () => {
  const { core } = recovered();
  assert.equal(answerSweep(core, 'late' as SweepId, ['x']).records, []);
});

test('pursueSweeps: not while the destination is offline, and at once when it is online again', () => {
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

test('pursueSweeps: a file without leftovers is not swept', () => {
  const core = copyingCore(['a.mov']);
  finish(core, 'a.mov');
  assert.equal(core.route.sweeps, []);
});

test('the next attempt removes the temporary file before it begins', () => {
  const core = copyingCore(['a.mov']);
  const before = core.file('a.mov');
  answerProbe(core, badProbe);
  const { effects } = answerProbe(core);
  const preflight = effects.find((effect) => effect.kind === 'preflight');
  assert.equal(preflight?.order.removeFirst, ['part' in before ? before.part : null]);
});

const mark = { from: 'day1/clip.mxf', to: 'day1/clip.mxf.failed-0a1b2c3d', leastBytes: 10 };
const marksIn = ({ effects }: StepResult): Extract<Effect, { kind: 'mark_leftover' }>[] =>
  effects.filter((effect) => effect.kind === 'mark_leftover');

/** A file that waits while its destination is offline. Its lineage left a visible file. */
function coreWithLeftover(toMark = [mark]): { readonly core: TestCore; readonly id: FileId } {
  const core = createTestCore();
  const file = fileOf('COMPLETED', { toMark, leftVisible: toMark.map(({ from }) => from) });
  putFile(core.state, file);
  return { core, id: file.id };
}

const answerMark = (core: TestCore, id: FileId, outcome: 'done' | 'gone' | 'refused'): StepResult =>
  core.send({ kind: 'leftover_marked', route: ingest, fileId: id, mark, outcome });

test('pursueMarks: once the destination is online, journaled before the request, and never two requests at once', () => {
  const { core, id } = coreWithLeftover();
  assert.equal(marksIn(core.send({ kind: 'tick' })), []);
  const opened = answerProbe(core);
  const all = marksIn(opened).length === 0 ? core.send({ kind: 'tick' }) : opened;
  assert.equal(
    marksIn(all).map((effect) => [effect.fileId, effect.mark]),
    [[id, mark]],
  );
  assert.equal(
    all.records.flatMap((record) => (record.kind === 'file_fact' ? [record.event] : [])),
    [{ kind: 'leftover_to_mark', from: mark.from, to: mark.to }],
  );
  assert.equal(marksIn(core.send({ kind: 'tick' })), []);
});

for (const [outcome, leftVisible] of [
  ['done', [mark.to]],
  ['gone', [mark.from]],
  ['refused', [mark.from]],
] as const) {
  test(`leftoverMarked: ${outcome}: is journaled, and not tried again`, () => {
    const { core, id } = coreWithLeftover();
    answerProbe(core);
    const { records } = answerMark(core, id, outcome);
    const fact = records.find((record) => record.kind === 'file_fact');
    assert.ok(fact?.kind === 'file_fact');
    assert.equal(fact.event, { kind: 'leftover_marked', from: mark.from, to: mark.to, outcome });
    assert.equal([fact.file.toMark, fact.file.leftVisible], [[], leftVisible]);
    assert.equal(marksIn(core.send({ kind: 'tick' })), []);
  });
}

test('adopt: leftovers of an earlier disk are not looked for on another one', () => {
  const { core } = coreWithLeftover();
  const finding = { kind: 'marker_differs', found: 'another', expected: 'known' } as const;
  answerProbe(core, { ...badProbe, cause: 'not_the_destination', code: 'MARKER', finding });
  const { records } = core.send({ kind: 'operator_asked', action: { do: 'adopt', route: ingest }, who: { by: 'ann', reason: null } });
  const events = records.flatMap((record) => (record.kind === 'file_fact' ? [record.event] : []));
  assert.equal(events, [{ kind: 'leftover_marked', from: mark.from, to: mark.to, outcome: 'gone' }]);
  answerProbe(core);
  assert.equal(marksIn(core.send({ kind: 'tick' })), []);
});

test('pursueMarks: renames several leftovers of a lineage one after the other', () => {
  const second = { ...mark, from: 'day1/clip_1.mxf', to: 'day1/clip_1.mxf.failed-0a1b2c3e' };
  const { core, id } = coreWithLeftover([mark, second]);
  answerProbe(core);
  const result = answerMark(core, id, 'done');
  const next = marksIn(result).length === 0 ? core.send({ kind: 'tick' }) : result;
  assert.equal(
    marksIn(next).map((effect) => effect.mark),
    [second],
  );
});

test('pursueMarks: a request without an answer is repeated after the outage', () => {
  const { core } = coreWithLeftover();
  answerProbe(core);
  core.send({ kind: 'tick' });
  answerProbe(core, badProbe);
  const back = answerProbe(core);
  const all = marksIn(back).length === 0 ? core.send({ kind: 'tick' }) : back;
  assert.is(marksIn(all).length, 1);
});

test.run();
