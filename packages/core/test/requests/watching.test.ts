import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { settlesAt, wantCheck, watchOn } from '../../src/requests/watching.ts';
import { isUnsettled } from '../../src/states/growing.ts';
import { createTestCore, entryOf, ingest, list, see, settingsOf, type TestCore } from '../support/test-core.ts';

function unsettled(core: TestCore) {
  const file = core.file('clip.mxf');
  if (!isUnsettled(file)) throw new Error(`it is ${file.status}`);
  return file;
}

/** When the only file is to be checked, after it was seen 7 s ago. */
function nextCheck(over: Parameters<typeof settingsOf>[0], mayGrow: boolean, cacheMs = 0): number | null {
  const core = createTestCore({ route: over ?? {} });
  see(core, entryOf('clip.mxf', 30_000_000, 1, { mayGrow }));
  core.route.source.cacheMs = cacheMs;
  core.skip(7_000);
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

test('settlesAt: stable_after after the last move, and the attribute cache on top', () => {
  const core = createTestCore({ route: { stableAfterMs: 5_000 } });
  core.skip(100);
  see(core, entryOf('clip.mxf', 1));
  assert.is(settlesAt(core.route, unsettled(core)), 5_100);
  core.skip(900);
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

test('a check whose answer shows an unchanged file counts from its request, not from its answer', () => {
  const core = createTestCore();
  see(core, entryOf('clip.mxf', 1));
  core.skip(9_999);
  core.send({ kind: 'paths_noticed', route: ingest, paths: ['clip.mxf'] });
  const { check } = core.route.scanning;
  assert.ok(check);
  assert.is(check.requestedAt, 9_999);
  core.skip(5_000);
  core.send({ kind: 'paths_checked', route: ingest, checkId: check.id, present: ['clip.mxf'], absent: [] });
  assert.is(core.file('clip.mxf').status, 'DISCOVERED');
  list(core);
  assert.is(core.file('clip.mxf').status, 'DISCOVERED', 'the listing was asked for at the start');
  list(core);
  assert.is(core.file('clip.mxf').status, 'READY');
});

test.run();
