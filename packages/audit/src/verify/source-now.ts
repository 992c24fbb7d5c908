import { sameFingerprint } from '@sluice/core/model';
import { errnoOf } from '@sluice/platform';
import type { FileFacts, Storage } from '@sluice/transport';
import type { Copy, SourceNow } from '../model.ts';

/** Returns whether the source still has the file that was copied, by size and modification time. */
export async function sourceNow(source: Storage, { source: path, fingerprint }: Copy): Promise<SourceNow> {
  let facts: FileFacts | null;
  try {
    facts = await source.stat(path);
  } catch (error) {
    if (errnoOf(error) !== 'ENOTDIR') return 'unknown';
    facts = null;
  }
  // If the source is not mounted, nothing is known about its files.
  if (facts === null) return (await isThere(source)) ? 'gone' : 'unknown';
  const { kind, sizeBytes, mtimeNs } = facts;
  return kind === 'file' && sameFingerprint({ sizeBytes, mtimeNs }, fingerprint) ? 'unchanged' : 'changed';
}

async function isThere(source: Storage): Promise<boolean> {
  try {
    return (await source.stat(''))?.kind === 'folder';
  } catch {
    return false;
  }
}
