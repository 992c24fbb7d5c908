import { limits } from '../model/limits.ts';

/** How fast a source's disk fills, from what it said of its free space. Monotonic milliseconds. */
export interface Filling {
  readonly at: number;
  readonly freeBytes: number;
  /** Samples of the last minutes, the oldest first; this one included. */
  readonly samples: readonly { readonly at: number; readonly freeBytes: number }[];
}

/** One more sample of the source's free space; samples count that are 5 s apart. Room that is made begins another time. */
export function observeFree(before: Filling | null, freeBytes: number | null, at: number): Filling | null {
  if (freeBytes === null) return null;
  const sample = { at, freeBytes };
  if (before === null || freeBytes > (before.samples[0]?.freeBytes ?? 0)) return { ...sample, samples: [sample] };
  if (at - before.at < limits.freeSampleEveryMs) return before;
  return { ...sample, samples: [...before.samples.filter((each) => at - each.at <= limits.freeWindowMs), sample] };
}

/** @returns milliseconds until nothing is free, at the average of the last minutes; null where it does not fill, or that is not known */
export function fullInMs(filling: Filling | null): number | null {
  const first = filling?.samples[0];
  if (filling === null || first === undefined || filling.at - first.at < limits.freeLeastMs) return null;
  const bytesPerSecond = ((first.freeBytes - filling.freeBytes) / (filling.at - first.at)) * 1000;
  return bytesPerSecond < 1 ? null : Math.round((filling.freeBytes / bytesPerSecond) * 1000);
}
