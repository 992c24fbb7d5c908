import { describeMount, hasRealInodes, isOwnDisk, type Mount, mountOf, readMounts, type Staleness, stalenessOf } from '@sluice/platform';

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
  return {
    ...stalenessOf(path, mounts),
    description: describeMount(path, mounts),
    hasRealInodes: isReal,
    isOwnDisk: isOwnDisk(path, mounts),
  };
}
