import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type FileAction } from '../../src/messages/action.ts';
import { codeOfReason } from '../../src/model/fault.ts';
import { type Hold, type Status, statuses } from '../../src/model/file.ts';
import { type Refusal } from '../../src/model/refusal.ts';
import { brokenStories, contradictions } from '../support/consistency.ts';
import { ann, onFile, refused, type Situation, situations } from './asking.ts';

/** The result: why it is refused, or the state of the newest file of the path, with its hold. */
type Outcome = Refusal | readonly [Status, Hold | null];
const isRefusal = (outcome: Outcome): outcome is Refusal => 'kind' in outcome;

const unsettled: Refusal = { kind: 'not_settled' };
const soon: Refusal = { kind: 'about_to_be_copied' };
const runs: Refusal = { kind: 'being_copied' };
const done: Refusal = { kind: 'completed' };
const gone: Refusal = { kind: 'source_gone' };
const badName: Refusal = { kind: 'name_invalid' };
const held: Refusal = { kind: 'file_held' };
const skipped = ['READY', 'operator'] as const;
const none: Refusal = { kind: 'nothing_to_acknowledge' };

const outcomes: { readonly [situation in Situation]: { readonly [doing in FileAction['do']]: Outcome } } = {
  DISCOVERED: { retry: unsettled, skip: skipped, first: ['DISCOVERED', null], acknowledge: none },
  GROWING: { retry: unsettled, skip: skipped, first: ['GROWING', null], acknowledge: none },
  'READY, offline': { retry: ['READY', 'network'], skip: skipped, first: ['READY', 'network'], acknowledge: none },
  'READY, behind a full queue': { retry: soon, skip: skipped, first: ['IN_QUEUE', null], acknowledge: none },
  'READY, in backoff': { retry: ['IN_QUEUE', null], skip: skipped, first: ['IN_QUEUE', null], acknowledge: none },
  'READY, needs you': { retry: ['IN_QUEUE', null], skip: skipped, first: held, acknowledge: none },
  'READY, skipped': { retry: ['DISCOVERED', null], skip: { kind: 'skipped_already' }, first: held, acknowledge: none },
  'READY, of a bad name': { retry: badName, skip: skipped, first: badName, acknowledge: none },
  'READY, its route is held': {
    retry: { kind: 'route_held', by: ann.by },
    skip: skipped,
    first: ['READY', 'operator'],
    acknowledge: none,
  },
  WAITING_FOR_NETWORK: {
    retry: ['WAITING_FOR_NETWORK', 'network'],
    skip: skipped,
    first: ['WAITING_FOR_NETWORK', 'network'],
    acknowledge: none,
  },
  WAITING_FOR_SPACE: { retry: ['WAITING_FOR_SPACE', 'space'], skip: skipped, first: ['WAITING_FOR_SPACE', 'space'], acknowledge: none },
  IN_QUEUE: { retry: soon, skip: skipped, first: ['IN_QUEUE', null], acknowledge: none },
  'IN_QUEUE, in preflight': { retry: soon, skip: skipped, first: ['IN_QUEUE', null], acknowledge: none },
  COPYING: { retry: runs, skip: skipped, first: runs, acknowledge: none },
  'COPYING, comparing': { retry: runs, skip: skipped, first: runs, acknowledge: none },
  GROWING_COPY: { retry: runs, skip: skipped, first: runs, acknowledge: none },
  VERIFYING: { retry: runs, skip: skipped, first: runs, acknowledge: none },
  'VERIFYING, being named': { retry: runs, skip: { kind: 'being_published' }, first: runs, acknowledge: none },
  COMPLETED: { retry: ['IN_QUEUE', null], skip: done, first: done, acknowledge: none },
  COMPLETED_DELETE_FAILED: { retry: ['IN_QUEUE', null], skip: done, first: done, acknowledge: none },
  FAILED: { retry: gone, skip: gone, first: gone, acknowledge: ['FAILED', null] },
  REMOVED: { retry: gone, skip: gone, first: gone, acknowledge: ['REMOVED', null] },
};

test('situations: every state has one, and each file is in its state', () => {
  const reached = Object.entries(situations).map(([name, scene]) => [name, scene().file().status] as const);
  for (const [name, status] of reached) assert.is(status, name.split(',')[0], name);
  assert.equal([...new Set(reached.map(([, status]) => status))].sort(), [...statuses].sort());
});

for (const [situation, ofEach] of Object.entries(outcomes) as [Situation, (typeof outcomes)[Situation]][]) {
  for (const [doing, outcome] of Object.entries(ofEach) as [FileAction['do'], Outcome][]) {
    const what = isRefusal(outcome) ? `refused: ${outcome.kind}` : outcome.join(', ').replace(/, $/, '');
    test(`${doing} of a file that is ${situation}: ${what}`, () => {
      const scene = situations[situation]();
      const before = scene.file();
      const seq = scene.journal.length;
      assert.equal(refused(scene, doing), isRefusal(outcome) ? outcome : null);
      scene.send({ kind: 'operator_asked', action: onFile(doing), who: ann });
      const [record] = scene.journal.slice(seq);
      assert.ok(record?.kind === 'file_fact', 'the first record is the request with its operator');
      assert.is(record.file.id, before.id);
      if (isRefusal(outcome)) {
        assert.equal(record.event, { kind: 'refused', action: doing, ...ann, why: outcome });
        assert.is(scene.journal.length, seq + 1);
        assert.equal(scene.file(), before);
        assert.equal(scene.last.asked, []);
      } else {
        assert.equal(record.event, { kind: 'asked', action: doing, ...ann });
        assert.equal([scene.file().status, scene.hold()], outcome);
      }
      assert.equal(contradictions(scene.state), []);
      assert.equal(brokenStories(scene.journal), []);
    });
  }
}

const runningOnes: readonly Situation[] = ['COPYING', 'COPYING, comparing', 'GROWING_COPY', 'VERIFYING'];

for (const situation of runningOnes) {
  test(`skip of a file that is ${situation}: the attempt has failed as skipped, the copy is given up, its successor is held`, () => {
    const scene = situations[situation]();
    const before = scene.file();
    scene.send({ kind: 'operator_asked', action: onFile('skip'), who: ann });
    const failed = scene.journal.find((record) => record.kind === 'transition' && record.to === 'FAILED');
    assert.ok(failed?.kind === 'transition' && failed.file.status === 'FAILED');
    const { kind, reason } = failed.file.error;
    assert.equal([failed.file.id, kind, codeOfReason(reason)], [before.id, 'skipped', 'SKIPPED']);
    assert.equal(reason, { kind: 'skipped', by: 'ann from 192.0.2.7' });
    assert.ok(scene.last.asked.includes('give_up a.mxf'));
    const next = scene.as('READY');
    assert.is.not(next.id, before.id);
    assert.equal([next.attempt, next.hold, next.retryAt], [2, 'operator', null]);
    scene.online().pass(3_600_000);
    assert.is(scene.file().id, next.id);
    assert.is(scene.hold(), 'operator');
  });
}

for (const situation of Object.keys(situations) as Situation[]) {
  test(`a skip of a file that was ${situation} is kept over a restart`, () => {
    const scene = situations[situation]();
    if (refused(scene, 'skip') !== null) return;
    scene.send({ kind: 'operator_asked', action: onFile('skip'), who: ann });
    const { id } = scene.file();
    scene.restarts().online().sees().lists().pass(3_600_000);
    assert.equal([scene.file().id, scene.as('READY').hold], [id, 'operator']);
  });
}

test.run();
