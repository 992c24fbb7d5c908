import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { SourceEntry } from '../../src/model/entry.ts';
import type { Scene } from '../support/scene.ts';
import { looking, open, recorded, shut } from '../support/stages.ts';
import { table } from '../support/table.ts';
import { clip, entry } from '../support/words.ts';

/** Seen to grow a first time. */
const grown = (scene: Scene, see: (path: string, sizeBytes: number, mtime: number) => SourceEntry = entry): Scene =>
  scene
    .sees(see('a.mxf', 1_000, 1))
    .after(1_000)
    .sees(see('a.mxf', 2_000, 2));

table('growing', [
  {
    claim: 'a move of what grows already is no news',
    given: () => grown(shut()).after(1_000),
    when: (scene) => scene.sees(entry('a.mxf', 3_000, 3)),
    status: 'GROWING',
    wrote: [],
    asked: [],
    also: (scene) => assert.is(scene.file().fingerprint.sizeBytes, 3_000),
  },
  {
    claim: 'rises a poll apart over 2 s are a recording',
    given: () => grown(shut(), clip).after(1_000),
    when: (scene) => scene.sees(clip('a.mxf', 3_000, 3)),
    status: 'READY',
    hold: 'network',
    wrote: ['a.mxf: GROWING > READY (recording)'],
    asked: [],
    also: (scene) => assert.ok(scene.as('READY').growing),
  },
  {
    claim: 'a single rise is no recording, however long it took',
    given: () =>
      shut()
        .sees(clip('a.mxf', 1_000, 1))
        .after(4_000),
    when: (scene) => scene.sees(clip('a.mxf', 3_000, 3)),
    status: 'GROWING',
    wrote: ['a.mxf: DISCOVERED > GROWING (source_changes)'],
    asked: ['probe ingest'],
  },
  {
    claim: 'rises closer than a poll are no recording yet',
    given: () => grown(shut(), clip).after(999),
    when: (scene) => scene.sees(clip('a.mxf', 3_000, 3)),
    status: 'GROWING',
    wrote: [],
    asked: [],
  },
  {
    claim: 'a name that growing copies are off for is no recording',
    given: () => grown(shut(), entry).after(1_000),
    when: (scene) => scene.sees(entry('a.mxf', 3_000, 3)),
    status: 'GROWING',
    wrote: [],
    asked: [],
  },
  {
    claim: 'below growing.min_size it is no recording yet',
    given: () =>
      shut()
        .sees(clip('a.mxf', 1, 1))
        .after(1_000)
        .sees(clip('a.mxf', 2, 2))
        .after(1_000),
    when: (scene) => scene.sees(clip('a.mxf', 999, 3)),
    status: 'GROWING',
    wrote: [],
    asked: [],
    also: (scene) =>
      assert.is(
        scene
          .after(1_000)
          .sees(clip('a.mxf', 1_000, 4))
          .file().status,
        'READY',
      ),
  },
  {
    claim: 'a shrink begins anew',
    given: () =>
      grown(shut(), clip)
        .after(1_000)
        .sees(clip('a.mxf', 500, 3))
        .after(1_000),
    when: (scene) => scene.sees(clip('a.mxf', 1_500, 4)),
    status: 'GROWING',
    wrote: [],
    asked: [],
  },
  {
    claim: 'come to rest, it is READY as a stable file',
    given: () => grown(shut(), clip).after(5_000),
    when: (scene) => scene.lists(),
    status: 'READY',
    hold: 'network',
    wrote: ['a.mxf: GROWING > READY (settled)'],
    asked: [],
    also: (scene) => assert.not(scene.as('READY').growing),
  },
  {
    claim: 'the rest begins with the last move, not with the first sight',
    given: () => grown(shut()).after(4_999),
    when: (scene) => scene.lists(),
    status: 'GROWING',
    wrote: [],
    asked: [],
  },
  {
    claim: 'gone from the source, it is REMOVED',
    given: () => grown(shut()),
    when: (scene) => scene.lists(['a.mxf']),
    status: 'REMOVED',
    wrote: ['a.mxf: GROWING > REMOVED (source_gone)'],
    asked: [],
  },
  {
    claim: 'what does not come to rest for stuck_after is told to a person',
    given: () => grown(open()).after(600_000),
    when: (scene) => scene.sees(entry('a.mxf', 4_000, 4)),
    status: 'GROWING',
    hold: 'needs_you',
    wrote: ['a.mxf: - stuck'],
    asked: ['attention a.mxf file_stuck'],
    also: (scene) => assert.equal(scene.after(1).sees(entry('a.mxf', 5_000, 5)).told.wrote, [], 'told once'),
  },
  {
    claim: 'a wall clock that jumps makes nothing stuck',
    given: () =>
      grown(open())
        .after(1_000)
        .clockJumps(400 * 86_400_000),
    when: (scene) => scene.sees(entry('a.mxf', 4_000, 4)),
    status: 'GROWING',
    wrote: [],
    asked: [],
  },
  {
    claim: 'a file that its writer held is no longer held once it moves',
    given: () => looking().says({ kind: 'held_by_writer', code: 'EBUSY' }),
    when: (scene) => scene.sees(entry('a.mxf', 6_000, 2)),
    status: 'GROWING',
    wrote: [],
    asked: [],
    also: (scene) => assert.not(scene.as('GROWING').heldByWriter),
  },
  {
    claim: 'a file that its writer held is tried again when it has rested',
    given: () => looking().says({ kind: 'held_by_writer', code: 'EBUSY' }).after(5_000),
    when: (scene) => scene.lists(),
    status: 'IN_QUEUE',
    wrote: ['a.mxf: GROWING > READY (settled)', 'a.mxf: READY > IN_QUEUE (queued)'],
    asked: ['preflight a.mxf as a.mxf'],
    also: (scene) => assert.is(scene.file().countedAttempts, 0),
  },
]);

test('growing: a recording goes to the queue in the same batch where its destination answers', () => {
  const scene = recorded(open());
  assert.equal(scene.told.wrote, ['a.mxf: GROWING > READY (recording)', 'a.mxf: READY > IN_QUEUE (queued)']);
  assert.ok(scene.as('IN_QUEUE').growing);
});

test.run();
