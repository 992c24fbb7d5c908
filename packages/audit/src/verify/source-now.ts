import { sameFingerprint } from '@sluice/core/model';
import { errnoOf } from '@sluice/platform';
import type { Storage } from '@sluice/transport';
import type { Copy, SourceNow } from '../model.ts';

/** Whether the source still has what was copied, by size and modification time. */
export async function sourceNow(source: Storage, { source: path, fingerprint }: Copy): Promise<SourceNow> {
  try {
    const { kind, sizeBytes, mtimeNs } = await source.stat(path);
    return kind === 'file' && sameFingerprint({ sizeBytes, mtimeNs }, fingerprint) ? 'unchanged' : 'changed';
  } catch (error) {
    const code = errnoOf(error);
    if (code !== 'ENOENT' && code !== 'ENOTDIR') return 'unknown';
    // A source that is not mounted says nothing of its files.
    return (await isThere(source)) ? 'gone' : 'unknown';
  }
}

async function isThere(source: Storage): Promise<boolean> {
  try {
    return (await source.stat('')).kind === 'folder';
  } catch {
    return false;
  }
}
