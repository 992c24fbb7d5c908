import { sameMomentMs } from './limits.ts';
import type { ScreenDelta, ScreenFrame, ScreenRoute, ScreenRow } from './screen-frame.ts';

type Parts = ScreenDelta['parts'];

const partNames = ['verdict', 'agent', 'routes', 'conditions', 'totals', 'throughput'] as const satisfies readonly (keyof Parts)[];

/** Returns the delta from one frame to the next, or null if nothing to report has changed. */
export function deltaBetween(before: ScreenFrame, after: ScreenFrame): ScreenDelta | null {
  const changed = partNames.filter((name) => !isSamePart(name, before, after));
  const rows = rowsBetween(before.rows, after.rows);
  if (changed.length === 0 && rows === null) return null;
  const parts: Parts = Object.fromEntries(changed.map((name) => [name, after[name]]));
  return { v: 1, at: after.at, seq: after.seq, parts, rows };
}

/**
 * Applies a delta to the frame before it.
 * @returns null if the delta belongs to another frame: one was missed, and a whole frame has to be requested
 */
export function applyDelta(frame: ScreenFrame, delta: ScreenDelta): ScreenFrame | null {
  if (delta.seq !== frame.seq + 1) return null;
  const { at, seq, parts } = delta;
  if (delta.rows === null) return { ...frame, ...parts, at, seq };
  const { total, matched, offset, count, changed } = delta.rows;
  const newer = new Map(changed.map(({ index, row }) => [index, row]));
  const rows = Array.from({ length: count }, (_, index) => newer.get(index) ?? frame.rows.rows[index]);
  if (!rows.every((row) => row !== undefined)) return null;
  return { ...frame, ...parts, at, seq, rows: { total, matched, offset, rows } };
}

function rowsBetween(before: ScreenFrame['rows'], after: ScreenFrame['rows']): ScreenDelta['rows'] {
  const { total, matched, offset, rows } = after;
  const changed = rows.flatMap((row, index) => (isSameRow(before.rows[index], row) ? [] : [{ index, row }]));
  const isSameWindow = before.total === total && before.matched === matched && before.offset === offset;
  if (isSameWindow && changed.length === 0 && before.rows.length === rows.length) return null;
  return { total, matched, offset, count: rows.length, changed };
}

function isSameRow(before: ScreenRow | undefined, after: ScreenRow): boolean {
  return before === after || isSame(before, after);
}

function isSamePart(name: (typeof partNames)[number], before: ScreenFrame, after: ScreenFrame): boolean {
  if (name === 'routes') return areSameRoutes(before, after);
  return before[name] === after[name] || isSame(before[name], after[name]);
}

/** Both values come from the same program, so their keys have the same order. */
function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The time to the next probe decreases by itself, which does not count as a change. A different probe does. */
function areSameRoutes(before: ScreenFrame, after: ScreenFrame): boolean {
  if (before.routes.length !== after.routes.length) return false;
  return after.routes.every((route, index) => {
    const earlier = before.routes[index] as ScreenRoute;
    if (!isSameProbe([Date.parse(before.at), earlier.nextProbeInMs], [Date.parse(after.at), route.nextProbeInMs])) return false;
    return isSame({ ...earlier, nextProbeInMs: null }, { ...route, nextProbeInMs: null });
  });
}

type Probe = readonly [at: number, inMs: number | null];

/** Null: no probe is planned. 0: a probe runs, no matter since when. */
function isSameProbe([beforeAt, before]: Probe, [afterAt, after]: Probe): boolean {
  if (before === null || after === null || before === 0 || after === 0) return before === after;
  return Math.abs(beforeAt + before - (afterAt + after)) <= sameMomentMs;
}
