import { isRunning, type TrackedFile } from '../model/file.ts';
import type { Fingerprint } from '../model/ids.ts';
import { type CoreSettings, smallLanes } from '../model/settings.ts';

/** Numbers of copies by kind of lane. A small file does not wait for a large one. */
export interface Lanes {
  stable: number;
  small: number;
  growing: number;
}

/** How many files of a route need or hold a lane. Every change of a file updates the counts, so that a query takes constant time. */
export interface LaneCounts {
  /** Files in IN_QUEUE. */
  readonly queued: Lanes;
  /** Files in IN_QUEUE that have no lane yet. */
  readonly idle: Lanes;
  /** Lanes that are held by running copies, and by queued files in preflight. */
  readonly used: Lanes;
  /** Bytes that running copies still have to write. */
  unwrittenBytes: number;
}

/** Returns counts of zero. */
export function emptyLaneCounts(): LaneCounts {
  const none = (): Lanes => ({ stable: 0, small: 0, growing: 0 });
  return { queued: none(), idle: none(), used: none(), unwrittenBytes: 0 };
}

/** Adds a file to the counts, or subtracts it. */
export function countLanes(settings: CoreSettings, counts: LaneCounts, file: TrackedFile, by: 1 | -1): void {
  if (file.status === 'IN_QUEUE') {
    const lane = laneOf(settings, file);
    counts.queued[lane] += by;
    counts[file.copyId === null ? 'idle' : 'used'][lane] += by;
  } else if (isRunning(file)) {
    counts.used[file.status === 'GROWING_COPY' ? 'growing' : laneOf(settings, file)] += by;
    if (file.status !== 'VERIFYING') counts.unwrittenBytes += by * Math.max(0, file.fingerprint.sizeBytes - file.copiedBytes);
  }
}

/** Returns the lane in which a file is copied. */
export function laneOf(settings: CoreSettings, file: { readonly growing: boolean; readonly fingerprint: Fingerprint }): keyof Lanes {
  return file.growing ? 'growing' : endingLaneOf(settings, file.fingerprint);
}

/** Returns the lane for a file that does not grow. */
export function endingLaneOf(settings: CoreSettings, fingerprint: Fingerprint): 'small' | 'stable' {
  return isSmall(settings, fingerprint) ? 'small' : 'stable';
}

/** Returns whether a file of this size counts as small. None does if small files have no lanes. */
export function isSmall(settings: CoreSettings, { sizeBytes }: Fingerprint): boolean {
  return smallLanes(settings) > 0 && sizeBytes <= settings.smallSizeBytes;
}
