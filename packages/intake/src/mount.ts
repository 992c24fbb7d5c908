import { readFileSync } from 'node:fs';
import process from 'node:process';
import { describeMount, type Mount, parseMountinfo, type Staleness, stalenessOf } from '@sluice/platform';

/** What a source lies on, as far as mountinfo tells, or its path does. */
export interface SourceMount extends Staleness {
  readonly description: string;
}

/** Reading mountinfo never touches a server. @param path links followed, as far as that is known */
export function mountOfSource(path: string, mounts: readonly Mount[] = readMounts()): SourceMount {
  return { ...stalenessOf(path, mounts), description: describeMount(path, mounts) };
}

/** Elsewhere than on Linux `/proc` is a folder like any other, and on Windows one that anybody may make. */
function readMounts(): readonly Mount[] {
  if (process.platform !== 'linux') return [];
  try {
    return parseMountinfo(readFileSync('/proc/self/mountinfo', 'utf8'));
  } catch {
    return [];
  }
}
