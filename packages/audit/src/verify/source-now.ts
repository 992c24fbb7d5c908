import { sameFingerprint } from '@sluice/core/model';
import { errnoOf } from '@sluice/platform';
import type { FileFacts, Storage } from '@sluice/transport';
import type { Copy, SourceNow } from '../model.ts';

/** Whether the source still has what was copied, by size and modification time. */
export async function sourceNow(source: Storage, { source: path, fingerprint }: Copy): Promise<SourceNow> {
  let facts: FileFacts | null;
  try {
    facts = await source.stat(path);
  } catch (error) {
    if (errnoOf(error) !== 'ENOTDIR') return 'unknown';
    facts = null;
  }
  // A source that is not mounted says nothing of its files.
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
