import { type DestinationMount, markerName, type RouteSettings } from '@sluice/core/model';
import { closeQuietly, errnoOf } from '@sluice/platform';
import { markerBytesLimit, markerIn } from '../mounted/marker.ts';
import { finding } from '../storage/failure.ts';
import type { OpenFile } from '../storage/storage.ts';
import type { LaneDependencies } from './task.ts';

/** The mount that was probed and the one opened are the same, as far as the system says. */
export function isOnMount(file: OpenFile, mount: DestinationMount, route: RouteSettings): boolean {
  return route.guard === 'none' || mount.mountId === null || file.mountId === null || file.mountId === mount.mountId;
}

/**
 * Before anything is made: a share that is gone shows an empty local folder, and another disk in its place often has its
 * mount id and its device number too.
 *
 * @throws DIVERTED
 */
export async function assertRootOnMount(dependencies: LaneDependencies, mount: DestinationMount): Promise<void> {
  const root = await dependencies.destination.open('', 'folder');
  void closeQuietly(root);
  if (!isOnMount(root, mount, dependencies.route)) throw diverted('open the destination');
  const isGuarded = mount.marker !== undefined && dependencies.route.guard !== 'none';
  if (isGuarded && mount.marker !== (await readMarkerOf(dependencies))) throw diverted('read the marker of the destination');
}

/** @returns null where there is none */
async function readMarkerOf({ destination }: LaneDependencies): Promise<string | null> {
  try {
    const file = await destination.open(markerName, 'read');
    const bytes = new Uint8Array(markerBytesLimit);
    const count = await file.read(bytes, 0).finally(() => void closeQuietly(file));
    return markerIn(new TextDecoder().decode(bytes.subarray(0, count)));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Opens what we made, by its name. @throws LOST where it is not there any more, DIVERTED where it lies elsewhere. */
export async function openOwn(
  dependencies: LaneDependencies,
  mount: DestinationMount,
  name: string,
  how: 'read' | 'read_direct' | 'write',
): Promise<OpenFile> {
  try {
    const file = await dependencies.destination.open(name, how);
    if (isOnMount(file, mount, dependencies.route)) return file;
    void closeQuietly(file);
    throw diverted(`open ${name}`);
  } catch (error) {
    throw errnoOf(error) === 'ENOENT' ? lost(name) : error;
  }
}

export function diverted(operation: string): Error {
  return finding('destination', 'DIVERTED', operation, 'it is not the destination that was probed');
}

export function lost(name: string): Error {
  return finding('destination', 'LOST', `open ${name}`, 'what was written here is not there any more');
}
