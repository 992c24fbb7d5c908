import { describeMount, type Mount, readMounts, type Staleness, stalenessOf } from '@sluice/platform';

/** What a source lies on, as far as mountinfo or its path says. */
export interface SourceMount extends Staleness {
  readonly description: string;
}

/** Reading mountinfo never touches a server. @param path links followed, as far as that is known */
export function mountOfSource(path: string, mounts: readonly Mount[] = readMounts()): SourceMount {
  return { ...stalenessOf(path, mounts), description: describeMount(path, mounts) };
}
