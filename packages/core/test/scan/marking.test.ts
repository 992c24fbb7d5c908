import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Effect } from '../../src/messages/effect.ts';
import type { FileId } from '../../src/model/ids.ts';
import { putFile } from '../../src/state/state.ts';
import type { StepResult } from '../../src/step/step.ts';
import { fileOf } from '../fixtures/file.ts';
import { answerProbe, badProbe, createWorld, ingest, type World } from '../gate/world.ts';

const mark = { from: 'day1/clip.mxf', to: 'day1/clip.mxf.failed-0a1b2c3d', leastBytes: 10 };
const marksIn = ({ effects }: StepResult): Extract<Effect, { kind: 'mark_leftover' }>[] =>
  effects.filter((effect) => effect.kind === 'mark_leftover');

/** A file that waits while its destination is away; its lineage left something visible. */
function leftWorld(toMark = [mark]): { readonly world: World; readonly id: FileId } {
  const world = createWorld();
  const file = fileOf('COMPLETED', { toMark, leftVisible: toMark.map(({ from }) => from) });
  putFile(world.state, file);
  return { world, id: file.id };
}

const answer = (world: World, id: FileId, outcome: 'done' | 'gone' | 'refused'): StepResult =>
  world.tell({ kind: 'leftover_marked', route: ingest, fileId: id, mark, outcome });

test('pursueMarks: once the destination is there, journaled before it is asked for, and not twice at once', () => {
  const { world, id } = leftWorld();
  assert.equal(marksIn(world.tell({ kind: 'tick' })), []);
  const opened = answerProbe(world);
  const all = marksIn(opened).length === 0 ? world.tell({ kind: 'tick' }) : opened;
  assert.equal(
    marksIn(all).map((effect) => [effect.fileId, effect.mark]),
    [[id, mark]],
  );
  assert.equal(
    all.records.flatMap((record) => (record.kind === 'file_fact' ? [record.event] : [])),
    [{ kind: 'leftover_to_mark', from: mark.from, to: mark.to }],
  );
  assert.equal(marksIn(world.tell({ kind: 'tick' })), []);
});

for (const [outcome, leftVisible] of [
  ['done', [mark.to]],
  ['gone', [mark.from]],
  ['refused', [mark.from]],
] as const) {
  test(`leftoverMarked: ${outcome}: journaled so, and it is not tried again`, () => {
    const { world, id } = leftWorld();
    answerProbe(world);
    const { records } = answer(world, id, outcome);
    const fact = records.find((record) => record.kind === 'file_fact');
    assert.ok(fact?.kind === 'file_fact');
    assert.equal(fact.event, { kind: 'leftover_marked', from: mark.from, to: mark.to, outcome });
    assert.equal([fact.file.toMark, fact.file.leftVisible], [[], leftVisible]);
    assert.equal(marksIn(world.tell({ kind: 'tick' })), []);
  });
}

test('pursueMarks: several leftovers of a lineage one after the other', () => {
  const second = { ...mark, from: 'day1/clip_1.mxf', to: 'day1/clip_1.mxf.failed-0a1b2c3e' };
  const { world, id } = leftWorld([mark, second]);
  answerProbe(world);
  const told = answer(world, id, 'done');
  const next = marksIn(told).length === 0 ? world.tell({ kind: 'tick' }) : told;
  assert.equal(
    marksIn(next).map((effect) => effect.mark),
    [second],
  );
});

test('pursueMarks: what went unanswered in an outage is asked for again after it', () => {
  const { world } = leftWorld();
  answerProbe(world);
  world.tell({ kind: 'tick' });
  answerProbe(world, badProbe);
  const back = answerProbe(world);
  const all = marksIn(back).length === 0 ? world.tell({ kind: 'tick' }) : back;
  assert.is(marksIn(all).length, 1);
});

test.run();
