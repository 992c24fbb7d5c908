import type { Effect, Event, JournalRecord } from '@sluice/core';
import { routeSettings } from '@sluice/core/fixtures';
import type { CopyOrder, CopyReport } from '@sluice/core/model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createLoop } from '../src/loop.ts';
import { firstStart } from './first-start.ts';
import { a, entryOf } from './serve/desk.ts';

test('createLoop: a journal that refuses for a while is reported once when it begins, and once when it is over', () => {
  const { image, state } = firstStart([routeSettings({ name: a })]);
  const said: string[] = [];
  const retries: (() => void)[] = [];
  let refusals = 5;
  const append = (): void => {
    refusals -= 1;
    if (refusals >= 0) throw Object.assign(new Error('database is locked'), { code: 'SQLITE_BUSY' });
  };
  const loop = createLoop({ append, load: () => image, close: () => {} }, state, 1, {
    clock: { monotonic: () => 0, wall: () => 0 },
    ids: { fresh: () => '00000001-0000-4000-8000-000000000000' },
    performer: { perform: () => {} },
    audience: {
      committed: (_, records) => void said.push(`committed ${records.length}`),
      stalled: (code, records) => void said.push(`stalled ${code} ${records}`),
      resumed: (records) => void said.push(`resumed ${records}`),
    },
    unusable: assert.unreachable,
    defer: (work) => work(),
    makeTimer: (fire) => ({ set: () => void retries.push(fire), clear: () => {} }),
  });
  loop.offer({ kind: 'entries_seen', route: a, entries: [entryOf('a.mxf')] });
  for (let round = 0; round < 5 && loop.isStalled(); round += 1) for (const fire of retries.splice(0)) fire();
  assert.is(loop.isStalled(), false);
  assert.equal(said, ['stalled SQLITE_BUSY 1', 'resumed 1', 'committed 1']);
});

test('createLoop: what a listing finds is committed in several transactions, so that nobody waits for all of it', () => {
  const { image, state } = firstStart([routeSettings({ name: a })]);
  const turns: (() => void)[] = [];
  const written: number[] = [];
  let ids = 0;
  const loop = createLoop({ append: (records) => void written.push(records.length), load: () => image, close: () => {} }, state, 1, {
    clock: { monotonic: () => 0, wall: () => 0 },
    ids: { fresh: () => `${String((ids += 1)).padStart(8, '0')}-0000-4000-8000-000000000000` },
    performer: { perform: () => {} },
    audience: { committed: () => {}, stalled: () => assert.unreachable(), resumed: () => assert.unreachable() },
    unusable: assert.unreachable,
    defer: (work) => void turns.push(work),
    makeTimer: () => ({ set: () => {}, clear: () => {} }),
  });
  for (let message = 0; message < 12; message += 1) {
    const entries = Array.from({ length: 1_000 }, (_, index) => entryOf(`${message}/${index}.mxf`));
    loop.offer({ kind: 'entries_seen', route: a, entries });
  }
  while (turns.length > 0) turns.shift()?.();
  assert.equal(written, [10_000, 2_000]);
  assert.is(loop.eventsTaken(), 12);
});

test('Loop.record: how a hook ended is committed also after the end, and nothing is offered any more', () => {
  const { image, state } = firstStart([routeSettings({ name: a })]);
  const written: string[] = [];
  let isRefused = false;
  const append = (records: readonly JournalRecord[]): void => {
    if (isRefused) throw Object.assign(new Error('disk full'), { code: 'SQLITE_FULL' });
    written.push(...records.map(({ seq, event }) => `${seq} ${event.kind}`));
  };
  const loop = createLoop({ append, load: () => image, close: () => {} }, state, 1, {
    clock: { monotonic: () => 0, wall: () => 0 },
    ids: { fresh: () => '00000001-0000-4000-8000-000000000000' },
    performer: { perform: () => assert.unreachable() },
    audience: { committed: () => {}, stalled: () => {}, resumed: () => {} },
    unusable: assert.unreachable,
    defer: () => {},
    makeTimer: () => ({ set: () => {}, clear: () => {} }),
  });
  loop.end();
  const end = { kind: 'ended', code: 0, diagnosis: '' } as const;
  const event = { kind: 'hook_ended', hook: 'on_done', program: '/bin/index', tookMs: 1, end, routes: [{ route: a, calls: 1 }] } as const;
  loop.record(event);
  loop.record(event);
  loop.offer({ kind: 'entries_seen', route: a, entries: [entryOf('a.mxf')] });
  assert.equal(written, ['1 hook_ended', '2 hook_ended']);
  isRefused = true;
  loop.record(event);
  isRefused = false;
  loop.record(event);
  assert.is(written.length, 2, 'nothing follows what was refused');
});

/** Answers every effect as well as can be. What was published is reported only by `release`. */
class GoodWorld {
  readonly asked: Effect['kind'][] = [];
  readonly #published: Event[] = [];
  readonly #deferred: (() => void)[] = [];
  readonly #timers = new Map<() => void, number>();
  readonly #loop: ReturnType<typeof createLoop>;
  #nowMs = 0;
  #ids = 0;
  #isListed = false;

  constructor(files: readonly string[], lanes: number) {
    const routes = [routeSettings({ name: a, stableAfterMs: 1_000, scanEveryMs: 1_000 })];
    const { image, state } = firstStart(routes, { lanes });
    this.#loop = createLoop({ append: () => {}, load: () => image, close: () => {} }, state, 1, {
      clock: { monotonic: () => this.#nowMs, wall: () => this.#nowMs },
      ids: { fresh: () => `${(this.#ids += 1)}` },
      performer: { perform: (effect) => this.#answer(effect, files) },
      audience: { committed: () => {}, stalled: () => assert.unreachable(), resumed: () => assert.unreachable() },
      unusable: assert.unreachable,
      defer: (work) => void this.#deferred.push(work),
      makeTimer: (fire) => ({ set: (at) => void this.#timers.set(fire, at), clear: () => void this.#timers.delete(fire) }),
    });
    this.#loop.offer({ kind: 'agent_started' });
  }

  /** Lets time pass until this many files wait for their names. */
  untilPublishing(files: number): void {
    for (let steps = 0; this.#published.length < files && steps < 1_000; steps += 1) {
      for (const work of this.#deferred.splice(0)) work();
      this.#nowMs += 100;
      for (const [fire, at] of [...this.#timers]) if (at <= this.#nowMs && this.#timers.delete(fire)) fire();
    }
  }

  release(): void {
    for (const event of this.#published.splice(0)) this.#loop.offer(event);
    for (const work of this.#deferred.splice(0)) work();
  }

  #answer(effect: Effect, files: readonly string[]): void {
    this.asked.push(effect.kind);
    const route = a;
    const offer = (event: Event): void => this.#loop.offer(event);
    const selection = { leftAlone: [], unmatched: [] };
    if (effect.kind === 'probe') {
      const mount = { path: '/mnt', mountId: null };
      const space = { totalBytes: null, freeBytes: null };
      const result = { kind: 'good', mount, space, isFull: false, description: '', marker: 'm' } as const;
      offer({ kind: 'probe_answered', route, probeId: effect.probeId, result });
    } else if (effect.kind === 'list_source') {
      const { listingId, isQuick } = effect;
      if (!this.#isListed) offer({ kind: 'entries_seen', route, entries: files.map((path) => entryOf(path)) });
      this.#isListed = true;
      const found = { vanished: [], isQuick, processorMs: 0, entryCount: files.length, youngEmptyCount: 0, selection };
      offer({ kind: 'listing_completed', route, listingId, ...found });
    } else if (effect.kind === 'check_paths') {
      offer({ kind: 'paths_checked', route, checkId: effect.checkId, present: effect.paths, absent: [] });
    } else if (effect.kind === 'preflight') {
      const preflight = { sourceFingerprint: effect.order.expected, isOther: false, existingSizeBytes: null, freeBytes: null };
      offer(reportOf(effect.order, { kind: 'preflight', preflight }));
    } else if (effect.kind === 'copy') {
      offer(reportOf(effect.order, { kind: 'creating' }));
      offer(reportOf(effect.order, { kind: 'copied', hash, fingerprint: effect.order.expected, readsBack: true }));
      offer(reportOf(effect.order, { kind: 'verified', readback: 'direct', sourceGone: false }));
    } else if (effect.kind === 'publish') {
      this.#published.push(reportOf(effect.order, { kind: 'published', notes: [] }));
    }
  }
}

const hash = { algorithm: 'xxh64', value: '0123456789abcdef' } as const;

function reportOf({ fileId, copyId }: Pick<CopyOrder, 'fileId' | 'copyId'>, report: CopyReport): Event {
  return { kind: 'copy_reported', route: a, fileId, copyId, report };
}

test('createLoop: reports of copies that come together are applied first, and then files move on', () => {
  const world = new GoodWorld(['a.mxf', 'b.mxf', 'c.mxf', 'd.mxf'], 2);
  world.untilPublishing(2);
  const before = world.asked.length;
  world.release();
  assert.equal(world.asked.slice(before), ['forget', 'forget', 'preflight', 'preflight']);
});

test.run();
