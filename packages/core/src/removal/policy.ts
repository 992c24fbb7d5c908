import { unreachable } from '../model/assert.ts';
import type { ReadbackMethod } from '../model/copy.ts';
import type { CompletedFile } from '../model/file.ts';
import type { Removal, RemovalTarget } from '../model/removal.ts';
import type { RouteSettings } from '../model/settings.ts';

/** Returns the removal that the settings plan for the source of a copied file. Null: it stays. */
export function targetOf({ afterCopy, archiveDir }: RouteSettings): RemovalTarget | null {
  switch (afterCopy) {
    case 'delete':
      return { kind: 'delete' };
    case 'archive':
      return archiveDir === null ? null : { kind: 'archive', folder: archiveDir };
    case 'keep':
      return null;
    default:
      return unreachable(afterCopy);
  }
}

/** Returns whether a copy is verified well enough for its source to be removed. A write-back mount never reports `direct`. */
export function isProven({ afterCopyProof }: RouteSettings, readback: ReadbackMethod): boolean {
  return readback === 'direct' || afterCopyProof === 'weak';
}

/**
 * Returns the removal that applies now. The settings may have changed since the file was copied; of both, the more careful one
 * applies. Null: the source stays.
 */
export function targetNow(settings: RouteSettings, removal: Removal, readback: ReadbackMethod): RemovalTarget | null {
  if (removal.by === 'nobody') return null;
  if (removal.by === 'operator') return removal.to;
  const now = targetOf(settings);
  if (now === null || !isProven(settings, readback)) return null;
  return removal.to.kind === 'archive' ? removal.to : now;
}

const nanosecondsInMs = 1_000_000n;

/**
 * Returns when `after_copy_wait` has passed since the last change of a source. Wall clock, milliseconds. A change after the end
 * of the copy makes another file, so a time after that counts as the end of the copy.
 */
export function dueAt({ afterCopyWaitMs }: RouteSettings, file: CompletedFile): number {
  if (file.removal?.by === 'operator') return 0;
  const endedAt = file.endedAt ?? file.discoveredAt;
  const modifiedMs = Number(BigInt(file.fingerprint.mtimeNs) / nanosecondsInMs);
  // A program that sets times back makes a file look old. If its change time is unknown, it counts as changed when it was found.
  const changedMs = file.changedMs ?? file.discoveredAt;
  return Math.min(endedAt, Math.max(modifiedMs, changedMs)) + afterCopyWaitMs;
}
