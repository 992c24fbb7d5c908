import type { ContentHash, DestinationMount, ReadbackMethod } from '@sluice/core';
import { errnoOf } from '@sluice/platform';
import { isDirectRefused } from '../storage/failure.ts';
import type { OpenFile } from '../storage/storage.ts';
import { hashOfFile, type Reading } from '../streams/hashing.ts';
import { readOnly } from '../streams/read-chunks.ts';
import { diverted, isOnMount } from '../task/mount.ts';
import type { LaneDependencies } from '../task/task.ts';

/**
 * The hash of what stands under a name at the destination, past the cache where that is possible.
 *
 * @returns null where it is no regular file of this size.
 */
export async function hashOfName(
  dependencies: LaneDependencies,
  mount: DestinationMount,
  reading: Omit<Reading, 'side'>,
): Promise<{ readonly hash: ContentHash; readonly readback: ReadbackMethod } | null> {
  for (const how of ['read_direct', 'read'] as const) {
    try {
      return await hashOpened(dependencies, mount, await dependencies.destination.open(reading.name, how), reading);
    } catch (error) {
      if (notARegularFile.has(errnoOf(error))) return null;
      if (how === 'read' || !isDirectRefused(error)) throw error;
    }
  }
  return null;
}

const notARegularFile = new Set(['ENOENT', 'ELOOP', 'EFTYPE', 'EISDIR']);

async function hashOpened(
  dependencies: LaneDependencies,
  mount: DestinationMount,
  file: OpenFile,
  reading: Omit<Reading, 'side'>,
): Promise<{ readonly hash: ContentHash; readonly readback: ReadbackMethod } | null> {
  return await readOnly(file, async () => {
    if (!isOnMount(file, mount, dependencies.route)) throw diverted(`open ${reading.name}`);
    if ((await file.facts()).sizeBytes !== reading.sizeBytes) return null;
    const hash = await hashOfFile(dependencies, file, { ...reading, side: 'destination' });
    return hash === null ? null : { hash, readback: file.isDirect ? 'direct' : 'cached' };
  });
}
