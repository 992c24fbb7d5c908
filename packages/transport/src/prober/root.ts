import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import type { DestinationMount } from '@sluice/core/model';
import { cacheOfType, describeMount, errnoError, type MountedFolder, mountIdOfDescriptor, mountOf, readMounts } from '@sluice/platform';

/** The folder of a destination, and its mount. */
export interface Root extends MountedFolder {
  readonly destinationMount: DestinationMount;
  readonly description: string;
}

/**
 * Opens the destination's folder and finds its mount. The mount comes from the open folder, because the path may contain links, lie below
 * other mounts, or lead to a share that is mounted by this very call.
 *
 * @throws ENOTDIR if the path does not name a folder, or the errno of a failed call
 */
export async function findRoot(path: string): Promise<Root> {
  const folder = await open(path, constants.O_RDONLY | (constants.O_DIRECTORY ?? 0));
  try {
    if (!(await folder.stat()).isDirectory()) throw errnoError('ENOTDIR', `${path} is no folder`);
    const realPath = await realpath(path);
    const mounts = readMounts();
    const mountId = mountIdOfDescriptor(folder.fd);
    const mount = mounts.find((each) => each.mountId === mountId) ?? mountOf(realPath, mounts);
    const cache = cacheOfType(mount?.fsType ?? '');
    const destinationMount = { path, mountId: mount?.mountId ?? null, ...(cache === null ? {} : { cache }) };
    return { path, realPath, mount, destinationMount, description: describeMount(realPath, mounts) };
  } finally {
    await folder.close();
  }
}
