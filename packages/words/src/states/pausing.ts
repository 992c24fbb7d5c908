import type { PausingFiles } from '@sluice/core';
import { duration } from '../figures/duration.ts';

/** Returns which writer pauses for longer than `stable_after`, what Sluice does about it, and what a person can do. */
export function pausingText({ source, count, times, stableAfterMs, restMs }: PausingFiles): string {
  const more = count < 2 ? '' : ` (and ${count - 1} more)`;
  return `${source} changed again ${times} times after it was copied${more}: stable_after (${duration(stableAfterMs)}) is too short for it. Raise it; until then, Sluice copies the file after ${duration(restMs)} without a change`;
}
