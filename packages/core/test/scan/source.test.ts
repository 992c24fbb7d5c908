import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Event } from '../../src/messages/event.ts';
import type { SourceStateName } from '../../src/model/entry.ts';
import type { Status } from '../../src/model/file.ts';
import { scanWake } from '../../src/scan/source.ts';
import { answerProbe, copyingWorld, createWorld, entryOf, finish, ingest, list, report, see, settle, type World } from '../gate/world.ts';

const names = ['a.mov', 'b.mov', 'c/d.mov'];

function fullSource(): World {
  const world = createWorld();
  settle(world, ...names.map((name) => entryOf(name, 1_000)));
  see(world, entryOf('e.mov', 5), entryOf('f.mov', 5));
  see(world, entryOf('f.mov', 6, 2));
  return world;
}

const statusesOf = (world: World): readonly Status[] => [...world.state.files.values()].map(({ status }) => status);
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

function failListing(world: World, code: string): void {
  const { listing } = world.route.scanning;
  if (listing === null) throw new Error('no listing is under way');
  world.tell({ kind: 'listing_failed', route: ingest, listingId: listing.id, code });
}

for (const [state, code] of [
  ['missing', 'ENOENT'],
  ['unreadable', 'EACCES'],
  ['silent', 'SILENT'],
  ['suddenly_empty', 'EMPTY'],
  ['suddenly_empty', 'OTHER_ROOT'],
] as const) {
  test(`sourceState: ${state} (${code}) removes nothing, is told once, and so is the return`, () => {
    const world = fullSource();
    const before = statusesOf(world);
    const { records } = world.tell(sourceEvent(state, code));
    assert.equal(
      records.map((record) => (record.kind === 'route_fact' ? [record.key, record.event] : record.kind)),
      [['source', { kind: 'source_state', state, code, path: null }]],
    );
    assert.is(world.route.source.code, code);
    for (let tries = 0; tries < 5; tries += 1) {
      world.pass(1_000);
      if (world.route.scanning.listing !== null) failListing(world, code);
      assert.equal(world.tell(sourceEvent(state, code)).records, [], 'it is no news');
    }
    world.tell({ kind: 'intake_restarted', route: ingest });
    assert.equal(statusesOf(world), before);
    assert.equal(before, ['READY', 'READY', 'READY', 'DISCOVERED', 'GROWING']);
    const [back] = world.tell(sourceEvent('ok')).records;
    assert.equal(back?.kind === 'route_fact' && back.event, { kind: 'source_state', state: 'ok', code: null, path: null });
  });
}

test('sourceState: a folder that cannot be read is named, and another one is no news of its own', () => {
  const world = fullSource();
  const [record] = world.tell(sourceEvent('unreadable', 'EACCES', 'day1')).records;
  assert.equal(record?.kind === 'route_fact' && record.event, { kind: 'source_state', state: 'unreadable', code: 'EACCES', path: 'day1' });
  assert.is(world.route.source.unreadPath, 'day1');
  assert.equal(world.tell(sourceEvent('unreadable', 'EACCES', 'day2')).records, []);
  assert.is(world.route.source.unreadPath, 'day2');
  world.tell(sourceEvent('ok'));
  assert.is(world.route.source.unreadPath, null);
});

test('sourceState: a source that can no longer be watched is told once, and stays the source that it was', () => {
  const world = fullSource();
  world.tell(sourceEvent('ok'));
  const since = world.route.source.since;
  world.pass(1_000);
  const { records } = world.tell(sourceEvent('ok', 'ENOSPC'));
  assert.equal(
    records.map((record) => (record.kind === 'route_fact' ? [record.key, record.event] : record.kind)),
    [['note', { kind: 'source_not_watched', code: 'ENOSPC' }]],
  );
  assert.equal(world.tell(sourceEvent('ok', 'ENOSPC')).records, []);
  assert.equal([world.route.source.state, world.route.source.code, world.route.source.since], ['ok', 'ENOSPC', since]);
});

test('no story without an absence by name removes a file', () => {
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
      const world = fullSource();
      for (const move of story) {
        const { listing, check } = world.route.scanning;
        if (move.kind === 'state') world.tell(sourceEvent(move.state));
        if (move.kind === 'failed' && listing !== null) failListing(world, 'EIO');
        if (move.kind === 'restarted') world.tell({ kind: 'intake_restarted', route: ingest });
        if (move.kind === 'complete') list(world);
        if (move.kind === 'paths_checked' && check !== null)
          world.tell({ kind: 'paths_checked', route: ingest, checkId: check.id, present: names, absent: [] });
        if (move.kind === 'noticed') world.tell({ kind: 'paths_noticed', route: ingest, paths: move.paths });
        if (move.kind === 'pass') world.pass(move.ms);
      }
      assert.is(world.state.files.size, 5);
      assert.not(statusesOf(world).includes('REMOVED'));
    }),
    { numRuns: 60 },
  );
});

test('listingFailed: tried again after a second, or sooner where scan_every is shorter', () => {
  for (const [scanEveryMs, againMs] of [
    [30_000, 1_000],
    [400, 400],
  ] as const) {
    const world = createWorld({ route: { scanEveryMs } });
    failListing(world, 'EIO');
    assert.is(scanWake(world.route), againMs);
    world.pass(againMs);
    assert.is(world.route.scanning.listing?.requestedAt, againMs);
    assert.is(scanWake(world.route), Number.POSITIVE_INFINITY, 'one at a time');
  }
});

test('listingCompleted: the next one is scan_every after the request', () => {
  const world = createWorld();
  world.skip(12_000);
  list(world);
  assert.is(scanWake(world.route), 30_000);
});

test('an answer to a listing or a check that is not the one under way is dropped', () => {
  const world = fullSource();
  world.pass(30_000);
  world.tell({ kind: 'paths_noticed', route: ingest, paths: names });
  const { listing, check } = world.route.scanning;
  assert.ok(listing !== null && check !== null);
  const before = statusesOf(world);
  const late = { route: ingest, listingId: 'late' as never, checkId: 'late' as never, entryCount: 0, youngEmptyCount: 0 } as const;
  world.tell({ kind: 'listing_completed', vanished: names, ...late });
  world.tell({ kind: 'paths_checked', present: [], absent: names, ...late });
  world.tell({ kind: 'listing_failed', code: 'EIO', ...late });
  assert.equal(statusesOf(world), before);
  assert.equal([world.route.scanning.listing, world.route.scanning.check], [listing, check], 'still under way');
});

test('listingCompleted: what vanished is REMOVED, told as gone, and found again as a new tracked file', () => {
  const world = fullSource();
  const first = world.file('a.mov');
  list(world, ['a.mov', 'e.mov', 'f.mov', 'never seen']);
  assert.equal(statusesOf(world), ['REMOVED', 'READY', 'READY', 'REMOVED', 'REMOVED']);
  const gone = world.file('a.mov');
  assert.is(gone.sourceGone, true);
  assert.is(gone.endedAt, 1_700_000_000_000 + world.at());
  see(world, entryOf('a.mov', 1_000));
  assert.is(world.file('a.mov').status, 'DISCOVERED');
  assert.is.not(world.file('a.mov').id, first.id);
});

test('looked: what is absent is REMOVED, what is present and unmoved settles', () => {
  const world = createWorld();
  see(world, entryOf('a.mov', 1), entryOf('b.mov', 1));
  world.skip(10_000);
  world.tell({ kind: 'paths_noticed', route: ingest, paths: ['a.mov', 'b.mov'] });
  const checkId = world.route.scanning.check?.id;
  assert.ok(checkId);
  world.tell({ kind: 'paths_checked', route: ingest, checkId, present: ['b.mov'], absent: ['a.mov'] });
  assert.equal([world.file('a.mov').status, world.file('b.mov').status], ['REMOVED', 'READY']);
});

test('listingCompleted: a running copy goes on though its source vanished, and its end is remembered', () => {
  const world = copyingWorld(['a.mov']);
  list(world, ['a.mov']);
  assert.is(world.file('a.mov').status, 'COPYING');
  finish(world, 'a.mov');
  assert.is(world.file('a.mov').status, 'COMPLETED');
});

test('listingCompleted: a file that a carrier looks at stays, one that only queues goes', () => {
  const world = createWorld({ lanes: 1 });
  answerProbe(world);
  settle(world, entryOf('a.mov', 1_000), entryOf('b.mov', 1_000));
  answerProbe(world);
  assert.equal(statusesOf(world), ['IN_QUEUE', 'IN_QUEUE']);
  list(world, ['a.mov', 'b.mov']);
  assert.equal(statusesOf(world), ['IN_QUEUE', 'REMOVED']);
  report(world, 'a.mov', { kind: 'held_by_writer', code: 'EBUSY' });
  assert.is(world.file('a.mov').status, 'GROWING');
});

test('listingCompleted: a carried file that vanished is forgotten; found again it is new', () => {
  const world = copyingWorld(['a.mov']);
  finish(world, 'a.mov');
  list(world, ['a.mov']);
  assert.is(world.state.files.size, 0);
  see(world, entryOf('a.mov', 1_000));
  assert.is(world.file('a.mov').status, 'DISCOVERED');
});

test('pursueScan: up to 256 requested paths are one check, more are a listing', () => {
  for (const [count, kind] of [
    [256, 'check_paths'],
    [257, 'list_source'],
  ] as const) {
    const world = createWorld();
    list(world);
    const paths = Array.from({ length: count }, (_, index) => `${index}.mov`);
    const { effects } = world.tell({ kind: 'paths_noticed', route: ingest, paths });
    assert.equal(
      effects.filter((effect) => effect.kind === 'check_paths' || effect.kind === 'list_source').map((effect) => effect.kind),
      [kind],
    );
    assert.is(world.route.scanning.pathsToCheck.size, 0);
  }
});

test('pursueScan: a path requested while a check is under way goes with the next', () => {
  const world = createWorld();
  const noticed = (path: string) => world.tell({ kind: 'paths_noticed', route: ingest, paths: [path] }).effects;
  assert.is(noticed('a').filter(({ kind }) => kind === 'check_paths').length, 1);
  assert.equal(
    noticed('b').filter(({ kind }) => kind === 'check_paths'),
    [],
  );
  const checkId = world.route.scanning.check?.id;
  assert.ok(checkId);
  const { effects } = world.tell({ kind: 'paths_checked', route: ingest, checkId, present: [], absent: [] });
  assert.equal(
    effects.flatMap((effect) => (effect.kind === 'check_paths' ? effect.paths : [])),
    ['b'],
  );
});

test('intakeRestarted: what the new child never tells of is asked for by name after two listings, and only then', () => {
  const world = fullSource();
  world.tell({ kind: 'intake_restarted', route: ingest });
  see(world, ...['b.mov', 'c/d.mov'].map((name) => entryOf(name, 1_000)), entryOf('e.mov', 5), entryOf('f.mov', 6, 2));
  assert.equal([...world.route.scanning.unconfirmed], ['a.mov']);
  const checks = (): readonly string[] => list(world).effects.flatMap((effect) => (effect.kind === 'check_paths' ? effect.paths : []));
  assert.equal(checks(), []);
  assert.equal(checks(), ['a.mov']);
  const checkId = world.route.scanning.check?.id;
  assert.ok(checkId);
  world.tell({ kind: 'paths_checked', route: ingest, checkId, present: [], absent: ['a.mov'] });
  assert.is(world.file('a.mov').status, 'REMOVED');
});

test('agent_started: files of an earlier life wait to be confirmed', () => {
  const earlier = fullSource();
  const world = createWorld({ image: { files: [...earlier.state.files.values()] } });
  assert.equal([...world.route.scanning.unconfirmed].sort(), ['a.mov', 'b.mov', 'c/d.mov', 'e.mov', 'f.mov']);
  see(world, entryOf('a.mov', 1_000));
  assert.not(world.route.scanning.unconfirmed.has('a.mov'));
});

test('sourceState: a source on a network settles its files only after its attribute cache', () => {
  const world = createWorld();
  world.tell({ ...sourceEvent('ok'), cacheMs: 60_000 } as Event);
  see(world, entryOf('a.mov', 1));
  world.skip(69_999);
  list(world);
  list(world);
  assert.is(world.file('a.mov').status, 'DISCOVERED');
  world.skip(1);
  list(world);
  assert.is(world.file('a.mov').status, 'READY');
});

test('a missing source is no reason to end what is being copied', () => {
  const world = copyingWorld(['a.mov', 'b.mov']);
  world.tell(sourceEvent('missing', 'ENOENT'));
  assert.equal(statusesOf(world), ['COPYING', 'COPYING']);
  finish(world, 'a.mov');
  assert.is(world.file('a.mov').status, 'COMPLETED');
});

test.run();
