import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Effect } from '../../src/messages/effect.ts';
import type { FileId } from '../../src/model/ids.ts';
import { putFile } from '../../src/state/state.ts';
import type { StepResult } from '../../src/step/step.ts';
import { fileOf } from '../fixtures/file.ts';
import { answerProbe, badProbe, createTestCore, ingest, type TestCore } from '../support/test-core.ts';

const mark = { from: 'day1/clip.mxf', to: 'day1/clip.mxf.failed-0a1b2c3d', leastBytes: 10 };
const marksIn = ({ effects }: StepResult): Extract<Effect, { kind: 'mark_leftover' }>[] =>
  effects.filter((effect) => effect.kind === 'mark_leftover');

/** A file that waits while its destination is away; its lineage left something visible. */
function coreWithLeftover(toMark = [mark]): { readonly core: TestCore; readonly id: FileId } {
  const core = createTestCore();
  const file = fileOf('COMPLETED', { toMark, leftVisible: toMark.map(({ from }) => from) });
  putFile(core.state, file);
  return { core, id: file.id };
}

const answer = (core: TestCore, id: FileId, outcome: 'done' | 'gone' | 'refused'): StepResult =>
  core.send({ kind: 'leftover_marked', route: ingest, fileId: id, mark, outcome });

test('pursueMarks: once the destination is there, journaled before it is asked for, and not twice at once', () => {
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
  test(`leftoverMarked: ${outcome}: journaled so, and it is not tried again`, () => {
    const { core, id } = coreWithLeftover();
    answerProbe(core);
    const { records } = answer(core, id, outcome);
    const fact = records.find((record) => record.kind === 'file_fact');
    assert.ok(fact?.kind === 'file_fact');
    assert.equal(fact.event, { kind: 'leftover_marked', from: mark.from, to: mark.to, outcome });
    assert.equal([fact.file.toMark, fact.file.leftVisible], [[], leftVisible]);
    assert.equal(marksIn(core.send({ kind: 'tick' })), []);
  });
}

test('pursueMarks: several leftovers of a lineage one after the other', () => {
  const second = { ...mark, from: 'day1/clip_1.mxf', to: 'day1/clip_1.mxf.failed-0a1b2c3e' };
  const { core, id } = coreWithLeftover([mark, second]);
  answerProbe(core);
  const result = answer(core, id, 'done');
  const next = marksIn(result).length === 0 ? core.send({ kind: 'tick' }) : result;
  assert.equal(
    marksIn(next).map((effect) => effect.mark),
    [second],
  );
});

test('pursueMarks: what went unanswered in an outage is asked for again after it', () => {
  const { core } = coreWithLeftover();
  answerProbe(core);
  core.send({ kind: 'tick' });
  answerProbe(core, badProbe);
  const back = answerProbe(core);
  const all = marksIn(back).length === 0 ? core.send({ kind: 'tick' }) : back;
  assert.is(marksIn(all).length, 1);
});

test.run();
