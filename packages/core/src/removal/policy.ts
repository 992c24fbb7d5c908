import type { ReadbackMethod } from '../model/copy.ts';
import type { CompletedFile } from '../model/file.ts';
import type { Removal, RemovalTarget } from '../model/removal.ts';
import type { RouteSettings } from '../model/settings.ts';

/** Where the settings send the source of a copied file. Null: it stays. */
export function targetOf({ afterCopy, archiveDir }: RouteSettings): RemovalTarget | null {
  switch (afterCopy) {
    case 'delete':
      return { kind: 'delete' };
    case 'archive':
      return archiveDir === null ? null : { kind: 'archive', folder: archiveDir };
    default:
      return null;
  }
}

/** Whether a copy is verified well enough for its source to be removed. A write-back mount never reports `direct`. */
export function isProven({ afterCopyProof }: RouteSettings, readback: ReadbackMethod): boolean {
  return readback === 'direct' || afterCopyProof === 'weak';
}

/**
 * Where a source goes by now: the settings may have changed since it was copied, and the more careful of the two counts. Null: it
 * stays.
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
 * When `after_copy_wait` is over since the last change of a source. Wall clock, milliseconds. A change after the copy has ended is
 * another file, so that a time in the future counts as that moment.
 */
export function dueAt({ afterCopyWaitMs }: RouteSettings, file: CompletedFile): number {
  if (file.removal?.by === 'operator') return 0;
  const endedAt = file.endedAt ?? file.discoveredAt;
  const modifiedMs = Number(BigInt(file.fingerprint.mtimeNs) / nanosecondsInMs);
  // A program that sets a time back makes a file look old: where nothing else is known, it changed when it was found.
  const changedMs = file.changedMs ?? file.discoveredAt;
  return Math.min(endedAt, Math.max(modifiedMs, changedMs)) + afterCopyWaitMs;
}
