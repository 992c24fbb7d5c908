import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createScene } from '../support/scene.ts';
import { following, lastFailed, preflight, recordingInPreflight } from '../support/stages.ts';

const { recovery } = createScene().route().settings;
const marking = { route: { recovery: { ...recovery, leftover: 'mark' } } } as const;

test('leftover = "mark": a file that was created before a crash is renamed, although no progress was reported', () => {
  const scene = following(marking).restarts();
  const failed = lastFailed(scene);
  assert.equal(
    failed.toMark.map(({ from, leastBytes }) => [from, leastBytes]),
    [['a.mxf', 0]],
  );
  scene.online();
  assert.ok(scene.last.asked.some((asked) => asked.startsWith('mark_leftover')));
});

test('leftover = "mark": the request has the inode of the created file, and a LOST leftover is no longer looked for', () => {
  const left = following(marking).restarts();
  const { inode } = lastFailed(left).toMark[0] ?? {};
  assert.ok(inode !== undefined);
  const gone = following(marking);
  gone.reports({
    kind: 'failed',
    fault: { side: 'destination', code: 'LOST', operation: 'open a.mxf', message: '' },
    syncedBytes: 1_000,
    sizeBytes: 3_000,
  });
  gone.online();
  assert.equal([lastFailed(gone).error.kind, lastFailed(gone).toMark], ['destination_error', []]);
});

test('leftover = "mark": after a create without an answer before a crash, the file may be another program`s and is not renamed', () => {
  const scene = recordingInPreflight(marking);
  scene.reports(preflight(scene)).reports({ kind: 'creating' }).restarts();
  assert.equal(lastFailed(scene).toMark, []);
});

test.run();
