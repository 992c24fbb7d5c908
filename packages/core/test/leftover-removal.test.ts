import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { leftoversAt } from '../src/leftover-removal.ts';
import type { Effect } from '../src/messages/effect.ts';
import type { Leftover, LeftoverOutcome } from '../src/model/copy.ts';
import { refusal } from '../src/operator/refusal.ts';
import { keptByJournal } from '../src/policy/leftovers.ts';
import type { Scene } from './support/scene.ts';
import { ingest } from './support/settings.ts';
import {
  close,
  copied,
  copying,
  following,
  lastFailed,
  preflight,
  progress,
  published,
  recordingInPreflight,
  verified,
} from './support/stages.ts';
import { entry } from './support/words.ts';

const ann = { by: 'ann from 192.0.2.7', reason: 'tidy up' } as const;
const action = { do: 'remove_leftovers', route: ingest } as const;

const leftovers = (scene: Scene): Leftover[] => leftoversAt(scene.state, scene.route()).map(({ leftover }) => leftover);
const asksRemoval = (scene: Scene): Scene => scene.send({ kind: 'operator_asked', action, who: ann });
const removals = ({ last }: Scene): Extract<Effect, { kind: 'remove_leftover' }>[] =>
  last.effects.filter((effect) => effect.kind === 'remove_leftover');
const answers = (scene: Scene, outcome: LeftoverOutcome): Scene =>
  scene.send({ kind: 'leftover_removed', route: ingest, fileId: scene.file().id, name: 'a.mxf', outcome });

/** Returns a recording whose copy was ended by an outage after 2000 bytes. */
const interrupted = (): Scene => close(following().reports(progress(2_000, 3_000)));

/** Returns the same after a complete copy. */
function replaced(): Scene {
  const scene = interrupted().online();
  return scene
    .reports(preflight(scene))
    .reports({ kind: 'creating' })
    .reports({ kind: 'created', identity: { device: '41', inode: '8' } })
    .reports(copied(3_000, 3))
    .reports(verified)
    .reports(published);
}

test('fail: a failed visible copy is recorded as a leftover, with its inode and the number of synced bytes', () => {
  const scene = interrupted();
  const { id, endedAt } = lastFailed(scene);
  assert.equal(leftovers(scene), [{ name: 'a.mxf', attempt: id, failedAt: endedAt, leastBytes: 2_000, inode: '7' }]);
});

test('fail: a hidden part is no leftover, and neither is a LOST file', () => {
  assert.equal(leftovers(close(copying().reports(progress(2_000)))), []);
  const lost = { side: 'destination', code: 'LOST', operation: 'open a.mxf', message: '' } as const;
  assert.equal(leftovers(following().reports({ kind: 'failed', fault: lost, syncedBytes: 1, sizeBytes: 3 }).online()), []);
});

test('remove_leftovers: a leftover that no complete copy has replaced is not removed', () => {
  const scene = interrupted().online();
  assert.equal(refusal(scene.state, action), { kind: 'no_leftovers' });
  assert.equal(removals(asksRemoval(scene)), []);
  assert.equal(leftovers(scene).map(keptByJournal), ['not_replaced']);
});

test('remove_leftovers: a leftover whose create was not confirmed is not removed', () => {
  const scene = recordingInPreflight();
  close(scene.reports(preflight(scene)).reports({ kind: 'creating' })).online();
  scene.reports(preflight(scene)).reports({ kind: 'creating' }).reports(copied(3_000, 3)).reports(verified).reports(published);
  assert.equal(leftovers(scene).map(keptByJournal), ['not_known_as_ours']);
  assert.equal(refusal(scene.state, action), { kind: 'no_leftovers' });
});

test('remove_leftovers: the operator and the reason are journaled, then the intent, and then the carrier gets the order', () => {
  const scene = replaced();
  const { id, destination } = scene.as('COMPLETED');
  const [left] = leftovers(scene);
  assert.equal(left?.replacement, { id, destination, sizeBytes: 3_000 });
  assert.is(refusal(scene.state, action), null);
  asksRemoval(scene);
  const hidden = `.a.mxf.${left?.attempt.slice(0, 8)}.part`;
  assert.equal(
    scene.last.records.flatMap((record) => (record.kind === 'file_fact' ? [record.event] : [])),
    [
      { kind: 'leftover_removal_asked', name: 'a.mxf', ...ann },
      { kind: 'leftover_to_remove', name: 'a.mxf', as: hidden },
    ],
  );
  const [{ leftover, ...removal }, ...others] = removals(scene) as [Extract<Effect, { kind: 'remove_leftover' }>];
  assert.equal(leftover, { name: 'a.mxf', leastBytes: 2_000, inode: '7', replacement: { id, destination, sizeBytes: 3_000 } });
  assert.equal([removal.fileId, removal.hidden, others], [id, hidden, []]);
  assert.equal(removals(scene.tick()), [], 'it is not asked for twice');
});

for (const outcome of ['removed', 'gone'] as const) {
  test(`leftoverRemoved: ${outcome}: it is journaled, and the leftover is forgotten`, () => {
    const scene = answers(asksRemoval(replaced()), outcome);
    assert.equal(scene.last.wrote, [`a.mxf: - leftover_removed: ${outcome}`]);
    assert.equal([leftovers(scene), scene.file().leftVisible], [[], []]);
    assert.equal(removals(scene.tick()), []);
  });
}

test('leftoverRemoved: a leftover that stays is journaled with the reason, and tried again only on request', () => {
  const scene = answers(asksRemoval(replaced()), 'changed');
  assert.equal(scene.last.wrote, ['a.mxf: - leftover_removed: changed']);
  const [left] = leftovers(scene);
  assert.equal([left?.kept, left?.removal], ['changed', undefined]);
  assert.equal(removals(scene.tick()), []);
  assert.is(removals(asksRemoval(scene)).length, 1);
});

test('leftoverRemoved: an answer without an order is dropped', () => {
  assert.equal(answers(replaced(), 'removed').last.wrote, []);
});

test('pursueLeftoverRemovals: after an outage or a crash before the answer, the order is repeated', () => {
  const after = close(asksRemoval(replaced()));
  assert.equal(removals(after.tick()), []);
  after.online();
  assert.ok([...removals(after), ...removals(after.tick())].length === 1);
  const restarted = asksRemoval(replaced()).restarts();
  assert.equal(removals(restarted), []);
  restarted.online();
  assert.ok([...removals(restarted), ...removals(restarted.tick())].length === 1);
});

test('remove_leftovers: refused while the destination is offline', () => {
  const { kind } = refusal(close(replaced()).state, action) ?? {};
  assert.is(kind, 'destination_offline');
});

test('withLast: a later copy of the same path does not replace the leftovers of a source that was gone', () => {
  const scene = interrupted();
  scene.lists(['a.mxf']);
  assert.is(scene.file().status, 'REMOVED');
  scene
    .online()
    .sees(entry('a.mxf', 9_000, 9))
    .after(scene.route().settings.stableAfterMs)
    .lists();
  scene.reports(preflight(scene)).reports({ kind: 'creating' }).reports(copied(9_000, 9)).reports(verified).reports(published);
  assert.is(scene.file().status, 'COMPLETED');
  assert.equal(leftovers(scene).map(keptByJournal), ['not_replaced']);
});

test('departFile: the leftovers stay known when the source is gone', () => {
  const scene = replaced().lists(['a.mxf']);
  assert.is(leftovers(scene).length, 1);
  assert.is(removals(asksRemoval(scene)).length, 1);
});

test.run();
