import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { SourceStateName } from '../../src/model/file.ts';
import { idleness } from '../../src/scan/idle.ts';
import {
  answerProbe,
  copyingCore,
  createTestCore,
  entryOf,
  finish,
  ingest,
  list,
  live,
  report,
  see,
  settle,
  type TestCore,
} from '../support/test-core.ts';

const source = (core: TestCore, state: SourceStateName) =>
  core.send({ kind: 'source_state', route: ingest, state, code: null, unreadPath: null, freeBytes: null, cacheMs: 0, description: null });

/** A destination that answers, and an empty source that is online. */
function emptyCore(): TestCore {
  const core = createTestCore();
  source(core, 'ok');
  answerProbe(core);
  return core;
}

/** Completes two listings without changes, `ms` apart. */
function listTwice(core: TestCore, ms = 10_000, young: readonly [number, number] = [0, 0]): string {
  if (core.route.scanning.listing !== null) list(core);
  list(core, [], young[0]);
  live(core, ms);
  if (core.route.scanning.listing !== null) core.route.scanning.listing = null;
  list(core, [], young[1]);
  return idleness(core.state, core.at());
}

test('idleness: at first it is busy', () => {
  assert.is(idleness(emptyCore().state, 0), 'busy');
});

test('idleness: two listings of an empty source, stable_after apart', () => {
  assert.is(listTwice(emptyCore()), 'all_copied');
});

test('idleness: two listings that are closer than stable_after prove nothing', () => {
  assert.is(listTwice(emptyCore(), 9_000), 'busy');
});

test('idleness: busy while a young empty file exists, since a program may be about to write to it', () => {
  assert.is(listTwice(emptyCore(), 10_000, [1, 0]), 'busy');
  assert.is(listTwice(emptyCore(), 10_000, [0, 1]), 'busy');
});

for (const state of ['missing', 'unreadable', 'silent', 'suddenly_empty'] as const) {
  test(`idleness: a source that is ${state} is never idle`, () => {
    const core = emptyCore();
    source(core, state);
    assert.is(listTwice(core), 'busy');
  });
}

test('idleness: busy while a file waits, is queued, copied or verified; all_copied after that', () => {
  const core = copyingCore(['a.mov']);
  source(core, 'ok');
  assert.is(listTwice(core), 'busy');
  finish(core, 'a.mov');
  assert.is(idleness(core.state, core.at()), 'busy');
  assert.is(listTwice(core), 'all_copied');
});

test('idleness: a new file makes the route busy', () => {
  const core = emptyCore();
  listTwice(core);
  see(core, entryOf('a.mov', 1));
  assert.is(idleness(core.state, core.at()), 'busy');
});

test('idleness: a copied file whose modification time changed makes the route busy until it is hashed', () => {
  const core = copyingCore(['a.mov']);
  source(core, 'ok');
  finish(core, 'a.mov');
  assert.is(listTwice(core), 'all_copied');
  see(core, entryOf('a.mov', 1_000, 2));
  assert.is(idleness(core.state, core.at()), 'busy');
});

test('idleness: a copied file that may be another one now and cannot be read needs a person', () => {
  const core = copyingCore(['a.mov']);
  source(core, 'ok');
  finish(core, 'a.mov');
  see(core, entryOf('a.mov', 1_000, 2));
  const { id } = core.file('a.mov');
  const recheck = core.route.rechecks.get(id);
  if (recheck !== undefined) core.route.rechecks.set(id, { ...recheck, hasFailed: true });
  assert.is(listTwice(core), 'needs_a_person');
});

test('idleness: a name that cannot be copied needs a person, and the agent waits for nothing else', () => {
  const core = emptyCore();
  see(core, entryOf('a\ufffd.mov', 1, 1, { nameValid: false }));
  assert.is(core.file('a\ufffd.mov').status, 'READY');
  assert.is(listTwice(core), 'needs_a_person');
});

test('idleness: busy while a file waits in the queue after a pause', () => {
  const core = copyingCore(['a.mov']);
  source(core, 'ok');
  report(core, 'a.mov', {
    kind: 'failed',
    fault: { side: 'source', code: 'EIO', operation: 'read a.mov', message: 'EIO' },
    syncedBytes: 0,
    sizeBytes: 1_000,
  });
  const file = core.file('a.mov');
  assert.is(file.status === 'READY' && file.hold, 'backoff');
  if (core.route.scanning.listing !== null) list(core);
  list(core);
  assert.is(core.route.quiet.sinceListingAt, null);
});

test('listingFailed: the evidence is discarded', () => {
  const core = emptyCore();
  list(core);
  assert.is.not(core.route.quiet.sinceListingAt, null);
  core.route.scanning.nextListingAt = core.at();
  core.send({ kind: 'tick' });
  const listingId = core.route.scanning.listing?.id;
  assert.ok(listingId);
  core.send({ kind: 'listing_failed', route: ingest, listingId, code: 'EIO' });
  assert.is(core.route.quiet.sinceListingAt, null);
});

test('hastenListing: an agent that is to end when idle lists as soon as a listing can show it, not at scan_every', () => {
  for (const [untilIdle, nextAt] of [
    [true, 10_000],
    [false, 30_000],
  ] as const) {
    const core = createTestCore({ untilIdle });
    source(core, 'ok');
    answerProbe(core);
    list(core);
    core.send({ kind: 'tick' });
    assert.is(core.route.scanning.nextListingAt, nextAt);
  }
});

test('hastenListing: not while a file is being copied, and never faster than four times a second', () => {
  const core = createTestCore({ untilIdle: true, route: { stableAfterMs: 100 } });
  source(core, 'ok');
  answerProbe(core);
  list(core);
  core.send({ kind: 'tick' });
  assert.is(core.route.scanning.nextListingAt, 250);
  const busy = createTestCore({ untilIdle: true });
  source(busy, 'ok');
  settle(busy, entryOf('a.mov', 1));
  const before = busy.route.scanning.nextListingAt;
  busy.send({ kind: 'tick' });
  assert.is(busy.route.scanning.nextListingAt, before);
});

test('an agent that is to end when idle ends soon after the last file is copied', () => {
  const core = copyingCore(['a.mov'], { untilIdle: true });
  source(core, 'ok');
  if (core.route.scanning.listing !== null) list(core);
  finish(core, 'a.mov');
  const from = core.at();
  while (idleness(core.state, core.at()) === 'busy' && core.at() < from + 60_000) {
    live(core, 250);
    if (core.route.scanning.listing !== null) list(core);
  }
  assert.is(idleness(core.state, core.at()), 'all_copied');
  assert.ok(core.at() - from <= 11_000, `after ${core.at() - from} ms`);
});

test.run();
