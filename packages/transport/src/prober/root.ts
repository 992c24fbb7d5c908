import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import type { DestinationMount } from '@sluice/core/model';
import { cacheOfType, describeMount, errnoError, type MountedFolder, mountIdOfDescriptor, mountOf, readMounts } from '@sluice/platform';

/** The destination's folder as it is now. */
export interface Root extends MountedFolder {
  readonly destinationMount: DestinationMount;
  readonly description: string;
}

/**
 * Opens the destination's folder and finds its mount. The open folder says which mount that is: its path may lead through
 * links, below other mounts, or to a mount that this very call mounts.
 *
 * @throws ENOTDIR where the path does not name a folder, and the errno of a call that failed
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
