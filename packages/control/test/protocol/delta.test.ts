import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { applyDelta, deltaBetween } from '../../src/protocol/delta.ts';
import type { ScreenFrame, ScreenRoute, ScreenRow, ScreenTotals } from '../../src/protocol/screen-frame.ts';

const plain = { noNullPrototype: true } as const;
const anyRow = fc
  .record({ id: fc.constantFrom('a', 'b', 'c', 'd'), depth: fc.constantFrom(0, 1), etaMs: fc.option(fc.nat(3)), percent: fc.nat(2) })
  .map(
    ({ id, depth, etaMs, percent }): ScreenRow => ({
      file: { id, percent } as ScreenRow['file'],
      depth: depth as 0 | 1,
      reason: '',
      etaMs,
    }),
  );
const anyRoute = fc.record({
  name: fc.constantFrom('x', 'y'),
  waiting: fc.nat(2),
  nextProbeInMs: fc.option(fc.nat(3).map((n) => n * 1_000)),
});
const anyFrame: fc.Arbitrary<ScreenFrame> = fc
  .record(
    {
      at: fc.nat(3).map((n) => new Date(1_700_000_000_000 + n * 1_000).toISOString()),
      ok: fc.boolean(),
      routes: fc.array(anyRoute, { maxLength: 2 }),
      done: fc.nat(2),
      throughput: fc.array(fc.nat(1), { minLength: 2, maxLength: 2 }),
      rows: fc.record({ total: fc.nat(3), matched: fc.nat(3), offset: fc.nat(2), rows: fc.array(anyRow, { maxLength: 5 }) }, plain),
    },
    plain,
  )
  .map(({ at, ok, routes, done, throughput, rows }) => ({
    v: 1,
    at,
    seq: 7,
    verdict: { ok, text: '' },
    agent: { running: true, pid: 1, version: '0', startedAt: null, stateDir: '/' },
    routes: routes as unknown as ScreenRoute[],
    totals: { done } as ScreenTotals,
    throughput,
    rows,
  }));

/** Returns the moments of the next probes. The time to a probe counts from the moment of the frame. */
const momentsOf = ({ at, routes }: ScreenFrame): unknown[] =>
  routes.map(({ nextProbeInMs }) => (nextProbeInMs === null || nextProbeInMs === 0 ? nextProbeInMs : Date.parse(at) + nextProbeInMs));

test('applyDelta: the delta of two frames makes the second from the first', () => {
  fc.assert(
    fc.property(anyFrame, anyFrame, (before, later) => {
      const after = { ...later, seq: 8 };
      const delta = deltaBetween(before, after);
      const made = delta === null ? { ...before, at: after.at, seq: 8 } : applyDelta(before, JSON.parse(JSON.stringify(delta)));
      assert.ok(made !== null);
      const { routes, ...rest } = made;
      const { routes: expected, ...wantedRest } = after;
      assert.equal(rest, wantedRest);
      assert.equal(
        routes.map((route) => ({ ...route, nextProbeInMs: null })),
        expected.map((route) => ({ ...route, nextProbeInMs: null })),
      );
      const received = delta === null || delta.parts.routes === undefined ? before : made;
      assert.equal(momentsOf(received), momentsOf(after));
    }),
    { numRuns: 1_000 },
  );
});

test('deltaBetween: is null if nothing has changed but the time', () => {
  fc.assert(
    fc.property(anyFrame, (frame) => {
      assert.is(deltaBetween(frame, { ...structuredClone(frame), seq: 8 }), null);
    }),
  );
});

const row = (id: string): ScreenRow => ({ file: { id } as ScreenRow['file'], depth: 0, reason: '', etaMs: null });
const [frame] = fc.sample(anyFrame, { numRuns: 1, seed: 1 });
const shown = (ids: string, offset = 0): ScreenFrame => {
  if (frame === undefined) throw new Error('no sample');
  return { ...frame, rows: { total: 9, matched: 9, offset, rows: Array.from(ids, row) } };
};

test('deltaBetween: has only the rows that changed', () => {
  const delta = deltaBetween(shown('abcd'), { ...shown('abxd'), seq: 8 });
  assert.equal(delta?.parts, {});
  assert.equal(delta?.rows, { total: 9, matched: 9, offset: 0, count: 4, changed: [{ index: 2, row: row('x') }] });
  assert.equal(deltaBetween(shown('abcd'), { ...shown('ab'), seq: 8 })?.rows?.changed, []);
  assert.equal(deltaBetween(shown('ab'), { ...shown('ab', 5), seq: 8 })?.rows?.offset, 5);
});

test('applyDelta: is null if a delta was missed, comes twice, or does not fit', () => {
  const delta = deltaBetween(shown('ab'), { ...shown('abc'), seq: 8 });
  assert.ok(delta !== null);
  assert.is(applyDelta({ ...shown('ab'), seq: 6 }, delta), null);
  assert.is(applyDelta({ ...shown('ab'), seq: 8 }, delta), null);
  assert.is(applyDelta(shown('a'), delta), null);
  assert.equal(applyDelta(shown('ab'), delta)?.rows.rows.length, 3);
});

test.run();
