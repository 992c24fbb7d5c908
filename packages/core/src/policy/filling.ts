/** How fast a source's disk fills, from what it said of its free space. Monotonic milliseconds. */
export interface Filling {
  readonly at: number;
  readonly freeBytes: number;
  /** Smoothed; null before two samples, or while room is being made. */
  readonly bytesPerSecond: number | null;
}

const sampleEveryMs = 5_000;
const smoothing = 0.3;

/** One more sample of the source's free space; samples count that are 5 s apart. */
export function observeFree(before: Filling | null, freeBytes: number | null, at: number): Filling | null {
  if (freeBytes === null) return null;
  if (before === null || freeBytes > before.freeBytes) return { at, freeBytes, bytesPerSecond: null };
  if (at - before.at < sampleEveryMs) return before;
  const rate = ((before.freeBytes - freeBytes) / (at - before.at)) * 1000;
  const bytesPerSecond = before.bytesPerSecond === null ? rate : before.bytesPerSecond * (1 - smoothing) + rate * smoothing;
  return { at, freeBytes, bytesPerSecond };
}

/** @returns milliseconds until nothing is free; null where it does not fill, or that is not known */
export function fullInMs(filling: Filling | null): number | null {
  if (filling === null || filling.bytesPerSecond === null || filling.bytesPerSecond < 1) return null;
  return Math.round((filling.freeBytes / filling.bytesPerSecond) * 1000);
}
