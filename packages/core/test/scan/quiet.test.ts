import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { SourceStateName } from '../../src/model/entry.ts';
import { idleness } from '../../src/scan/quiet.ts';
import {
  answerProbe,
  copyingWorld,
  createWorld,
  entryOf,
  finish,
  ingest,
  list,
  live,
  report,
  see,
  settle,
  type World,
} from '../gate/world.ts';

const source = (world: World, state: SourceStateName) =>
  world.tell({ kind: 'source_state', route: ingest, state, code: null, unreadPath: null, freeBytes: null, cacheMs: 0, description: null });

/** A destination that answers, a source that is there, and nothing in it. */
function emptyWorld(): World {
  const world = createWorld();
  source(world, 'ok');
  answerProbe(world);
  return world;
}

/** Two listings that show nothing new, `ms` apart. */
function listTwice(world: World, ms = 10_000, young: readonly [number, number] = [0, 0]): string {
  if (world.route.scanning.listing !== null) list(world);
  list(world, [], young[0]);
  live(world, ms);
  if (world.route.scanning.listing !== null) world.route.scanning.listing = null;
  list(world, [], young[1]);
  return idleness(world.state);
}

test('idleness: at first it is busy', () => {
  assert.is(idleness(emptyWorld().state), 'busy');
});

test('idleness: two listings of an empty source, stable_after apart', () => {
  assert.is(listTwice(emptyWorld()), 'all_copied');
});

test('idleness: two listings that are closer than stable_after prove nothing', () => {
  assert.is(listTwice(emptyWorld(), 9_000), 'busy');
});

test('idleness: somebody may be about to write into an empty young file', () => {
  assert.is(listTwice(emptyWorld(), 10_000, [1, 0]), 'busy');
  assert.is(listTwice(emptyWorld(), 10_000, [0, 1]), 'busy');
});

for (const state of ['missing', 'unreadable', 'silent', 'suddenly_empty'] as const) {
  test(`idleness: a source that is ${state} is never done`, () => {
    const world = emptyWorld();
    source(world, state);
    assert.is(listTwice(world), 'busy');
  });
}

test('idleness: busy while a file waits, is queued, copied or verified; carried when it is there', () => {
  const world = copyingWorld(['a.mov']);
  source(world, 'ok');
  assert.is(listTwice(world), 'busy');
  finish(world, 'a.mov');
  assert.is(idleness(world.state), 'busy');
  assert.is(listTwice(world), 'all_copied');
});

test('idleness: a file that is discovered ends it', () => {
  const world = emptyWorld();
  listTwice(world);
  see(world, entryOf('a.mov', 1));
  assert.is(idleness(world.state), 'busy');
});

test('idleness: a carried file whose time moved ends it until it is hashed', () => {
  const world = copyingWorld(['a.mov']);
  source(world, 'ok');
  finish(world, 'a.mov');
  assert.is(listTwice(world), 'all_copied');
  see(world, entryOf('a.mov', 1_000, 2));
  assert.is(idleness(world.state), 'busy');
});

test('idleness: what no name can carry needs a person, and nothing else is waited for', () => {
  const world = emptyWorld();
  see(world, entryOf('a\ufffd.mov', 1, 1, { nameValid: false }));
  assert.is(world.file('a\ufffd.mov').status, 'READY');
  assert.is(listTwice(world), 'needs_a_person');
});

test('idleness: what waits for its turn after a pause is not left alone', () => {
  const world = copyingWorld(['a.mov']);
  source(world, 'ok');
  report(world, 'a.mov', {
    kind: 'failed',
    fault: { side: 'source', code: 'EIO', operation: 'read a.mov', message: 'EIO' },
    syncedBytes: 0,
    sizeBytes: 1_000,
  });
  const file = world.file('a.mov');
  assert.is(file.status === 'READY' && file.hold, 'backoff');
  if (world.route.scanning.listing !== null) list(world);
  list(world);
  assert.is(world.route.quiet.sinceListingAt, null);
});

test('listingFailed: the proof begins anew', () => {
  const world = emptyWorld();
  list(world);
  assert.is.not(world.route.quiet.sinceListingAt, null);
  world.route.scanning.nextListingAt = world.at();
  world.tell({ kind: 'tick' });
  const listingId = world.route.scanning.listing?.id;
  assert.ok(listingId);
  world.tell({ kind: 'listing_failed', route: ingest, listingId, code: 'EIO' });
  assert.is(world.route.quiet.sinceListingAt, null);
});

test('hastenListing: an agent that is to end when idle lists as soon as a listing can prove it, not at scan_every', () => {
  for (const [untilIdle, nextAt] of [
    [true, 10_000],
    [false, 30_000],
  ] as const) {
    const world = createWorld({ untilIdle });
    source(world, 'ok');
    answerProbe(world);
    list(world);
    world.tell({ kind: 'tick' });
    assert.is(world.route.scanning.nextListingAt, nextAt);
  }
});

test('hastenListing: not while a file is under way, and never faster than four times a second', () => {
  const world = createWorld({ untilIdle: true, route: { stableAfterMs: 100 } });
  source(world, 'ok');
  answerProbe(world);
  list(world);
  world.tell({ kind: 'tick' });
  assert.is(world.route.scanning.nextListingAt, 250);
  const busy = createWorld({ untilIdle: true });
  source(busy, 'ok');
  settle(busy, entryOf('a.mov', 1));
  const before = busy.route.scanning.nextListingAt;
  busy.tell({ kind: 'tick' });
  assert.is(busy.route.scanning.nextListingAt, before);
});

test('an agent that is to end when idle sees it soon after the last file is carried', () => {
  const world = copyingWorld(['a.mov'], { untilIdle: true });
  source(world, 'ok');
  if (world.route.scanning.listing !== null) list(world);
  finish(world, 'a.mov');
  const from = world.at();
  while (idleness(world.state) === 'busy' && world.at() < from + 60_000) {
    live(world, 250);
    if (world.route.scanning.listing !== null) list(world);
  }
  assert.is(idleness(world.state), 'all_copied');
  assert.ok(world.at() - from <= 11_000, `after ${world.at() - from} ms`);
});

test.run();
