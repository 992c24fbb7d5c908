import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { SourceEntry } from '../../src/model/file.ts';
import { wantCheck } from '../../src/state/work.ts';
import { isUnsettled, settlesAt, watchOn } from '../../src/states/growing.ts';
import type { Scene } from '../support/scene.ts';
import { inPreflight, open, recorded, shut } from '../support/stages.ts';
import { table } from '../support/table.ts';
import { createTestCore, entryOf, ingest, list, see, settingsOf, type TestCore } from '../support/test-core.ts';
import { clip, entry } from '../support/words.ts';

/** Sees the file grow for the first time. */
const grown = (scene: Scene, see: (path: string, sizeBytes: number, mtime: number) => SourceEntry = entry): Scene =>
  scene
    .sees(see('a.mxf', 1_000, 1))
    .after(1_000)
    .sees(see('a.mxf', 2_000, 2));

table('growing', [
  {
    claim: 'a change of a file that already grows is not recorded again',
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
    claim: 'a single rise does not make a recording, however long it took',
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
    claim: 'a file whose name excludes growing copies is not copied as a recording',
    given: () => grown(shut(), entry).after(1_000),
    when: (scene) => scene.sees(entry('a.mxf', 3_000, 3)),
    status: 'GROWING',
    wrote: [],
    asked: [],
  },
  {
    claim: 'a file below growing.min_size is not a recording yet',
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
    claim: 'a shrink starts again',
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
    claim: 'what does not come to rest for stuck_after is reported to a person',
    given: () => grown(open()).after(600_000),
    when: (scene) => scene.sees(entry('a.mxf', 4_000, 4)),
    status: 'GROWING',
    hold: 'needs_you',
    wrote: ['a.mxf: - stuck'],
    asked: ['attention a.mxf file_stuck'],
    also: (scene) => assert.equal(scene.after(1).sees(entry('a.mxf', 5_000, 5)).last.wrote, [], 'reported once'),
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
    given: () => inPreflight().reports({ kind: 'held_by_writer', code: 'EBUSY' }),
    when: (scene) => scene.sees(entry('a.mxf', 6_000, 2)),
    status: 'GROWING',
    wrote: [],
    asked: [],
    also: (scene) => assert.not(scene.as('GROWING').heldByWriter),
  },
  {
    claim: 'a file that its writer held is tried again when it has rested',
    given: () => inPreflight().reports({ kind: 'held_by_writer', code: 'EBUSY' }).after(5_000),
    when: (scene) => scene.lists(),
    status: 'IN_QUEUE',
    wrote: ['a.mxf: GROWING > READY (settled)', 'a.mxf: READY > IN_QUEUE (queued)'],
    asked: ['preflight a.mxf as a.mxf'],
    also: (scene) => assert.is(scene.file().countedAttempts, 0),
  },
]);

test('growing: a recording is queued in the same batch if its destination is online', () => {
  const scene = recorded(open());
  assert.equal(scene.last.wrote, ['a.mxf: GROWING > READY (recording)', 'a.mxf: READY > IN_QUEUE (queued)']);
  assert.ok(scene.as('IN_QUEUE').growing);
});

function unsettled(core: TestCore) {
  const file = core.file('clip.mxf');
  if (!isUnsettled(file)) throw new Error(`it is ${file.status}`);
  return file;
}

/** When the only file is next checked, after it was seen 7 s ago. */
function nextCheck(over: Parameters<typeof settingsOf>[0], mayGrow: boolean, cacheMs = 0): number | null {
  const core = createTestCore({ route: over ?? {} });
  see(core, entryOf('clip.mxf', 30_000_000, 1, { mayGrow }));
  core.route.source.cacheMs = cacheMs;
  core.advanceClock(7_000);
  watchOn(core.work(), core.route, unsettled(core));
  return core.state.alarms.earliest();
}

const growing = settingsOf().growing;

for (const [what, at, expected] of [
  ['a file that cannot grow when it may have settled', nextCheck({}, false), 10_000],
  ['one that may be a recording every poll', nextCheck({}, true), 8_000],
  ['with a long poll when it may have settled', nextCheck({ growing: { ...growing, pollMs: 5_000 } }, true), 10_000],
  ['with growing copies off when it may have settled', nextCheck({ growing: { ...growing, enabled: false } }, true), 10_000],
  ['on a network source when its attributes cannot be that old any more', nextCheck({}, false, 60_000), 70_000],
  ['one that should have settled long ago at once', nextCheck({ stableAfterMs: 2_000 }, false), 7_001],
] as const) {
  test(`watchOn: ${what}`, () => {
    assert.is(at, expected);
  });
}

test('settlesAt: stable_after after the last change, plus the attribute cache', () => {
  const core = createTestCore({ route: { stableAfterMs: 5_000 } });
  core.advanceClock(100);
  see(core, entryOf('clip.mxf', 1));
  assert.is(settlesAt(core.route, unsettled(core)), 5_100);
  core.advanceClock(900);
  see(core, entryOf('clip.mxf', 2, 2));
  assert.is(settlesAt(core.route, unsettled(core)), 6_000);
  core.route.source.cacheMs = 30_000;
  assert.is(settlesAt(core.route, unsettled(core)), 36_000);
});

test('wantCheck: a path that is requested twice is checked once', () => {
  const core = createTestCore();
  wantCheck(core.route, 'a');
  wantCheck(core.route, 'a');
  wantCheck(core.route, 'b');
  assert.equal([...core.route.scanning.pathsToCheck], ['a', 'b']);
});

test('a check that shows an unchanged file counts from its request, not from its answer', () => {
  const core = createTestCore();
  see(core, entryOf('clip.mxf', 1));
  core.advanceClock(9_999);
  core.send({ kind: 'paths_noticed', route: ingest, paths: ['clip.mxf'] });
  const { check } = core.route.scanning;
  assert.ok(check);
  assert.is(check.requestedAt, 9_999);
  core.advanceClock(5_000);
  core.send({ kind: 'paths_checked', route: ingest, checkId: check.id, present: ['clip.mxf'], absent: [] });
  assert.is(core.file('clip.mxf').status, 'DISCOVERED');
  list(core);
  assert.is(core.file('clip.mxf').status, 'DISCOVERED', 'the listing was requested at the start');
  list(core);
  assert.is(core.file('clip.mxf').status, 'READY');
});

test.run();
