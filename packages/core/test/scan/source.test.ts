import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Event } from '../../src/messages/event.ts';
import type { SourceStateName, Status } from '../../src/model/file.ts';
import { listingId } from '../../src/model/ids.ts';
import { nothingLeft } from '../../src/model/left-alone.ts';
import { scanWake } from '../../src/scan/source.ts';
import { viewRoute } from '../../src/snapshot/route-view.ts';
import {
  answerProbe,
  copyingCore,
  createTestCore,
  entryOf,
  finish,
  ingest,
  list,
  report,
  see,
  settle,
  type TestCore,
} from '../support/test-core.ts';

const names = ['a.mov', 'b.mov', 'c/d.mov'];

function fullSource(): TestCore {
  const core = createTestCore();
  settle(core, ...names.map((name) => entryOf(name, 1_000)));
  see(core, entryOf('e.mov', 5), entryOf('f.mov', 5));
  see(core, entryOf('f.mov', 6, 2));
  return core;
}

const statusesOf = (core: TestCore): readonly Status[] => [...core.state.files.values()].map(({ status }) => status);
const sourceEvent = (state: SourceStateName, code: string | null = null, unreadPath: string | null = null): Event => ({
  kind: 'source_state',
  route: ingest,
  state,
  code,
  unreadPath,
  freeBytes: null,
  cacheMs: 0,
  description: null,
});

function failListing(core: TestCore, code: string): void {
  const { listing } = core.route.scanning;
  if (listing === null) throw new Error('no listing is under way');
  core.send({ kind: 'listing_failed', route: ingest, listingId: listing.id, code });
}

for (const [state, code] of [
  ['missing', 'ENOENT'],
  ['unreadable', 'EACCES'],
  ['silent', 'SILENT'],
  ['suddenly_empty', 'EMPTY'],
  ['suddenly_empty', 'OTHER_ROOT'],
] as const) {
  test(`sourceState: ${state} (${code}) removes no file; the state and its end are recorded once`, () => {
    const core = fullSource();
    const before = statusesOf(core);
    const { records } = core.send(sourceEvent(state, code));
    assert.equal(
      records.map((record) => (record.kind === 'route_fact' ? [record.key, record.event] : record.kind)),
      [['source', { kind: 'source_state', state, code, path: null }]],
    );
    assert.is(core.route.source.code, code);
    for (let tries = 0; tries < 5; tries += 1) {
      core.pass(1_000);
      if (core.route.scanning.listing !== null) failListing(core, code);
      assert.equal(core.send(sourceEvent(state, code)).records, [], 'it is not recorded again');
    }
    core.send({ kind: 'intake_restarted', route: ingest });
    assert.equal(statusesOf(core), before);
    assert.equal(before, ['READY', 'READY', 'READY', 'DISCOVERED', 'GROWING']);
    const [back] = core.send(sourceEvent('ok')).records;
    assert.equal(back?.kind === 'route_fact' && back.event, { kind: 'source_state', state: 'ok', code: null, path: null });
  });
}

test('sourceState: a folder that cannot be read is named in the record, and a second one is not recorded', () => {
  const core = fullSource();
  const [record] = core.send(sourceEvent('unreadable', 'EACCES', 'day1')).records;
  assert.equal(record?.kind === 'route_fact' && record.event, { kind: 'source_state', state: 'unreadable', code: 'EACCES', path: 'day1' });
  assert.is(core.route.source.unreadPath, 'day1');
  assert.equal(core.send(sourceEvent('unreadable', 'EACCES', 'day2')).records, []);
  assert.is(core.route.source.unreadPath, 'day2');
  core.send(sourceEvent('ok'));
  assert.is(core.route.source.unreadPath, null);
});

test('sourceState: a source that can no longer be watched is recorded once, and its state stays `ok`', () => {
  const core = fullSource();
  core.send(sourceEvent('ok'));
  const since = core.route.source.since;
  core.pass(1_000);
  const { records } = core.send(sourceEvent('ok', 'ENOSPC'));
  assert.equal(
    records.map((record) => (record.kind === 'route_fact' ? [record.key, record.event] : record.kind)),
    [['note', { kind: 'source_not_watched', code: 'ENOSPC' }]],
  );
  assert.equal(core.send(sourceEvent('ok', 'ENOSPC')).records, []);
  assert.equal([core.route.source.state, core.route.source.code, core.route.source.since], ['ok', 'ENOSPC', since]);
});

test('no sequence of events without an absence by name removes a file', () => {
  const states = fc.constantFrom<SourceStateName[]>('ok', 'missing', 'unreadable', 'silent', 'suddenly_empty');
  const moves = fc.oneof(
    states.map((state) => ({ kind: 'state', state }) as const),
    fc.constantFrom(
      { kind: 'failed' } as const,
      { kind: 'restarted' } as const,
      { kind: 'complete' } as const,
      { kind: 'paths_checked' } as const,
    ),
    fc.nat({ max: 40_000 }).map((ms) => ({ kind: 'pass', ms }) as const),
    fc.subarray(names).map((paths) => ({ kind: 'noticed', paths }) as const),
  );
  fc.assert(
    fc.property(fc.array(moves, { maxLength: 25 }), (story) => {
      const core = fullSource();
      for (const move of story) {
        const { listing, check } = core.route.scanning;
        if (move.kind === 'state') core.send(sourceEvent(move.state));
        if (move.kind === 'failed' && listing !== null) failListing(core, 'EIO');
        if (move.kind === 'restarted') core.send({ kind: 'intake_restarted', route: ingest });
        if (move.kind === 'complete') list(core);
        if (move.kind === 'paths_checked' && check !== null)
          core.send({ kind: 'paths_checked', route: ingest, checkId: check.id, present: names, absent: [] });
        if (move.kind === 'noticed') core.send({ kind: 'paths_noticed', route: ingest, paths: move.paths });
        if (move.kind === 'pass') core.pass(move.ms);
      }
      assert.is(core.state.files.size, 5);
      assert.not(statusesOf(core).includes('REMOVED'));
    }),
    { numRuns: 60 },
  );
});

test('listingFailed: tried again after a second, or sooner if scan_every is shorter', () => {
  for (const [scanEveryMs, againMs] of [
    [30_000, 1_000],
    [400, 400],
  ] as const) {
    const core = createTestCore({ route: { scanEveryMs } });
    failListing(core, 'EIO');
    assert.is(scanWake(core.route), againMs);
    core.pass(againMs);
    assert.is(core.route.scanning.listing?.requestedAt, againMs);
    assert.is(scanWake(core.route), Number.POSITIVE_INFINITY, 'one listing at a time');
  }
});

test('listingCompleted: the next one is scan_every after the request', () => {
  const core = createTestCore();
  core.advanceClock(12_000);
  list(core);
  assert.is(scanWake(core.route), 30_000);
});

test('an answer to a listing or check other than the current one is ignored', () => {
  const core = fullSource();
  core.pass(30_000);
  core.send({ kind: 'paths_noticed', route: ingest, paths: names });
  const { listing, check } = core.route.scanning;
  assert.ok(listing !== null && check !== null);
  const before = statusesOf(core);
  const late1 = { rule: 'destination', pattern: null, count: 1, folders: 1, examples: ['late'] } as const;
  const selection = { leftAlone: [late1], unmatched: [] };
  const found = { entryCount: 0, youngEmptyCount: 0, isQuick: false, processorMs: 0, selection };
  const late = { route: ingest, listingId: 'late' as never, checkId: 'late' as never, ...found } as const;
  core.send({ kind: 'listing_completed', vanished: names, ...late });
  core.send({ kind: 'paths_checked', present: [], absent: names, ...late });
  core.send({ kind: 'listing_failed', code: 'EIO', ...late });
  assert.equal(statusesOf(core), before);
  assert.equal([core.route.scanning.listing, core.route.scanning.check], [listing, check], 'still under way');
  assert.equal(core.route.source.selection, { leftAlone: [], unmatched: [] });
});

test('listingCompleted: a file that vanished is REMOVED, and a new tracked file when it appears again', () => {
  const core = fullSource();
  const first = core.file('a.mov');
  list(core, ['a.mov', 'e.mov', 'f.mov', 'never seen']);
  assert.equal(statusesOf(core), ['REMOVED', 'READY', 'READY', 'REMOVED', 'REMOVED']);
  const gone = core.file('a.mov');
  assert.is(gone.sourceGone, true);
  assert.is(gone.endedAt, 1_700_000_000_000 + core.at());
  see(core, entryOf('a.mov', 1_000));
  assert.is(core.file('a.mov').status, 'DISCOVERED');
  assert.is.not(core.file('a.mov').id, first.id);
});

test('pathsChecked: an absent file is REMOVED, a present and unchanged one settles', () => {
  const core = createTestCore();
  see(core, entryOf('a.mov', 1), entryOf('b.mov', 1));
  core.advanceClock(10_000);
  core.send({ kind: 'paths_noticed', route: ingest, paths: ['a.mov', 'b.mov'] });
  const checkId = core.route.scanning.check?.id;
  assert.ok(checkId);
  core.send({ kind: 'paths_checked', route: ingest, checkId, present: ['b.mov'], absent: ['a.mov'] });
  assert.equal([core.file('a.mov').status, core.file('b.mov').status], ['REMOVED', 'READY']);
});

test('listingCompleted: a running copy continues although its source vanished, and its record says so', () => {
  const core = copyingCore(['a.mov']);
  list(core, ['a.mov']);
  assert.is(core.file('a.mov').status, 'COPYING');
  finish(core, 'a.mov');
  assert.is(core.file('a.mov').status, 'COMPLETED');
});

test('listingCompleted: a vanished file in preflight stays, one that only waits in the queue is REMOVED', () => {
  const core = createTestCore({ lanes: 1 });
  answerProbe(core);
  settle(core, entryOf('a.mov', 1_000), entryOf('b.mov', 1_000));
  answerProbe(core);
  assert.equal(statusesOf(core), ['IN_QUEUE', 'IN_QUEUE']);
  list(core, ['a.mov', 'b.mov']);
  assert.equal(statusesOf(core), ['IN_QUEUE', 'REMOVED']);
  report(core, 'a.mov', { kind: 'held_by_writer', code: 'EBUSY' });
  assert.is(core.file('a.mov').status, 'GROWING');
});

test('listingCompleted: a copied file that vanished is dropped; it is a new file when it appears again', () => {
  const core = copyingCore(['a.mov']);
  finish(core, 'a.mov');
  list(core, ['a.mov']);
  assert.is(core.state.files.size, 0);
  see(core, entryOf('a.mov', 1_000));
  assert.is(core.file('a.mov').status, 'DISCOVERED');
});

test('pursueScan: up to 256 requested paths are one check, more are a listing', () => {
  for (const [count, kind] of [
    [256, 'check_paths'],
    [257, 'list_source'],
  ] as const) {
    const core = createTestCore();
    list(core);
    const paths = Array.from({ length: count }, (_, index) => `${index}.mov`);
    const { effects } = core.send({ kind: 'paths_noticed', route: ingest, paths });
    assert.equal(
      effects.filter((effect) => effect.kind === 'check_paths' || effect.kind === 'list_source').map((effect) => effect.kind),
      [kind],
    );
    assert.is(core.route.scanning.pathsToCheck.size, 0);
  }
});

/** Completes the current listing, or the next one when it is due. */
test('sourceListed: what a listing has found is shown until it has ended, in whatever way', () => {
  const shown = (core: TestCore): number | undefined => viewRoute(core.state, core.route).sourceState.listedFiles;
  const ends: readonly ((core: TestCore) => void)[] = [
    (core) => listed(core, { isQuick: false, processorMs: 1 }),
    (core) =>
      core.send({ kind: 'listing_failed', route: ingest, listingId: core.route.scanning.listing?.id ?? listingId(''), code: 'EIO' }),
    (core) => core.send({ kind: 'intake_restarted', route: ingest }),
  ];
  for (const end of ends) {
    const core = createTestCore();
    core.send({ kind: 'tick' });
    assert.is(shown(core), undefined);
    core.send({ kind: 'source_listed', route: ingest, files: 3_000 });
    see(core, entryOf('a.mov', 1));
    assert.is(shown(core), 3_000);
    end(core);
    assert.is(shown(core), undefined);
  }
});

function listed(core: TestCore, how: { readonly isQuick: boolean; readonly processorMs: number }): void {
  const { scanning } = core.route;
  if (scanning.listing === null) core.pass(Math.max(0, scanning.nextListingAt - core.at()));
  assert.ok(scanning.listing);
  const { id } = scanning.listing;
  const found = { vanished: [], entryCount: 0, youngEmptyCount: 0, selection: nothingLeft };
  core.send({ kind: 'listing_completed', route: ingest, listingId: id, ...found, ...how });
}

/** Completes two full listings that took this long, and begins the next one. @returns when the first one was requested */
function beginThird(processorMs: number, untilIdle = false): { readonly core: TestCore; readonly secondAt: number } {
  const core = createTestCore({ route: { scanEveryMs: 5_000 }, untilIdle });
  listed(core, { isQuick: false, processorMs });
  core.pass(5_000);
  const secondAt = core.at();
  listed(core, { isQuick: false, processorMs });
  core.pass(5_000);
  return { core, secondAt };
}

test('pursueScan: full listings take half of scan_share; between them, listings are quick and come every scan_every', () => {
  const { core, secondAt } = beginThird(200);
  const { scanning } = core.route;
  assert.is(scanning.nextFullListingAt - secondAt, 20_000);
  const kinds: boolean[] = [];
  for (let at = 5_000; at <= 25_000; at += 5_000) {
    assert.ok(scanning.listing, `${at} ms after the second`);
    kinds.push(scanning.listing.isQuick);
    listed(core, { isQuick: scanning.listing.isQuick, processorMs: scanning.listing.isQuick ? 25 : 200 });
    core.pass(5_000);
  }
  assert.equal(kinds, [true, true, true, false, true]);
});

test('pursueScan: cheap listings are all full', () => {
  const { core } = beginThird(50);
  assert.is(core.route.scanning.listing?.isQuick, false);
});

test('pursueScan: if only full listings are possible, they are as far apart as scan_share requires', () => {
  const { core } = beginThird(1_000);
  const { scanning } = core.route;
  assert.is(scanning.listing?.isQuick, true);
  const firstAt = core.at();
  listed(core, { isQuick: false, processorMs: 1_000 });
  assert.is(scanning.nextListingAt, firstAt + 5_000, 'the next one may be quick again');
  core.pass(5_000);
  const askedAt = core.at();
  listed(core, { isQuick: false, processorMs: 1_000 });
  assert.is(scanning.nextListingAt, askedAt + 100_000);
});

test('pursueScan: an agent that ends when idle lists quickly too while something is left to do', () => {
  const { core } = beginThird(1_500, true);
  assert.is(core.route.scanning.listing?.isQuick, false, 'nothing is known to be left: only a full listing shows that');
  see(core, entryOf('a.mov', 1_000));
  listed(core, { isQuick: false, processorMs: 1_500 });
  core.pass(5_000);
  assert.is(core.route.scanning.listing?.isQuick, true);
});

test('pursueScan: a rescan, or more unsettled files than one check may have, cause a full listing', () => {
  const { core } = beginThird(1_500);
  listed(core, { isQuick: true, processorMs: 1 });
  see(core, ...Array.from({ length: 257 }, (_, index) => entryOf(`${index}.mov`, 1_000)));
  core.pass(5_000);
  assert.is(core.route.scanning.listing?.isQuick, false);
});

test('pursueScan: with a quick listing, files that have to come to rest are checked by name, and the answer is evidence', () => {
  const { core } = beginThird(1_500);
  listed(core, { isQuick: true, processorMs: 1 });
  see(core, entryOf('a.mov', 1_000), entryOf('b.mov', 1_000));
  const before = core.route.scanning.evidenceAt;
  const { effects } = core.pass(5_000);
  assert.is(core.route.scanning.listing?.isQuick, true);
  const asked = effects.flatMap((effect) => (effect.kind === 'check_paths' ? effect.paths : []));
  assert.equal(asked, ['a.mov', 'b.mov']);
  listed(core, { isQuick: true, processorMs: 1 });
  assert.is(core.route.scanning.evidenceAt, before);
  const checkId = core.route.scanning.check?.id;
  assert.ok(checkId);
  core.send({ kind: 'paths_checked', route: ingest, checkId, present: asked, absent: [] });
  assert.is(core.route.scanning.evidenceAt, core.at());
});

test('listingCompleted: files that vanished while no intake ran are checked by name, however many they are', () => {
  const core = createTestCore();
  settle(core, ...Array.from({ length: 600 }, (_, index) => entryOf(`${index}.mov`, 1_000)));
  core.send({ kind: 'intake_restarted', route: ingest });
  list(core);
  list(core);
  let checks = 0;
  for (let check = core.route.scanning.check; check !== null; check = core.route.scanning.check) {
    checks += 1;
    const absent = [...core.state.files.values()].filter(({ status }) => status === 'READY').map(({ source }) => source);
    core.send({ kind: 'paths_checked', route: ingest, checkId: check.id, present: [], absent: absent.slice(0, 256) });
  }
  assert.is(checks, 3);
  assert.is(core.route.scanning.unconfirmed.size, 0);
  assert.is(core.route.byStatus.READY.size, 0);
});

test('pursueScan: a path requested while a check runs is part of the next one', () => {
  const core = createTestCore();
  const noticed = (path: string) => core.send({ kind: 'paths_noticed', route: ingest, paths: [path] }).effects;
  assert.is(noticed('a').filter(({ kind }) => kind === 'check_paths').length, 1);
  assert.equal(
    noticed('b').filter(({ kind }) => kind === 'check_paths'),
    [],
  );
  const checkId = core.route.scanning.check?.id;
  assert.ok(checkId);
  const { effects } = core.send({ kind: 'paths_checked', route: ingest, checkId, present: [], absent: [] });
  assert.equal(
    effects.flatMap((effect) => (effect.kind === 'check_paths' ? effect.paths : [])),
    ['b'],
  );
});

test('intakeRestarted: files that the new child does not report are checked by name after two listings, not before', () => {
  const core = fullSource();
  core.send({ kind: 'intake_restarted', route: ingest });
  see(core, ...['b.mov', 'c/d.mov'].map((name) => entryOf(name, 1_000)), entryOf('e.mov', 5), entryOf('f.mov', 6, 2));
  assert.equal([...core.route.scanning.unconfirmed], ['a.mov']);
  const checks = (): readonly string[] => list(core).effects.flatMap((effect) => (effect.kind === 'check_paths' ? effect.paths : []));
  assert.equal(checks(), []);
  assert.equal(checks(), ['a.mov']);
  const checkId = core.route.scanning.check?.id;
  assert.ok(checkId);
  core.send({ kind: 'paths_checked', route: ingest, checkId, present: [], absent: ['a.mov'] });
  assert.is(core.file('a.mov').status, 'REMOVED');
});

test('agent_started: files of an earlier run have to be confirmed', () => {
  const earlier = fullSource();
  const core = createTestCore({ image: { files: [...earlier.state.files.values()] } });
  assert.equal([...core.route.scanning.unconfirmed].sort(), ['a.mov', 'b.mov', 'c/d.mov', 'e.mov', 'f.mov']);
  see(core, entryOf('a.mov', 1_000));
  assert.not(core.route.scanning.unconfirmed.has('a.mov'));
});

test('sourceState: a source on a network settles its files only after its attribute cache has expired', () => {
  const core = createTestCore();
  core.send({ ...sourceEvent('ok'), cacheMs: 60_000 } as Event);
  see(core, entryOf('a.mov', 1));
  core.advanceClock(69_999);
  list(core);
  list(core);
  assert.is(core.file('a.mov').status, 'DISCOVERED');
  core.advanceClock(1);
  list(core);
  assert.is(core.file('a.mov').status, 'READY');
});

test('a missing source does not end running copies', () => {
  const core = copyingCore(['a.mov', 'b.mov']);
  core.send(sourceEvent('missing', 'ENOENT'));
  assert.equal(statusesOf(core), ['COPYING', 'COPYING']);
  finish(core, 'a.mov');
  assert.is(core.file('a.mov').status, 'COMPLETED');
});

test.run();
