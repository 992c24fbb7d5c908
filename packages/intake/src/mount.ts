import {
  describeMount,
  hasRealInodes,
  isUnder,
  type Mount,
  mayBeNetwork,
  mountOf,
  readMounts,
  type Staleness,
  stalenessOf,
} from '@sluice/platform';

/** What a source lies on, as far as mountinfo or its path says. */
export interface SourceMount extends Staleness {
  readonly description: string;
  /** Whether device and inode number tell which file it is. */
  readonly hasRealInodes: boolean;
  /** All calls are answered by disks of this machine: nothing else is known to be mounted at or below the path. */
  readonly isOwnDisk: boolean;
}

/** Reading mountinfo never touches a server. @param path links followed, as far as that is known */
export function mountOfSource(path: string, mounts: readonly Mount[] = readMounts()): SourceMount {
  const mount = mountOf(path, mounts);
  const isReal = mount !== null && hasRealInodes(mount.fsType);
  const isOwnDisk =
    mount !== null && !mayBeNetwork(mount.fsType) && !mounts.some(({ mountPoint }) => mountPoint !== path && isUnder(mountPoint, path));
  return { ...stalenessOf(path, mounts), description: describeMount(path, mounts), hasRealInodes: isReal, isOwnDisk };
}
