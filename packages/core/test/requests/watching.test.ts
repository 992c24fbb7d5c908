import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { settlesAt, wantCheck, watchOn } from '../../src/requests/watching.ts';
import { isUnsettled } from '../../src/states/growing.ts';
import { createWorld, entryOf, ingest, list, see, settingsOf, type World } from '../gate/world.ts';

function unsettled(world: World) {
  const file = world.file('clip.mxf');
  if (!isUnsettled(file)) throw new Error(`it is ${file.status}`);
  return file;
}

/** When the only file wants to be looked at, after it was seen 7 s ago. */
function nextCheck(over: Parameters<typeof settingsOf>[0], mayGrow: boolean, cacheMs = 0): number | null {
  const world = createWorld({ route: over ?? {} });
  see(world, entryOf('clip.mxf', 30_000_000, 1, { mayGrow }));
  world.route.source.cacheMs = cacheMs;
  world.skip(7_000);
  watchOn(world.work(), world.route, unsettled(world));
  return world.state.alarms.earliest();
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
  const world = createWorld({ route: { stableAfterMs: 5_000 } });
  world.skip(100);
  see(world, entryOf('clip.mxf', 1));
  assert.is(settlesAt(world.route, unsettled(world)), 5_100);
  world.skip(900);
  see(world, entryOf('clip.mxf', 2, 2));
  assert.is(settlesAt(world.route, unsettled(world)), 6_000);
  world.route.source.cacheMs = 30_000;
  assert.is(settlesAt(world.route, unsettled(world)), 36_000);
});

test('wantLook: a path that is requested twice is checked once', () => {
  const world = createWorld();
  wantCheck(world.route, 'a');
  wantCheck(world.route, 'a');
  wantCheck(world.route, 'b');
  assert.equal([...world.route.scanning.pathsToCheck], ['a', 'b']);
});

test('a check whose answer shows an unchanged file counts from its request, not from its answer', () => {
  const world = createWorld();
  see(world, entryOf('clip.mxf', 1));
  world.skip(9_999);
  world.tell({ kind: 'paths_noticed', route: ingest, paths: ['clip.mxf'] });
  const { check } = world.route.scanning;
  assert.ok(check);
  assert.is(check.requestedAt, 9_999);
  world.skip(5_000);
  world.tell({ kind: 'paths_checked', route: ingest, checkId: check.id, present: ['clip.mxf'], absent: [] });
  assert.is(world.file('clip.mxf').status, 'DISCOVERED');
  list(world);
  assert.is(world.file('clip.mxf').status, 'DISCOVERED', 'the listing was asked for at the start');
  list(world);
  assert.is(world.file('clip.mxf').status, 'READY');
});

test.run();
