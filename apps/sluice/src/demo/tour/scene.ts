import type { Scene } from '@sluice/words';
import type { Disk } from '../stage/storage.ts';

/** What the guest has made of the storage. */
export interface StorageNow {
  readonly inserted: Disk | null;
  /** Which one Sluice takes for the storage. */
  readonly accepted: Disk;
  /** Whether the guest has broken something before. */
  readonly wasBroken: boolean;
  /** Whether files are still to be carried. */
  readonly hasLeft: boolean;
}

/** The scene after the tour was played. */
export function sceneOf({ inserted, accepted, wasBroken, hasLeft }: StorageNow): Scene {
  if (inserted === null) return 'gone';
  if (inserted !== accepted) return inserted === 'wrong' ? 'wrong' : 'swapped';
  if (accepted === 'wrong') return 'adopted';
  return wasBroken && hasLeft ? 'returned' : 'yours';
}
