import { isRunning, type TrackedFile } from '../model/file.ts';
import type { Fingerprint } from '../model/ids.ts';
import { type CoreSettings, smallLanes } from '../model/settings.ts';

/** Numbers of copies by the kind of lane that they need. A small file does not wait for a large one. */
export interface Lanes {
  stable: number;
  small: number;
  growing: number;
}

/** How many files of a route need or hold a lane; kept up to date by every change of a file, so that a question costs nothing. */
export interface LaneCounts {
  /** IN_QUEUE. */
  readonly queued: Lanes;
  /** Those of them that have no lane yet. */
  readonly idle: Lanes;
  /** Lanes that are held: by running copies, and by queued files whose two sides are being checked. */
  readonly used: Lanes;
  /** What running copies have yet to write. */
  unwrittenBytes: number;
}

export function emptyLaneCounts(): LaneCounts {
  const none = (): Lanes => ({ stable: 0, small: 0, growing: 0 });
  return { queued: none(), idle: none(), used: none(), unwrittenBytes: 0 };
}

/** Adds what one file counts for, or takes it away. */
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

export function laneOf(settings: CoreSettings, file: { readonly growing: boolean; readonly fingerprint: Fingerprint }): keyof Lanes {
  return file.growing ? 'growing' : endingLaneOf(settings, file.fingerprint);
}

/** Of a file that does not grow. */
export function endingLaneOf(settings: CoreSettings, fingerprint: Fingerprint): 'small' | 'stable' {
  return isSmall(settings, fingerprint) ? 'small' : 'stable';
}

export function isSmall(settings: CoreSettings, { sizeBytes }: Fingerprint): boolean {
  return smallLanes(settings) > 0 && sizeBytes <= settings.smallSizeBytes;
}
