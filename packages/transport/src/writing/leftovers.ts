import type { DestinationMount } from '@sluice/core/model';
import { closeQuietly, errnoOf } from '@sluice/platform';
import {} from '../storage/storage.ts';
import { diverted, isOnMount, type LaneDependencies } from '../task/task.ts';

const partName = /^\..+\.[0-9a-f]{8}\.part$/su;

/** What Sluice calls its parts: `.<name>.<id8>.part`. Never a reason to remove, always a condition. */
export function isPartName(path: string): boolean {
  return partName.test(path.slice(path.lastIndexOf('/') + 1));
}

/**
 * Removes a part of an ended attempt; one that is not there is no error.
 *
 * @throws CallFailure where it could not be removed, or is nothing that Sluice made, or lies on another mount.
 */
export async function removePart(dependencies: LaneDependencies, path: string, mount: DestinationMount): Promise<void> {
  if (!isPartName(path)) throw new Error(`not the name of a part: ${JSON.stringify(path)}`);
  try {
    const file = await dependencies.destination.open(path, 'read');
    void closeQuietly(file);
    if (!isOnMount(file, mount, dependencies.route)) throw diverted(`remove ${path}`);
    await dependencies.destination.unlink(path);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
}

/**
 * The same before another attempt begins. A folder or a link that somebody else gave the name of the part stays: the part is gone, and
 * what has its name must not keep every later attempt from beginning.
 *
 * @throws CallFailure where a part could not be removed, or lies on another mount
 */
export async function removeEarlierPart(dependencies: LaneDependencies, path: string, mount: DestinationMount): Promise<void> {
  try {
    await removePart(dependencies, path, mount);
  } catch (error) {
    if (!notRegular.has(errnoOf(error))) throw error;
    if ((await dependencies.destination.stat(path))?.kind === 'file') throw error;
  }
}

/** How an open refuses a link, and anything else that is not a regular file. */
const notRegular = new Set(['ELOOP', 'EFTYPE', 'EISDIR', 'ENXIO']);
