import type { DestinationMount } from '@sluice/core/model';
import { closeQuietly, errnoOf } from '@sluice/platform';
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
