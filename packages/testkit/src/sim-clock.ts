/** Simulated time: only planned work runs, in order, without waiting. */
export interface SimClock {
  monotonic(): number;
  wall(): number;
  /** Sets the wall clock: it jumps, and the monotonic clock does not. */
  stepWall(byMs: number): void;
  /** Runs `work` at `now + delayMs`. @returns a function that cancels it */
  after(delayMs: number, work: () => void): () => void;
  /** Runs everything that is planned up to `untilMs`, and stops there. */
  runUntil(untilMs: number): void;
  /** Runs until `isDone`, at most up to `untilMs`. @returns whether it was done */
  runWhile(isDone: () => boolean, untilMs: number): boolean;
}

interface Planned {
  readonly at: number;
  readonly order: number;
  readonly work: () => void;
  isOff: boolean;
}

const maxAtOnce = 100_000;

/** Returns a clock at time 0. @param wallStart milliseconds since the epoch at monotonic 0 */
export function createSimClock(wallStart = 1_790_000_000_000): SimClock {
  let now = 0;
  let wallAtZero = wallStart;
  let order = 0;
  let worksNow = 0;
  const planned: Planned[] = [];

  const insert = (item: Planned): void => {
    let low = 0;
    let high = planned.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = planned[middle] as Planned;
      if (other.at < item.at || (other.at === item.at && other.order < item.order)) low = middle + 1;
      else high = middle;
    }
    planned.splice(low, 0, item);
  };

  const runNext = (untilMs: number): boolean => {
    const next = planned[0];
    if (next === undefined || next.at > untilMs) return false;
    planned.shift();
    worksNow = next.at > now ? 0 : worksNow + 1;
    if (worksNow > maxAtOnce) throw new Error(`time stands still at ${now} ms: something asks to be run again and again`);
    now = Math.max(now, next.at);
    if (!next.isOff) next.work();
    return true;
  };

  return {
    monotonic: () => now,
    wall: () => wallAtZero + now,
    stepWall: (byMs) => void (wallAtZero += byMs),
    after(delayMs, work) {
      const item: Planned = { at: now + Math.max(0, delayMs), order: order++, work, isOff: false };
      insert(item);
      return () => {
        item.isOff = true;
      };
    },
    runUntil(untilMs) {
      while (runNext(untilMs));
      now = Math.max(now, untilMs);
    },
    runWhile(isDone, untilMs) {
      while (!isDone()) {
        if (runNext(untilMs)) continue;
        now = Math.max(now, untilMs);
        return false;
      }
      return true;
    },
  };
}
