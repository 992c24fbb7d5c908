import type { DestinationMount } from '@sluice/core/model';
import { closeQuietly, errnoOf } from '@sluice/platform';
import { diverted, isOnMount, type LaneDependencies } from '../task/task.ts';

const partName = /^\..+\.[0-9a-f]{8}\.part$/su;

/** Returns whether a path is named like a temporary file of Sluice: `.<name>.<id8>.part`. The name alone is not a reason to remove it. */
export function isPartName(path: string): boolean {
  return partName.test(path.slice(path.lastIndexOf('/') + 1));
}

/**
 * Removes the temporary file of an ended attempt. A missing file is not an error.
 *
 * @throws CallFailure if it cannot be removed, is not a regular file, or is on another mount; Error if the name is not that of a part
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
 * Removes the temporary file of an ended attempt before the next one begins. Leaves a folder or a link that another program gave this
 * name, because it must not block every later attempt.
 *
 * @throws CallFailure if a regular file cannot be removed, or is on another mount
 */
export async function removeEarlierPart(dependencies: LaneDependencies, path: string, mount: DestinationMount): Promise<void> {
  try {
    await removePart(dependencies, path, mount);
  } catch (error) {
    if (!notRegular.has(errnoOf(error))) throw error;
    if ((await dependencies.destination.stat(path))?.kind === 'file') throw error;
  }
}

/** Errors of opening a link, or anything else that is not a regular file. */
const notRegular = new Set(['ELOOP', 'EFTYPE', 'EISDIR', 'ENXIO']);
